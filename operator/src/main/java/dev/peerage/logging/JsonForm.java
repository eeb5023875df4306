package dev.peerage.logging;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.logging.LogRecord;

/** Lines for collectors: an object of the Elastic Common Schema 1.2 each, on one line. */
final class JsonForm extends LogForm {
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  private final JsonFactory json = new JsonFactory();

  @Override
  public String format(LogRecord line) {
    var text = new StringWriter(256);
    try (JsonGenerator object = json.createGenerator(text)) {
      object.writeStartObject();
      object.writeStringField("@timestamp", TIME.format(line.getInstant()));
      object.writeStringField("ecs.version", "1.2.0");
      object.writeStringField("log.level", name(line.getLevel()));
      object.writeStringField("message", formatMessage(line));
      // A line is written by the thread that logs it.
      object.writeStringField("process.thread.name", Thread.currentThread().getName());
      object.writeStringField("log.logger", logger(line));
      if (line.getThrown() instanceof Throwable thrown) {
        object.writeStringField("error.type", thrown.getClass().getName());
        if (thrown.getMessage() instanceof String message) {
          object.writeStringField("error.message", message);
        }
        object.writeStringField("error.stack_trace", stackTrace(thrown));
      }
      object.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string was written to", e);
    }
    return text.append('\n').toString();
  }
}
