package dev.peerage.lint;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a definition's schema says of a field, for remedies. */
final class SchemaWords {
  private SchemaWords() {}

  /** Its fields; none where it names none. */
  static Map<String, JSONSchemaProps> properties(JSONSchemaProps schema) {
    return schema.getProperties() == null ? Map.of() : schema.getProperties();
  }

  /** The values that it allows; empty where all are. */
  static List<String> enumeration(JSONSchemaProps schema) {
    return schema.getEnum().stream().map(JsonNode::asText).toList();
  }

  /** The same to stand behind a remedy. */
  static String oneOf(JSONSchemaProps schema) {
    return enumeration(schema).isEmpty()
        ? ""
        : ": one of " + String.join(", ", enumeration(schema));
  }

  /** What a number may be, to stand behind a remedy. */
  static String range(JSONSchemaProps schema) {
    if (schema.getMinimum() == null && schema.getMaximum() == null) {
      return "";
    }
    String from = schema.getMinimum() == null ? "" : " from " + (long) (double) schema.getMinimum();
    String to = schema.getMaximum() == null ? "" : " to " + (long) (double) schema.getMaximum();
    return from + to;
  }

  /** What the entries of a list are. */
  static @Nullable JSONSchemaProps items(JSONSchemaProps schema) {
    return schema.getItems() == null ? null : schema.getItems().getSchema();
  }

  /** The fields of a mapping, to stand behind a remedy. */
  static String keys(JSONSchemaProps schema) {
    return properties(schema).isEmpty()
        ? ""
        : " with " + String.join(", ", properties(schema).keySet());
  }
}
