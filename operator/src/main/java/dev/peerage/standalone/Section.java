package dev.peerage.standalone;

import dev.peerage.yaml.Spelling;
import dev.peerage.yaml.YamlValue;
import dev.peerage.yaml.YamlValue.Mapping;
import dev.peerage.yaml.YamlValue.Scalar;
import dev.peerage.yaml.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A YAML mapping with known keys. Reading a value that is wrong reports it and returns the
 * fallback, so that one pass finds all problems. A key without a value counts as left out.
 */
final class Section {
  private final Report report;
  private final YamlValue value;
  private final String path;
  private final Map<String, YamlValue> values = new LinkedHashMap<>();

  /**
   * Takes the keys, and reports those that are unknown.
   *
   * @param path where the mapping is, for example {@code instances[0]}; empty for the whole file
   */
  Section(Report report, YamlValue value, String path, Set<String> known) {
    this.report = report;
    this.value = value;
    this.path = path;
    if (!(value instanceof Mapping mapping)) {
      report.add(
          value.line(),
          path,
          "expected keys with values, found " + kind(value),
          "the keys here are " + String.join(", ", known.stream().sorted().toList()));
      return;
    }
    mapping
        .fields()
        .forEach((name, field) -> {
          if (!known.contains(name)) {
            report.add(
                field.line(), at(name), "there is no such key", Spelling.remedy(name, known));
          } else if (!field.value().isNull()) {
            values.put(name, field.value());
          }
        });
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  /** Reports a problem of a key's value, or of the whole mapping when the key is not there. */
  void problem(String key, String what, String remedy) {
    report.add(values.getOrDefault(key, value).line(), at(key), what, remedy);
  }

  /** The text of a scalar, whatever YAML takes it for; reports when it is missing or empty. */
  String required(String key, String example) {
    if (!has(key)) {
      problem(key, "is missing", "add it, for example " + key + ": " + example);
      return "";
    }
    String text = text(key, "");
    if (text.isBlank() && values.get(key) instanceof Scalar) {
      problem(key, "is empty", "write for example " + key + ": " + example);
    }
    return text;
  }

  /** The text of a scalar, whatever YAML takes it for. */
  String text(String key, String fallback) {
    @Nullable YamlValue value = values.get(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Scalar scalar) {
      return scalar.text();
    }
    problem(key, "expected one value, found " + kind(value), "write " + key + ": VALUE");
    return fallback;
  }

  long number(String key, long least, long most, long fallback) {
    if (!has(key)) {
      return fallback;
    }
    String text = text(key, "");
    if (!(values.get(key) instanceof Scalar)) {
      return fallback;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    problem(
        key,
        "'" + text + "' is not a number from " + least + " to " + most,
        "write a number in this range" + (fallback < least ? "" : "; the default is " + fallback));
    return fallback;
  }

  boolean flag(String key, boolean fallback) {
    return choice(key, Map.of("true", true, "false", false), fallback);
  }

  <T> T choice(String key, Map<String, T> choices, T fallback) {
    String text = text(key, "");
    if (!has(key) || !(values.get(key) instanceof Scalar)) {
      return fallback;
    }
    @Nullable T chosen = choices.get(text);
    if (chosen == null) {
      problem(
          key,
          "'" + text + "' is not known here",
          "write one of " + String.join(", ", choices.keySet().stream().sorted().toList()));
      return fallback;
    }
    return chosen;
  }

  /**
   * A scalar in a syntax of its own.
   *
   * @param parser throws {@link IllegalArgumentException} with the reason
   */
  <T> Optional<T> value(String key, Function<String, T> parser, String remedy) {
    if (!(values.get(key) instanceof Scalar scalar)) {
      String _ = text(key, "");
      return Optional.empty();
    }
    try {
      return Optional.of(parser.apply(scalar.text()));
    } catch (IllegalArgumentException e) {
      problem(key, e.getMessage() == null ? "is wrong" : e.getMessage(), remedy);
      return Optional.empty();
    }
  }

  /** Scalars in a syntax of their own; those that are wrong are reported and left out. */
  <T> List<T> values(String key, Function<String, T> parser, String remedy) {
    List<T> read = new ArrayList<>();
    List<YamlValue> items = items(key);
    for (int i = 0; i < items.size(); i++) {
      String where = at(key) + "[" + i + "]";
      if (items.get(i) instanceof Scalar scalar) {
        try {
          read.add(parser.apply(scalar.text()));
        } catch (IllegalArgumentException e) {
          report.add(
              scalar.line(), where, e.getMessage() == null ? "is wrong" : e.getMessage(), remedy);
        }
      } else {
        report.add(
            items.get(i).line(), where, "expected one value, found " + kind(items.get(i)), remedy);
      }
    }
    return read;
  }

  /** A mapping below this one; without keys when it is left out. */
  Section section(String key, Set<String> known) {
    @Nullable YamlValue value = values.get(key);
    return new Section(report, value == null ? Mapping.empty(line()) : value, at(key), known);
  }

  /** A list of mappings; empty when it is left out. */
  List<Section> sections(String key, Set<String> known) {
    List<Section> sections = new ArrayList<>();
    for (YamlValue item : items(key)) {
      sections.add(new Section(report, item, at(key) + "[" + sections.size() + "]", known));
    }
    return sections;
  }

  private int line() {
    return value.line();
  }

  private List<YamlValue> items(String key) {
    @Nullable YamlValue value = values.get(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof Sequence sequence) {
      return sequence.items();
    }
    problem(key, "expected a list, found " + kind(value), "write each item as '- …'");
    return List.of();
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static String kind(YamlValue value) {
    return switch (value) {
      case Mapping _ -> "keys with values";
      case Sequence _ -> "a list";
      case Scalar scalar when scalar.isNull() -> "nothing";
      case Scalar scalar -> "'" + scalar.text() + "'";
    };
  }
}
