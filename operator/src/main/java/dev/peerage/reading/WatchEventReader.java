package dev.peerage.reading;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.WatchEvent;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads an event of a watch straight into the object's class. Fabric8's own reader first makes a
 * tree of the whole object, since kind and version may stand anywhere; those of an API server stand
 * in front.
 */
final class WatchEventReader extends JsonDeserializer<WatchEvent> {
  private static final String KIND = "kind";
  private static final String API_VERSION = "apiVersion";

  private final Map<Type, Class<? extends KubernetesResource>> classes;

  /** A kind of object. */
  record Type(String apiVersion, String kind) {}

  /** Other kinds than these are left to Fabric8. */
  WatchEventReader(Map<Type, Class<? extends KubernetesResource>> classes) {
    this.classes = Map.copyOf(classes);
  }

  @Override
  public WatchEvent deserialize(JsonParser json, DeserializationContext context)
      throws IOException {
    var event = new WatchEvent();
    Fields.each(
        json,
        (name, value) -> {
          switch (name) {
            case "type" -> event.setType(Fields.text(value));
            case "object" -> event.setObject(object(value, context));
            case String _ -> value.skipChildren();
          }
        });
    return event;
  }

  private @Nullable KubernetesResource object(JsonParser json, DeserializationContext context)
      throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      return context.readValue(json, KubernetesResource.class);
    }
    @Nullable String kind = null;
    @Nullable String apiVersion = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (KIND.equals(name)) {
        json.nextToken();
        kind = Fields.text(json);
      } else if (API_VERSION.equals(name)) {
        json.nextToken();
        apiVersion = Fields.text(json);
      } else {
        break;
      }
    }
    @Nullable Class<? extends KubernetesResource> known =
        kind == null || apiVersion == null ? null : classes.get(new Type(apiVersion, kind));
    // The parser is at the first field behind them, from which all readers of objects go on.
    return known != null
        ? context.readValue(json, known)
        : context.readTreeAsValue(rest(json, kind, apiVersion), KubernetesResource.class);
  }

  private static ObjectNode rest(
      JsonParser json, @Nullable String kind, @Nullable String apiVersion) throws IOException {
    var all = (ObjectNode) json.getCodec().createObjectNode();
    if (apiVersion != null) {
      all.put(API_VERSION, apiVersion);
    }
    if (kind != null) {
      all.put(KIND, kind);
    }
    Fields.each(json, (name, value) -> all.set(name, value.readValueAsTree()));
    return all;
  }
}
