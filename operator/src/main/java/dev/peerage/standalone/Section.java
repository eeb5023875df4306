package dev.peerage.standalone;

import dev.peerage.lint.Spelling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A YAML mapping with known keys. Reading a value that is wrong reports it and returns the
 * fallback, so that one pass finds all problems. A key without a value counts as left out.
 */
final class Section {
  private final Report report;
  private final Node node;
  private final String path;
  private final Map<String, Node> values = new LinkedHashMap<>();

  /**
   * Takes the keys, and reports those that are unknown or there twice.
   *
   * @param path where the mapping is, for example {@code instances[0]}; empty for the whole file
   */
  Section(Report report, Node node, String path, Set<String> known) {
    this.report = report;
    this.node = node;
    this.path = path;
    if (!(node instanceof MappingNode mapping)) {
      report.add(
          node,
          path,
          "expected keys with values, found " + kind(node),
          "the keys here are " + String.join(", ", known.stream().sorted().toList()));
      return;
    }
    for (NodeTuple entry : mapping.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        report.add(entry.getKeyNode(), path, "a key that is not plain text", "use text as key");
        continue;
      }
      String name = key.getValue();
      if (!known.contains(name)) {
        report.add(key, at(name), "there is no such key", Spelling.remedy(name, known));
      } else if (values.putIfAbsent(name, entry.getValueNode()) != null) {
        report.add(key, at(name), "the key is there twice", "remove one of the two");
      }
    }
    values.values().removeIf(value -> value.getTag().equals(Tag.NULL));
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  /** Reports a problem of a key's value, or of the whole mapping when the key is not there. */
  void problem(String key, String what, String remedy) {
    report.add(values.getOrDefault(key, node), at(key), what, remedy);
  }

  /** The text of a scalar, whatever YAML takes it for; reports when it is missing or empty. */
  String required(String key, String example) {
    if (!has(key)) {
      problem(key, "is missing", "add it, for example " + key + ": " + example);
      return "";
    }
    String text = text(key, "");
    if (text.isBlank() && values.get(key) instanceof ScalarNode) {
      problem(key, "is empty", "write for example " + key + ": " + example);
    }
    return text;
  }

  /** The text of a scalar, whatever YAML takes it for. */
  String text(String key, String fallback) {
    @Nullable Node value = values.get(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    problem(key, "expected one value, found " + kind(value), "write " + key + ": VALUE");
    return fallback;
  }

  long number(String key, long least, long most, long fallback) {
    if (!has(key)) {
      return fallback;
    }
    String text = text(key, "");
    if (!(values.get(key) instanceof ScalarNode)) {
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
    if (!has(key) || !(values.get(key) instanceof ScalarNode)) {
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
    if (!(values.get(key) instanceof ScalarNode scalar)) {
      String _ = text(key, "");
      return Optional.empty();
    }
    try {
      return Optional.of(parser.apply(scalar.getValue()));
    } catch (IllegalArgumentException e) {
      problem(key, e.getMessage() == null ? "is wrong" : e.getMessage(), remedy);
      return Optional.empty();
    }
  }

  /** Scalars in a syntax of their own; those that are wrong are reported and left out. */
  <T> List<T> values(String key, Function<String, T> parser, String remedy) {
    List<T> read = new ArrayList<>();
    List<Node> items = items(key);
    for (int i = 0; i < items.size(); i++) {
      String where = at(key) + "[" + i + "]";
      if (items.get(i) instanceof ScalarNode scalar) {
        try {
          read.add(parser.apply(scalar.getValue()));
        } catch (IllegalArgumentException e) {
          report.add(scalar, where, e.getMessage() == null ? "is wrong" : e.getMessage(), remedy);
        }
      } else {
        report.add(items.get(i), where, "expected one value, found " + kind(items.get(i)), remedy);
      }
    }
    return read;
  }

  /** A mapping below this one; without keys when it is left out. */
  Section section(String key, Set<String> known) {
    @Nullable Node value = values.get(key);
    return new Section(report, value == null ? empty() : value, at(key), known);
  }

  /** A list of mappings; empty when it is left out. */
  List<Section> sections(String key, Set<String> known) {
    List<Section> sections = new ArrayList<>();
    for (Node item : items(key)) {
      sections.add(new Section(report, item, at(key) + "[" + sections.size() + "]", known));
    }
    return sections;
  }

  private List<Node> items(String key) {
    @Nullable Node value = values.get(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    problem(key, "expected a list, found " + kind(value), "write each item as '- …'");
    return List.of();
  }

  private MappingNode empty() {
    return new MappingNode(Tag.MAP, List.of(), org.snakeyaml.engine.v2.common.FlowStyle.FLOW);
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static String kind(Node node) {
    return switch (node) {
      case MappingNode _ -> "keys with values";
      case SequenceNode _ -> "a list";
      case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> "nothing";
      case ScalarNode scalar -> "'" + scalar.getValue() + "'";
      default -> "something else";
    };
  }
}
