package dev.peerage.bgp.speaker;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/** What the speaker logs at INFO and above while this is open; it goes nowhere else. */
final class LoggedLines implements AutoCloseable {
  private static final String LOGGERS = "dev.peerage.bgp";

  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final LoggerContext context = (LoggerContext) LogManager.getContext(false);

  LoggedLines() {
    AbstractAppender appender =
        new AbstractAppender("lines", null, null, false, Property.EMPTY_ARRAY) {
          @Override
          public void append(LogEvent event) {
            lines.add(event.getMessage().getFormattedMessage());
          }
        };
    appender.start();
    LoggerConfig config = new LoggerConfig(LOGGERS, Level.INFO, false);
    config.addAppender(appender, Level.INFO, null);
    context.getConfiguration().addLogger(LOGGERS, config);
    context.updateLoggers();
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  List<String> with(String part) {
    return lines.stream().filter(line -> line.contains(part)).toList();
  }

  @Override
  public void close() {
    context.getConfiguration().removeLogger(LOGGERS);
    context.updateLoggers();
  }
}
