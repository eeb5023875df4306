package dev.peerage.lint;

import static dev.peerage.lint.SchemaWords.enumeration;
import static dev.peerage.lint.SchemaWords.items;
import static dev.peerage.lint.SchemaWords.keys;
import static dev.peerage.lint.SchemaWords.oneOf;
import static dev.peerage.lint.SchemaWords.properties;
import static dev.peerage.lint.SchemaWords.range;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.peerage.yaml.Spelling;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsOrBool;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Holds an object against its custom resource definition, as the API server does: fills in the
 * defaults, then checks types, required and unknown fields, enumerations, ranges, lengths,
 * patterns, list keys and the rules that the definitions state in CEL.
 */
final class SchemaCheck {
  /** Gets a fault. */
  interface Faults {
    /** The field at this path is wrong in this way, and is mended in that. */
    void add(FindingCode code, String path, String what, String remedy);
  }

  /** Gets what could not be judged. */
  interface Notes {
    /** Nothing is said about the field at this path, for this reason. */
    void add(String path, String why);
  }

  private static final Set<String> NOT_OF_THE_DEFINITION =
      Set.of("apiVersion", "kind", "metadata", "status");

  private final Faults faults;
  private final Notes notes;

  SchemaCheck(Faults faults, Notes notes) {
    this.faults = faults;
    this.notes = notes;
  }

  /**
   * Checks a whole object. {@code metadata} is the API server's own; {@code status}, which objects
   * have that were read from a cluster, it takes from no manifest.
   */
  void object(ObjectNode object, JSONSchemaProps schema) {
    for (String required : schema.getRequired()) {
      if (!object.has(required)) {
        missing(required, properties(schema).get(required));
      }
    }
    object
        .properties()
        .forEach(field -> {
          String name = field.getKey();
          if (NOT_OF_THE_DEFINITION.contains(name)) {
            return;
          }
          JSONSchemaProps property = properties(schema).get(name);
          if (property == null) {
            unknown(name, name, schema);
          } else {
            value(name, field.getValue(), property);
          }
        });
  }

  private void value(String path, JsonNode value, JSONSchemaProps schema) {
    int before = count;
    switch (schema.getType() == null ? "" : schema.getType()) {
      case "object" -> {
        if (value instanceof ObjectNode object) {
          mapping(path, object, schema);
        } else {
          type(path, value, "a mapping" + keys(schema));
        }
      }
      case "array" -> {
        if (value.isArray()) {
          list(path, value, schema);
        } else {
          JSONSchemaProps items = items(schema);
          type(path, value, "a list" + (items == null ? "" : " of entries" + keys(items)));
        }
      }
      case "string" -> {
        if (value.isTextual()) {
          text(path, value.textValue(), schema);
        } else if (value.isBoolean()) {
          fault(
              FindingCode.WRONG_TYPE,
              path,
              "text is wanted, but without quotes Kubernetes reads this as the boolean " + value,
              "put the word in quotes" + oneOf(schema));
        } else {
          type(path, value, "text" + (value.isNumber() ? " (in quotes)" : ""));
        }
      }
      case "integer", "number" -> {
        if (value.isNumber() && (value.isIntegralNumber() || schema.getType().equals("number"))) {
          number(path, value, schema);
        } else {
          type(path, value, "a whole number" + range(schema));
        }
      }
      case "boolean" -> {
        if (!value.isBoolean()) {
          type(path, value, "true or false");
        }
      }
      default -> {}
    }
    // As in the API server, rules are asked only about values that are well-formed.
    if (count == before) {
      rules(path, value, schema);
    }
  }

