package dev.peerage.logging;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** The form of a line of the log. */
abstract sealed class LogForm extends Formatter permits TextForm, JsonForm {
  /** SLF4J's name of a level. */
  static String name(Level level) {
    int value = level.intValue();
    if (value >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    if (value >= Level.WARNING.intValue()) {
      return "WARN";
    }
    if (value >= Level.INFO.intValue()) {
      return "INFO";
    }
    return value >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
  }

  /** The name of who logs, in the JDK's own libraries sometimes none. */
  static String logger(LogRecord line) {
    String name = line.getLoggerName();
    return name == null ? "" : name;
  }

  static String stackTrace(Throwable thrown) {
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
