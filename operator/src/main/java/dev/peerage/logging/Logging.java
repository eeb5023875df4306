package dev.peerage.logging;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

/**
 * The JDK's logging as this program uses it, which SLF4J's loggers write to: lines on standard
 * error, in the form and from the level on that the environment asks for. The JDK makes it when the
 * property {@link #PROPERTY} names it before the first logger is made.
 */
public final class Logging extends LogManager {
  /** The system property that names a log manager. */
  public static final String PROPERTY = "java.util.logging.manager";

  /** The name of this class, for whoever may not load it yet: loading it sets logging up. */
  public static final String NAME = "dev.peerage.logging.Logging";

  /** The environment variable with the level from which on this program's own loggers write. */
  public static final String LEVEL = "PEERAGE_LOG_LEVEL";

  /** The environment variable with the form of the lines: text or json. */
  public static final String FORM = "PEERAGE_LOG_FORMAT";

  /** The system property with the level of a command that asks for another one than info. */
  private static final String USUAL_LEVEL = "peerage.log.level";

  private static final String OTHERS =
      """
      .level=WARNING
      # Complains about watches that end, which informers repair.
      io.fabric8.kubernetes.client.jdkhttp.level=SEVERE
      # Tells of each attempt to list and watch that fails, with a stack trace. ApiServerAway,
      # RefusedWatches, agent/Watch, Readiness and Term tell of it in a line.
      io.fabric8.kubernetes.client.informers.impl.cache.Reflector.level=OFF
      # Warns of each failed attempt with a stack trace; the reconcilers say it in a sentence.
      io.javaoperatorsdk.level=SEVERE
      """;

  private final LogSettings settings =
      LogSettings.of(System.getenv(), Optional.ofNullable(System.getProperty(USUAL_LEVEL)));

  /** For the JDK. */
  public Logging() {}

  /** {@inheritDoc} There is no file: all is decided here and in the environment. */
  @Override
  public void readConfiguration() throws IOException {
    String all = OTHERS + "dev.peerage.level=" + settings.level().getName() + "\n";
    readConfiguration(new ByteArrayInputStream(all.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /** The first logger is the root of all; it gets the one handler before anything is logged. */
  @Override
  public boolean addLogger(Logger logger) {
    boolean added = super.addLogger(logger);
    if (added && logger.getName().isEmpty()) {
      var handler = new StandardError(settings.form());
      logger.addHandler(handler);
      settings.problems().forEach(problem -> handler.publish(problem(problem)));
    }
    return added;
  }

  /** Keeps the handler: the JDK takes it away when the JVM ends, while the program still logs. */
  @Override
  public void reset() {}

  private static LogRecord problem(String text) {
    var line = new LogRecord(Level.WARNING, text);
    line.setLoggerName(NAME);
    return line;
  }

  private static final class StandardError extends StreamHandler {
    StandardError(LogForm form) {
      super(System.err, form);
      setLevel(Level.ALL);
    }

    @Override
    public void publish(LogRecord line) {
      super.publish(line);
      flush();
    }
  }
}
