package dev.peerage.bgp.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.speaker.UpdateCase.From;
import dev.peerage.bgp.speaker.UpdateCase.Outcome;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RFC 7606 section 6 over a real session: what is logged, how often, and what is counted. */
class UpdateErrorsTest {
  private static final List<UpdateCase> CASES = UpdateCase.table("treat-as-withdraw");

  @Test
  void logsEachKindOnceWithRoutesAndMessageAndCountsAll() throws IOException {
    UpdateCase optional = withId("W01");
    UpdateCase undefined = withId("W48");
    try (LoggedLines log = new LoggedLines();
        UpdateCaseSession session = new UpdateCaseSession(From.EBGP)) {
      session.send(List.of(optional, undefined, optional, undefined, optional));

      List<String> lines = log.with("UPDATE with an error");
      assertThat(lines).hasSize(2);
      assertThat(lines.getFirst())
          .contains("as65001/to-10.0.0.3 10.0.0.3")
          .contains("its routes count as withdrawn: ORIGIN with flags")
          .contains(optional.ipv4().toString())
          .contains(HexFormat.of().formatHex(optional.message(From.EBGP)));
      assertThat(lines.getLast()).contains("ORIGIN 3, not 0 to 2");
      assertThat(session.count("treat_as_withdraw")).isEqualTo(5);
    }
  }

  @Test
  void logsTheMessageThatEndsTheSessionOnce() throws IOException {
    UpdateCase reset =
        UpdateCase.table("session-reset").stream()
            .filter(each -> each.outcome().equals(new Outcome.Reset(3, 10)))
            .findFirst()
            .orElseThrow();
    UpdateCase found = UpdateCase.table("session-reset").getLast();
    try (LoggedLines log = new LoggedLines();
        UpdateCaseSession session = new UpdateCaseSession(From.IBGP)) {
      for (int i = 0; i < 3; i++) {
        session.reset(reset);
        session.reset(found);
      }

      assertThat(log.with("UPDATE with an error, the session ends"))
          .hasSize(2)
          .anyMatch(line -> line.contains(HexFormat.of().formatHex(reset.message(From.IBGP))));
      assertThat(session.count("session_reset")).isEqualTo(6);
    }
  }

  private static UpdateCase withId(String id) {
    return CASES.stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
  }
}
