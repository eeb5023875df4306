package dev.peerage.lint;

import com.fasterxml.jackson.databind.JsonNode;

/** Values of manifests in messages: what they are, and a beginning of them. */
final class Shown {
  private static final int LONGEST = 60;

  private Shown() {}

  /** In quotes, shortened. */
  static String quoted(String text) {
    String line = text.substring(0, Math.min(text.length(), 4 * LONGEST)).replaceAll("\\s+", " ");
    return "'" + (line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line) + "'";
  }

  static String quoted(JsonNode value) {
    return quoted(value.isValueNode() ? value.asText() : value.toString());
  }

  /** What a value is, in words, and which: {@code text: '9s'}. */
  static String kind(JsonNode value) {
    String kind = YamlDocument.kind(value);
    return switch (value.getNodeType()) {
      case STRING, BINARY, NUMBER, BOOLEAN -> kind + ": " + quoted(value);
      case OBJECT, POJO, ARRAY ->
          value.isEmpty() ? kind + " without entries" : kind + ": " + quoted(value);
      case NULL, MISSING -> kind;
    };
  }
}
