package dev.peerage.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoDurationTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0s",
    "1, 1s",
    "59, 59s",
    "60, 1m0s",
    "659, 10m59s",
    "3600, 1h0m0s",
    "4273, 1h11m13s",
    "48211, 13h23m31s",
    "360000, 100h0m0s"
  })
  void formatsSecondsAsGoDoes(long seconds, String text) {
    assertThat(GoDuration.ofSeconds(seconds)).isEqualTo(text);
  }
}
