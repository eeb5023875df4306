package dev.peerage.bgp.speaker;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 7606, the whole table, over TCP: what a bad UPDATE does to its routes and its session. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Rfc7606Test {
  private static final List<UpdateCase> CASES =
      UpdateCase.table(
          "treat-as-withdraw",
          "extended-communities",
          "attribute-discard",
          "legal",
          "session-reset");

  private final UpdateCaseChecks checks = new UpdateCaseChecks();

  @BeforeAll
  void sendEverything() throws IOException {
    checks.send(UpdateCaseChecks.lasting(CASES));
  }

  @AfterAll
  void close() {
    checks.close();
  }

  static Stream<Arguments> theSessionLasts() {
    return UpdateCaseChecks.perPeer(UpdateCaseChecks.lasting(CASES));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource
  void theSessionLasts(UpdateCase.From from, UpdateCase sent) {
    checks.lasts(from, sent);
  }

  static Stream<Arguments> theSessionEnds() {
    return UpdateCaseChecks.perPeer(UpdateCaseChecks.resets(CASES));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource
  void theSessionEnds(UpdateCase.From from, UpdateCase sent) throws IOException {
    checks.ends(from, sent);
  }
}
