package dev.peerage.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.peerage.yaml.YamlValue;
import dev.peerage.yaml.YamlValue.Mapping;
import dev.peerage.yaml.YamlValue.Scalar;
import dev.peerage.yaml.YamlValue.Sequence;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A Kubernetes object as it stands in a file.
 *
 * @param content the object as JSON, as Kubernetes reads YAML
 * @param source the same with the lines of all fields
 */
public record YamlDocument(String file, ObjectNode content, Mapping source) {
  // Kubernetes reads YAML 1.1, where these words are booleans unless quoted.
  private static final Set<String> TRUE = Set.of("yes", "Yes", "YES", "on", "On", "ON");
  private static final Set<String> FALSE = Set.of("no", "No", "NO", "off", "Off", "OFF");

  /** An object that stands in no file. */
  static YamlDocument none() {
    return new YamlDocument("", JsonNodeFactory.instance.objectNode(), Mapping.empty(0));
  }

  private static YamlDocument of(String file, Mapping source) {
    return new YamlDocument(file, object(source), source);
  }

  /** The line of a field, or of the nearest field around it that is there. */
  int line(String path) {
    return source.lineOf(path);
  }

  /** Reads a document of a file; empty when it is no mapping. */
  static Optional<YamlDocument> of(String file, YamlValue root) {
    return root instanceof Mapping mapping ? Optional.of(of(file, mapping)) : Optional.empty();
  }

  /** What a document is that is no mapping. */
  static String kind(YamlValue root) {
    return kind(json(root));
  }

  /** The mappings that a list of objects holds. */
  static List<Mapping> items(Mapping list) {
    YamlValue.Field items = list.fields().get("items");
    return items == null || !(items.value() instanceof Sequence sequence)
        ? List.of()
        : sequence.items().stream()
            .filter(Mapping.class::isInstance)
            .map(Mapping.class::cast)
            .toList();
  }

  /**
   * The objects of a list: of a {@code List}, or of one kind, whose entries need not say again what
   * they are.
   */
  static List<YamlDocument> items(String file, Mapping list) {
    String kind = text(list, "kind").replaceFirst("List$", "");
    return items(list).stream()
        .map(item -> of(file, item))
        .map(item -> kind.isEmpty() ? item : item.as(text(list, "apiVersion"), kind))
        .toList();
  }

  private YamlDocument as(String apiVersion, String kind) {
    if (!content.has("apiVersion")) {
      content.put("apiVersion", apiVersion);
    }
    if (!content.has("kind")) {
      content.put("kind", kind);
    }
    return this;
  }

  /** Whether a document is a list of objects. */
  static boolean isList(YamlValue root) {
    return root instanceof Mapping mapping
        && text(mapping, "kind").endsWith("List")
        && mapping.fields().containsKey("items");
  }

  private static String text(Mapping mapping, String field) {
    YamlValue.Field found = mapping.fields().get(field);
    return found != null && found.value() instanceof Scalar scalar ? scalar.text() : "";
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

  private static JsonNode json(YamlValue value) {
    return switch (value) {
      case Mapping mapping -> object(mapping);
      case Sequence(int _, List<YamlValue> items) -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        items.forEach(item -> array.add(json(item)));
        yield array;
      }
      case Scalar scalar -> json(scalar);
    };
  }

  private static ObjectNode object(Mapping mapping) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    mapping.fields().forEach((name, field) -> object.set(name, json(field.value())));
    return object;
  }

  private static JsonNode json(Scalar scalar) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    String text = scalar.text();
    boolean plain = scalar.plain();
    if (plain && (TRUE.contains(text) || FALSE.contains(text))) {
      return json.booleanNode(TRUE.contains(text));
    }
    try {
      return switch (scalar.type()) {
        case NULL -> json.nullNode();
        case BOOLEAN -> json.booleanNode(Boolean.parseBoolean(text));
        case INTEGER -> plain ? number(text) : json.textNode(text);
        case FLOAT -> plain ? json.numberNode(new BigDecimal(text)) : json.textNode(text);
        case TEXT -> json.textNode(text);
      };
    } catch (NumberFormatException _) {
      return json.textNode(text);
    }
  }

  // As Jackson reads JSON: the smallest type that holds the number.
  private static JsonNode number(String text) {
    BigInteger value = integer(text);
    if (value.bitLength() < 32) {
      return JsonNodeFactory.instance.numberNode(value.intValueExact());
    }
    return value.bitLength() < 64
        ? JsonNodeFactory.instance.numberNode(value.longValueExact())
        : JsonNodeFactory.instance.numberNode(value);
  }

  private static BigInteger integer(String text) {
    if (text.startsWith("0x")) {
      return new BigInteger(text.substring(2), 16);
    }
    return text.startsWith("0o") ? new BigInteger(text.substring(2), 8) : new BigInteger(text);
  }
}
