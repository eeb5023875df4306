package dev.peerage.logging;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;

/**
 * How the log is to look.
 *
 * @param level from which level on this program's own loggers write
 * @param form the form of a line
 * @param problems what the environment asks for and cannot have
 */
record LogSettings(Level level, LogForm form, List<String> problems) {
  LogSettings {
    problems = List.copyOf(problems);
  }

  /**
   * What the environment asks for.
   *
   * @param usual the level where the environment names none; else info
   */
  static LogSettings of(Map<String, String> environment, Optional<String> usual) {
    List<String> problems = new ArrayList<>();
    Level otherwise = usual.flatMap(LogSettings::level).orElse(Level.INFO);
    Level level =
        asked(environment, Logging.LEVEL)
            .map(name ->
                level(name)
                    .orElseGet(() -> {
                      problems.add(
                          problem(Logging.LEVEL, name, "error, warn, info, debug, trace or off"));
                      return otherwise;
                    }))
            .orElse(otherwise);
    LogForm form =
        asked(environment, Logging.FORM)
            .map(name ->
                form(name)
                    .orElseGet(() -> {
                      problems.add(problem(Logging.FORM, name, "text or json"));
                      return new TextForm();
                    }))
            .orElseGet(TextForm::new);
    return new LogSettings(level, form, problems);
  }

  private static Optional<String> asked(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty());
  }

  private static String problem(String variable, String value, String allowed) {
    return "%s is '%s' and not %s; it counts as not set".formatted(variable, value, allowed);
  }

  private static Optional<Level> level(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "off" -> Optional.of(Level.OFF);
      case "error" -> Optional.of(Level.SEVERE);
      case "warn" -> Optional.of(Level.WARNING);
      case "info" -> Optional.of(Level.INFO);
      case "debug" -> Optional.of(Level.FINE);
      case "trace", "all" -> Optional.of(Level.ALL);
      case String _ -> Optional.empty();
    };
  }

  private static Optional<LogForm> form(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "text" -> Optional.of(new TextForm());
      case "json" -> Optional.of(new JsonForm());
      case String _ -> Optional.empty();
    };
  }
}
