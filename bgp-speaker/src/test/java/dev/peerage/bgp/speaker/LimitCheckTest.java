package dev.peerage.bgp.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.rib.ReceivedRoutes;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitCheckTest {
  private static final long MIB = 1 << 20;

  @ParameterizedTest
  @CsvSource({
    // prefixes, MiB, limit of prefixes, limit in MiB, what follows
    "1000000, 500, 0, 0, Within",
    "800, 1, 1000, 0, Within",
    "801, 1, 1000, 0, Warned",
    "1000, 1, 1000, 0, Warned",
    "1001, 1, 1000, 0, Exceeded",
    "1, 80, 0, 100, Within",
    "1, 81, 0, 100, Warned",
    "1, 100, 0, 100, Warned",
    "1, 101, 0, 100, Exceeded",
    "2000000000, 1, 2147483647, 0, Warned",
  })
  void warnsAtEightyPercentAndEndsAboveAHundred(
      int prefixes, long mebibytes, int limit, long limitMebibytes, String expected) {
    LimitCheck check =
        LimitCheck.of(
            new ReceivedRoutes(prefixes, mebibytes * MIB, 0, false), limit, limitMebibytes * MIB);

    assertThat(check.getClass().getSimpleName()).isEqualTo(expected);
  }

  @Test
  void prefixesThatWereNotKeptCountToo() {
    assertThat(LimitCheck.of(new ReceivedRoutes(900, 0, 101, false), 1000, 0))
        .isEqualTo(new LimitCheck.Exceeded("the peer sent more than 1000 prefixes, its limit"));
  }

  @Test
  void whatIsNotKeptIsWorthAWarning() {
    assertThat(LimitCheck.of(new ReceivedRoutes(1, 0, 1, false), 0, 0))
        .isInstanceOf(LimitCheck.Warned.class);
    assertThat(LimitCheck.of(new ReceivedRoutes(1, 0, 0, true), 0, 0))
        .isInstanceOf(LimitCheck.Warned.class);
  }

  @Test
  void pausesGrowUntilASessionLasts() {
    Pauses pauses = new Pauses(Duration.ofMinutes(1));
    Duration brief = Duration.ofSeconds(1);
    assertThat(pauses.next(brief)).isEqualTo(Duration.ofMinutes(1));
    assertThat(pauses.next(brief)).isEqualTo(Duration.ofMinutes(2));
    assertThat(pauses.next(brief)).isEqualTo(Duration.ofMinutes(4));
    for (int i = 0; i < 10; i++) {
      pauses.next(brief);
    }
    assertThat(pauses.next(brief)).isEqualTo(Duration.ofHours(1));
    assertThat(pauses.next(Pauses.FORGIVEN)).isEqualTo(Duration.ofMinutes(1));
  }
}
