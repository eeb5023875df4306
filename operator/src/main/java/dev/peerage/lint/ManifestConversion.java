package dev.peerage.lint;

import com.fasterxml.jackson.databind.JsonMappingException;
import dev.peerage.lint.Manifests.Key;
import dev.peerage.lint.Manifests.Manifest;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Gives an object that was checked its type, and the namespace, UID and creation time that an API
 * server would add.
 */
final class ManifestConversion {
  private final KubernetesSerialization json = new KubernetesSerialization();
  private final Function<Key, Instant> created;

  ManifestConversion(Function<Key, Instant> created) {
    this.created = created;
  }

  /** The object with its type, or nothing and a fault. */
  Optional<Manifest> of(
      YamlDocument document, ManifestKind kind, Key key, SchemaCheck.Faults faults) {
    try {
      HasMetadata object = json.convertValue(document.content(), kind.type());
      ObjectMeta metadata = object.getMetadata();
      if (kind.namespaced()) {
        metadata.setNamespace(key.namespace());
      }
      metadata.setUid(
          UUID.nameUUIDFromBytes(key.toString().getBytes(StandardCharsets.UTF_8)).toString());
      metadata.setCreationTimestamp(
          written(metadata).orElseGet(() -> created.apply(key)).toString());
      metadata.setGeneration(1L);
      return Optional.of(new Manifest(document, object));
    } catch (IllegalArgumentException e) {
      if (e.getCause() instanceof JsonMappingException mapping) {
        faults.add(
            FindingCode.WRONG_TYPE,
            path(mapping),
            mapping.getOriginalMessage(),
            "write a value of the right type");
      } else {
        faults.add(
            FindingCode.WRONG_TYPE, "", String.valueOf(e.getMessage()), "correct the object");
      }
      return Optional.empty();
    }
  }

  /** The age of an object that was read from a cluster decides between it and others. */
  private static Optional<Instant> written(ObjectMeta metadata) {
    try {
      return Optional.ofNullable(metadata.getCreationTimestamp()).map(Instant::parse);
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  private static String path(JsonMappingException e) {
    var path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.toString();
  }
}