  private void mapping(String path, ObjectNode object, JSONSchemaProps schema) {
    Map<String, JSONSchemaProps> properties = properties(schema);
    JSONSchemaPropsOrBool additional = schema.getAdditionalProperties();
    object.properties().removeIf(field -> nullAndAbsent(field, properties));
    properties.forEach((name, property) -> {
      if (property.getDefault() != null && !object.has(name)) {
        object.set(name, property.getDefault());
      }
    });
    for (String required : schema.getRequired()) {
      if (!object.has(required)) {
        missing(path + "." + required, properties.get(required));
      }
    }
    for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
      String at = path + "." + field.getKey();
      JSONSchemaProps property = properties.get(field.getKey());
      if (property != null) {
        value(at, field.getValue(), property);
      } else if (additional != null && additional.getSchema() != null) {
        value(at, field.getValue(), additional.getSchema());
      } else if (!Boolean.TRUE.equals(schema.getXKubernetesPreserveUnknownFields())) {
        unknown(at, field.getKey(), schema);
      }
    }
  }

  // "field:" without a value counts as a field that is left out.
  private static boolean nullAndAbsent(
      Map.Entry<String, JsonNode> field, Map<String, JSONSchemaProps> properties) {
    JSONSchemaProps property = properties.get(field.getKey());
    return field.getValue().isNull()
        && property != null
        && !Boolean.TRUE.equals(property.getNullable());
  }

  private void list(String path, JsonNode list, JSONSchemaProps schema) {
    if (schema.getMinItems() != null && list.size() < schema.getMinItems()) {
      notAllowed(path, "has " + list.size() + " entries", "list at least " + schema.getMinItems());
    }
    if (schema.getMaxItems() != null && list.size() > schema.getMaxItems()) {
      notAllowed(path, "has " + list.size() + " entries", "list at most " + schema.getMaxItems());
    }
    JSONSchemaProps items = items(schema);
    Set<List<JsonNode>> keys = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      String at = path + "[" + i + "]";
      if (items != null) {
        value(at, list.get(i), items);
      }
      List<String> names = schema.getXKubernetesListMapKeys();
      if (names != null && !names.isEmpty()) {
        List<JsonNode> key = new ArrayList<>();
        for (String name : names) {
          key.add(list.get(i).path(name));
        }
        if (!keys.add(key)) {
          fault(
              FindingCode.DUPLICATE_ENTRY,
              at,
              "an entry before this one has the same " + String.join(" and ", names) + " " + key,
              "rename or remove one of the two");
        }
      } else if ("set".equals(schema.getXKubernetesListType()) && !keys.add(List.of(list.get(i)))) {
        fault(
            FindingCode.DUPLICATE_ENTRY,
            at,
            Shown.quoted(list.get(i)) + " is listed twice",
            "remove one of the two");
      }
    }
  }

  private void text(String path, String text, JSONSchemaProps schema) {
    TextFormat format = TextFormat.of(schema.getFormat());
    if (!enumeration(schema).isEmpty() && !enumeration(schema).contains(text)) {
      notAllowed(
          path,
          Shown.quoted(text) + " is not allowed",
          "use one of " + String.join(", ", enumeration(schema)));
    } else if (schema.getMinLength() != null && text.length() < schema.getMinLength()) {
      notAllowed(
          path,
          text.isEmpty() ? "is empty" : "is shorter than " + schema.getMinLength() + " characters",
          "fill it in");
    } else if (schema.getMaxLength() != null && text.length() > schema.getMaxLength()) {
      notAllowed(path, "is longer than " + schema.getMaxLength() + " characters", "shorten it");
    } else if (!format.holds(text)) {
      notAllowed(
          path,
          Shown.quoted(text) + " is not " + format.wanted(),
          "write it like " + format.example());
    } else if (schema.getPattern() != null
        && !Pattern.compile(schema.getPattern()).matcher(text).find()) {
      notAllowed(
          path,
          Shown.quoted(text) + " does not have the right form",
          TextForm.remedy(path, schema.getDescription()));
    }
  }

  private void number(String path, JsonNode value, JSONSchemaProps schema) {
    double number = value.doubleValue();
    boolean tooWide = "int32".equals(schema.getFormat()) && !value.canConvertToInt();
    if (tooWide
        || (schema.getMinimum() != null && number < schema.getMinimum())
        || (schema.getMaximum() != null && number > schema.getMaximum())) {
      notAllowed(path, value + " is out of range", "use a whole number" + range(schema));
    }
  }

  private void rules(String path, JsonNode value, JSONSchemaProps schema) {
    for (ValidationRule rule : schema.getXKubernetesValidations()) {
      switch (CelRule.read(rule.getRule())) {
        case CelRule.Reading.Understood(CelRule read) -> {
          if (!read.holds(value)) {
            fault(
                FindingCode.BROKEN_RULE,
                path + (rule.getFieldPath() == null ? "" : rule.getFieldPath()),
                rule.getMessage() == null ? "breaks a rule" : rule.getMessage(),
                "make this hold: " + rule.getRule());
          }
        }
        case CelRule.Reading.NotUnderstood(String why) ->
            notes.add(
                path,
                "the rule %s is left to the API server, because this program does not understand %s"
                    .formatted(rule.getRule(), why));
      }
    }
  }

  private void missing(String path, @Nullable JSONSchemaProps schema) {
    fault(
        FindingCode.MISSING_FIELD,
        path,
        "is missing",
        "add it" + (schema == null ? "" : oneOf(schema) + range(schema)));
  }

  private void unknown(String path, String name, JSONSchemaProps schema) {
    Optional<String> old = OldForms.remedyOfField(name);
    fault(
        old.isPresent() ? FindingCode.OLD_FORM : FindingCode.UNKNOWN_FIELD,
        path,
        "there is no such field",
        old.orElseGet(() -> Spelling.remedy(name, properties(schema).keySet())));
  }

  private void type(String path, JsonNode value, String wanted) {
    fault(FindingCode.WRONG_TYPE, path, "is " + Shown.kind(value), "write " + wanted);
  }

  private void notAllowed(String path, String what, String remedy) {
    fault(FindingCode.VALUE_NOT_ALLOWED, path, what, remedy);
  }

  private int count;

  private void fault(FindingCode code, String path, String what, String remedy) {
    count++;
    faults.add(code, path, what, remedy);
  }
}
