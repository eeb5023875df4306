package dev.peerage.bgp.speaker;

/** RFC 7606, the whole table, over TCP: what a bad UPDATE does to its routes and its session. */
final class Rfc7606Test extends UpdateCaseTests {
  Rfc7606Test() {
    super(
        "treat-as-withdraw",
        "prefix-ignored",
        "extended-communities",
        "attribute-discard",
        "legal",
        "session-reset");
  }
}
