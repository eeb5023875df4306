package dev.peerage.logging;

import static java.time.format.DateTimeFormatter.ISO_LOCAL_DATE;
import static java.time.temporal.ChronoField.HOUR_OF_DAY;
import static java.time.temporal.ChronoField.MINUTE_OF_HOUR;
import static java.time.temporal.ChronoField.NANO_OF_SECOND;
import static java.time.temporal.ChronoField.SECOND_OF_MINUTE;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.logging.LogRecord;

/**
 * Lines for people: {@code 2026-03-01T12:00:00.250+01:00 WARN Peer: the message}, in the time zone
 * of the process, and below it the stack trace of what was thrown.
 */
final class TextForm extends LogForm {
  // Made of numbers alone: a pattern would look for the words of a language.
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .append(ISO_LOCAL_DATE)
          .appendLiteral('T')
          .appendValue(HOUR_OF_DAY, 2)
          .appendLiteral(':')
          .appendValue(MINUTE_OF_HOUR, 2)
          .appendLiteral(':')
          .appendValue(SECOND_OF_MINUTE, 2)
          .appendFraction(NANO_OF_SECOND, 3, 3, true)
          .appendOffset("+HH:MM", "Z")
          .toFormatter(Locale.ROOT);

  @Override
  public String format(LogRecord line) {
    String logger = logger(line);
    String level = name(line.getLevel());
    var text = new StringBuilder(160);
    TIME.formatTo(line.getInstant().atZone(ZoneId.systemDefault()), text);
    text.append(' ').append(level).repeat(' ', 6 - level.length());
    text.append(logger, logger.lastIndexOf('.') + 1, logger.length()).append(": ");
    text.append(formatMessage(line)).append('\n');
    Throwable thrown = line.getThrown();
    return (thrown == null ? text : text.append(stackTrace(thrown))).toString();
  }
}
