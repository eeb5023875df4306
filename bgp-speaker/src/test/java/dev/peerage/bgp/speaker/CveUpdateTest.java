package dev.peerage.bgp.speaker;

/** UPDATEs that broke other speakers, over TCP. */
final class CveUpdateTest extends UpdateCaseTests {
  CveUpdateTest() {
    super("cve");
  }
}
