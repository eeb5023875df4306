package dev.peerage.logging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogFormTest {
  private static final Instant TIME = Instant.parse("2026-03-01T11:00:00.0506Z");

  private static LogRecord line(Level level, String message) {
    var line = new LogRecord(level, message);
    line.setLoggerName("dev.peerage.bgp.speaker.Peer");
    line.setInstant(TIME);
    return line;
  }

  private static JsonNode json(LogRecord line) throws IOException {
    String text = new JsonForm().format(line);
    assertThat(text).endsWith("}\n").containsOnlyOnce("\n");
    return new ObjectMapper().readTree(text);
  }

  @Test
  void aLineForPeopleHasTimeLevelAndTheClassThatSaysIt() {
    String text = new TextForm().format(line(Level.WARNING, "the peer's {0} is 'gone'"));

    assertThat(text)
        .matches("2026-0[23]-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.050(Z|[+-]\\d\\d:\\d\\d) .*\n");
    assertThat(OffsetDateTime.parse(text.substring(0, text.indexOf(' '))).toInstant())
        .isEqualTo(Instant.parse("2026-03-01T11:00:00.050Z"));
    assertThat(text.substring(text.indexOf(' ')))
        .isEqualTo(" WARN  Peer: the peer's {0} is 'gone'\n");
  }

  @Test
  void whatWasThrownFollowsBelowTheLine() {
    LogRecord line = line(Level.SEVERE, "it ended");
    line.setThrown(new IllegalStateException("broken", new IOException("no disk")));

    List<String> lines = new TextForm().format(line).lines().toList();

    assertThat(lines.getFirst()).endsWith(" ERROR Peer: it ended");
    assertThat(lines.get(1)).isEqualTo("java.lang.IllegalStateException: broken");
    assertThat(lines.get(2)).startsWith("\tat ").contains("LogFormTest");
    assertThat(lines).contains("Caused by: java.io.IOException: no disk");
  }

  @Test
  void levelsHaveTheNamesOfSlf4j() {
    assertThat(
            List.of(Level.SEVERE, Level.WARNING, Level.INFO, Level.FINE, Level.FINEST).stream()
                .map(LogForm::name))
        .containsExactly("ERROR", "WARN", "INFO", "DEBUG", "TRACE");
  }

  @Test
  void aLineForCollectorsIsAnObjectOfTheElasticCommonSchema() throws IOException {
    JsonNode object = json(line(Level.INFO, "said \"so\",\nand\tmore \u0001"));

    assertThat(object.properties().stream().map(field -> field.getKey()))
        .containsExactly(
            "@timestamp",
            "ecs.version",
            "log.level",
            "message",
            "process.thread.name",
            "log.logger");
    assertThat(object.get("@timestamp").asText()).isEqualTo("2026-03-01T11:00:00.050Z");
    assertThat(object.get("ecs.version").asText()).isEqualTo("1.2.0");
    assertThat(object.get("log.level").asText()).isEqualTo("INFO");
    assertThat(object.get("message").asText()).isEqualTo("said \"so\",\nand\tmore \u0001");
    assertThat(object.get("process.thread.name").asText())
        .isEqualTo(Thread.currentThread().getName());
    assertThat(object.get("log.logger").asText()).isEqualTo("dev.peerage.bgp.speaker.Peer");
  }

  @Test
  void aCollectorGetsWhatWasThrownInFieldsOfItsOwn() throws IOException {
    LogRecord line = line(Level.SEVERE, "it ended");
    line.setThrown(new IllegalStateException("broken"));

    JsonNode object = json(line);

    assertThat(object.get("error.type").asText()).isEqualTo("java.lang.IllegalStateException");
    assertThat(object.get("error.message").asText()).isEqualTo("broken");
    assertThat(object.get("error.stack_trace").asText())
        .startsWith("java.lang.IllegalStateException: broken\n\tat ");
  }

  @Test
  void whatWasThrownMayHaveNoMessage() throws IOException {
    LogRecord line = line(Level.SEVERE, "it ended");
    line.setThrown(new IllegalStateException());

    assertThat(json(line).has("error.message")).isFalse();
  }
}
