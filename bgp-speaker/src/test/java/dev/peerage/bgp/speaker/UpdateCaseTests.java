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

/** Sends every UPDATE of some tables over TCP and looks at what becomes of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class UpdateCaseTests {
  private final List<UpdateCase> cases;
  private final UpdateCaseChecks checks = new UpdateCaseChecks();

  /** The cases of these tables. */
  UpdateCaseTests(String... tables) {
    cases = UpdateCase.table(tables);
  }

  @BeforeAll
  void sendEverything() throws IOException {
    checks.send(UpdateCaseChecks.lasting(cases));
  }

  @AfterAll
  void close() {
    checks.close();
  }

  Stream<Arguments> theSessionLasts() {
    return UpdateCaseChecks.perPeer(UpdateCaseChecks.lasting(cases));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource
  void theSessionLasts(UpdateCase.From from, UpdateCase sent) {
    checks.lasts(from, sent);
  }

  Stream<Arguments> theSessionEnds() {
    return UpdateCaseChecks.perPeer(UpdateCaseChecks.resets(cases));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource
  void theSessionEnds(UpdateCase.From from, UpdateCase sent) throws IOException {
    checks.ends(from, sent);
  }
}
