package dev.peerage.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogSettingsTest {
  @Test
  void withoutAWishLinesAreForPeopleAndBeginAtInfo() {
    LogSettings settings = LogSettings.of(Map.of("PEERAGE_LOG_LEVEL", ""), Optional.empty());

    assertThat(settings.level()).isEqualTo(Level.INFO);
    assertThat(settings.form()).isInstanceOf(TextForm.class);
    assertThat(settings.problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "off, OFF",
    "error, SEVERE",
    "warn, WARNING",
    "INFO, INFO",
    "debug, FINE",
    "trace, ALL",
  })
  void theEnvironmentNamesTheLevel(String name, String level) {
    LogSettings settings = LogSettings.of(Map.of("PEERAGE_LOG_LEVEL", name), Optional.of("error"));

    assertThat(settings.level()).isEqualTo(Level.parse(level));
  }

  @Test
  void aCommandMayBeQuieterWhereTheEnvironmentSaysNothing() {
    assertThat(LogSettings.of(Map.of(), Optional.of("error")).level()).isEqualTo(Level.SEVERE);
  }

  @Test
  void collectorsGetJson() {
    LogSettings settings = LogSettings.of(Map.of("PEERAGE_LOG_FORMAT", "json"), Optional.empty());

    assertThat(settings.form()).isInstanceOf(JsonForm.class);
  }

  @Test
  void whatIsNeitherLevelNorFormIsNamed() {
    LogSettings settings =
        LogSettings.of(
            Map.of("PEERAGE_LOG_LEVEL", "loud", "PEERAGE_LOG_FORMAT", "xml"), Optional.empty());

    assertThat(settings.level()).isEqualTo(Level.INFO);
    assertThat(settings.form()).isInstanceOf(TextForm.class);
    assertThat(settings.problems())
        .containsExactly(
            "PEERAGE_LOG_LEVEL is 'loud' and not error, warn, info, debug, trace or off; it counts"
                + " as not set",
            "PEERAGE_LOG_FORMAT is 'xml' and not text or json; it counts as not set");
  }
}
