package dev.peerage.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * One YAML document, with the line of every field.
 *
 * @param file the file's name
 * @param content the document
 * @param lines from field path, for example {@code spec.families[0].afi}, to line, counted from 1
 */
public record YamlDocument(String file, ObjectNode content, Map<String, Integer> lines) {
  // Kubernetes reads YAML 1.1, where these words are booleans unless quoted.
  private static final Set<String> TRUE = Set.of("yes", "Yes", "YES", "on", "On", "ON");
  private static final Set<String> FALSE = Set.of("no", "No", "NO", "off", "Off", "OFF");

  /** The line of a field, or of the nearest field around it that is there. */
  int line(String path) {
    String around = path;
    while (!lines.containsKey(around) && !around.isEmpty()) {
      int cut = Math.max(around.lastIndexOf('.'), around.lastIndexOf('['));
      around = cut < 0 ? "" : around.substring(0, cut);
    }
    return lines.getOrDefault(around, 1);
  }

  /**
   * Reads a file's documents; empty ones are left out.
   *
   * @param problems gets what is wrong with the YAML; the documents before the fault are returned
   */
  static List<YamlDocument> read(String file, String text, List<FileProblem> problems) {
    LoadSettings settings =
        LoadSettings.builder().setLabel(file).setSchema(new CoreSchema()).build();
    List<YamlDocument> documents = new ArrayList<>();
    try {
      for (Node root : new Compose(settings).composeAllFromString(text)) {
        Reader reader = new Reader(file, problems);
        JsonNode content = reader.read(root, "");
        if (content instanceof ObjectNode object) {
          documents.add(new YamlDocument(file, object, reader.lines));
        } else if (!content.isNull()) {
          problems.add(
              new FileProblem(
                  file,
                  line(root),
                  "",
                  "a Kubernetes object is a mapping, this is " + kind(content),
                  "start the document with apiVersion:, kind: and metadata:"));
        }
      }
    } catch (MarkedYamlEngineException e) {
      problems.add(
          new FileProblem(
              file,
              e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0),
              "",
              "not YAML: "
                  + e.getProblem()
                  + e.getProblemMark()
                      .map(mark -> " (column " + (mark.getColumn() + 1) + ")")
                      .orElse(""),
              "look at this line and the one above: indentation, a missing ':' or an open quote;"
                  + " tabs do not indent"));
    } catch (YamlEngineException e) {
      problems.add(
          new FileProblem(file, 0, "", "not YAML: " + e.getMessage(), "correct the syntax"));
    }
    return documents;
  }

  /** What a value is, in words. */
  static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT, POJO -> "a mapping";
      case ARRAY -> "a list";
      case STRING, BINARY -> "text";
      case NUMBER -> "a number";
      case BOOLEAN -> "a boolean";
      case NULL, MISSING -> "nothing";
    };
  }

  private static int line(Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
  }

  private static final class Reader {
    private final String file;
    private final List<FileProblem> problems;
    private final Map<String, Integer> lines = new HashMap<>();
    private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());

    Reader(String file, List<FileProblem> problems) {
      this.file = file;
      this.problems = problems;
    }

    JsonNode read(Node node, String path) {
      lines.putIfAbsent(path, line(node));
      if (!open.add(node)) {
        problem(node, path, "an alias that contains itself", "write the value out");
        return JsonNodeFactory.instance.nullNode();
      }
      try {
        return switch (node) {
          case MappingNode mapping -> mapping(mapping, path);
          case SequenceNode sequence -> {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            for (Node item : sequence.getValue()) {
              array.add(read(item, path + "[" + array.size() + "]"));
            }
            yield array;
          }
          case ScalarNode scalar -> scalar(scalar);
          default -> throw new IllegalStateException("unknown YAML node " + node);
        };
      } finally {
        open.remove(node);
      }
    }

    private ObjectNode mapping(MappingNode mapping, String path) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      for (NodeTuple entry : mapping.getValue()) {
        if (!(entry.getKeyNode() instanceof ScalarNode key)) {
          problem(entry.getKeyNode(), path, "a key that is not plain text", "use text as key");
          continue;
        }
        String name = key.getValue();
        String field = path.isEmpty() ? name : path + "." + name;
        if (object.has(name)) {
          problem(key, field, "the key is there twice", "remove one of the two");
          continue;
        }
        lines.put(field, line(key));
        object.set(name, read(entry.getValueNode(), field));
      }
      return object;
    }

    private static JsonNode scalar(ScalarNode scalar) {
      JsonNodeFactory json = JsonNodeFactory.instance;
      String text = scalar.getValue();
      Tag tag = scalar.getTag();
      if (tag.equals(Tag.NULL)) {
        return json.nullNode();
      }
      if (tag.equals(Tag.BOOL)) {
        return json.booleanNode(Boolean.parseBoolean(text));
      }
      if (scalar.getScalarStyle() == ScalarStyle.PLAIN) {
        if (TRUE.contains(text) || FALSE.contains(text)) {
          return json.booleanNode(TRUE.contains(text));
        }
        try {
          if (tag.equals(Tag.INT)) {
            BigInteger value = integer(text);
            // As Jackson reads JSON: the smallest type that holds the number.
            if (value.bitLength() < 32) {
              return json.numberNode(value.intValueExact());
            }
            return value.bitLength() < 64
                ? json.numberNode(value.longValueExact())
                : json.numberNode(value);
          }
          if (tag.equals(Tag.FLOAT)) {
            return json.numberNode(new BigDecimal(text));
          }
        } catch (NumberFormatException e) {
          return json.textNode(text);
        }
      }
      return json.textNode(text);
    }

    private static BigInteger integer(String text) {
      if (text.startsWith("0x")) {
        return new BigInteger(text.substring(2), 16);
      }
      return text.startsWith("0o") ? new BigInteger(text.substring(2), 8) : new BigInteger(text);
    }

    private void problem(Node node, String path, String what, String remedy) {
      problems.add(new FileProblem(file, line(node), path, what, remedy));
    }
  }
}
