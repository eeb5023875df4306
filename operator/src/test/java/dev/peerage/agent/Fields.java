package dev.peerage.agent;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** All fields of a kind of the API, found by its Java type, and what can be written into them. */
final class Fields {
  private static final ObjectMapper JSON = Serialization.jsonMapper();
  private static final Set<String> NEVER =
      Set.of("apiVersion", "kind", "additionalProperties", "managedFields");

  /** What a second entry of a list may be: rules treat all entries alike. */
  private static final Set<String> FEW = Set.of("", "None", "fd00::7");

  private final Class<? extends HasMetadata> type;
  private final Set<String> words;
  private final List<UnaryOperator<JsonNode>> changes = new ArrayList<>();

  private Fields(Class<? extends HasMetadata> type, Set<String> words) {
    this.type = type;
    this.words = words;
  }

  static Fields of(Class<? extends HasMetadata> type, Set<String> words) {
    var fields = new Fields(type, words);
    fields.bean(type, List.of());
    return fields;
  }

  /** One for each field and each value: sets the one to the other in a tree. */
  List<UnaryOperator<JsonNode>> changes() {
    return changes;
  }

  JsonNode tree(HasMetadata object) {
    return JSON.valueToTree(object);
  }

  /** The object of a tree; empty when the type takes no such value, or it is another object. */
  Optional<HasMetadata> object(JsonNode tree, HasMetadata base) {
    try {
      HasMetadata object = JSON.treeToValue(tree, type);
      boolean same =
          object.getMetadata() != null
              && Objects.equals(object.getMetadata().getName(), base.getMetadata().getName())
              && Objects.equals(
                  object.getMetadata().getNamespace(), base.getMetadata().getNamespace());
      return same ? Optional.of(object) : Optional.empty();
    } catch (com.fasterxml.jackson.core.JsonProcessingException | RuntimeException _) {
      return Optional.empty();
    }
  }

  private void visit(Type of, List<Object> path) {
    if (of == String.class) {
      leaf(path, (path.contains(1) ? FEW : words).stream().map(TextNode::new));
    } else if (of == Boolean.class || of == boolean.class) {
      leaf(path, Stream.of(BooleanNode.TRUE, BooleanNode.FALSE));
    } else if (of == Integer.class || of == Long.class || of == int.class || of == long.class) {
      leaf(path, Stream.of(0L, 1L, 7L).map(LongNode::new));
    } else if (of instanceof Class<?> each && each.isEnum()) {
      leaf(path, Arrays.stream(each.getEnumConstants()).map(JSON::<JsonNode>valueToTree));
    } else if (of instanceof ParameterizedType each && each.getRawType() == List.class) {
      leaf(path, Stream.of(JsonNodeFactory.instance.arrayNode()));
      visit(each.getActualTypeArguments()[0], join(path, 0));
      visit(each.getActualTypeArguments()[0], join(path, 1));
    } else if (of instanceof ParameterizedType each && each.getRawType() == Map.class) {
      leaf(path, Stream.of(JsonNodeFactory.instance.objectNode()));
      for (String word : each.getActualTypeArguments()[1] == String.class ? words : Set.of("x")) {
        changes.add(tree -> set(tree, join(path, word), new TextNode("x")));
      }
    } else if (of instanceof Class<?> each && each.isRecord()) {
      leaf(path, Stream.of(JsonNodeFactory.instance.objectNode()));
      for (RecordComponent component : each.getRecordComponents()) {
        JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
        String name =
            named == null || named.value().isEmpty() ? component.getName() : named.value();
        visit(component.getGenericType(), join(path, name));
      }
    } else if (of instanceof Class<?> each && each.getName().startsWith("io.fabric8")) {
      leaf(path, Stream.of(JsonNodeFactory.instance.objectNode()));
      bean(each, path);
    }
  }

  private void bean(Class<?> bean, List<Object> path) {
    for (Class<?> each = bean; each != Object.class; each = each.getSuperclass()) {
      if (each.getName().endsWith("client.CustomResource")) {
        Type[] specAndStatus =
            ((ParameterizedType) type.getGenericSuperclass()).getActualTypeArguments();
        visit(specAndStatus[0], join(path, "spec"));
        visit(specAndStatus[1], join(path, "status"));
        visit(io.fabric8.kubernetes.api.model.ObjectMeta.class, join(path, "metadata"));
        return;
      }
      for (Field field : each.getDeclaredFields()) {
        JsonProperty named = field.getAnnotation(JsonProperty.class);
        if (named != null && !NEVER.contains(named.value())) {
          visit(field.getGenericType(), join(path, named.value()));
        }
      }
    }
  }

  private static List<Object> join(List<Object> path, Object step) {
    return Stream.concat(path.stream(), Stream.of(step)).toList();
  }

  private void leaf(List<Object> path, Stream<? extends JsonNode> values) {
    values.forEach(value -> changes.add(tree -> set(tree, path, value)));
    if (path.getLast() instanceof String) { // no list holds nothing
      changes.add(tree -> set(tree, path, JsonNodeFactory.instance.nullNode()));
    }
  }

  private static JsonNode set(JsonNode at, List<Object> path, JsonNode value) {
    if (path.isEmpty()) {
      return value;
    }
    List<Object> rest = path.subList(1, path.size());
    if (path.getFirst() instanceof String name) {
      ObjectNode object = at instanceof ObjectNode it ? it : JsonNodeFactory.instance.objectNode();
      object.set(name, set(object.path(name), rest, value));
      return object;
    }
    ArrayNode array = at instanceof ArrayNode it ? it : JsonNodeFactory.instance.arrayNode();
    int index = Math.min((Integer) path.getFirst(), array.size());
    JsonNode changed = set(array.path(index), rest, value);
    if (index == array.size()) {
      array.add(changed);
    } else {
      array.set(index, changed);
    }
    return array;
  }
}
