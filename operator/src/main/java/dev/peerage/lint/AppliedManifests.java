package dev.peerage.lint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.peerage.lint.Manifests.Key;
import dev.peerage.lint.Manifests.Manifest;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** A cluster's objects as they are once manifests have been applied to it. Pure. */
final class AppliedManifests {
  private static final String LAST = "kubectl.kubernetes.io/last-applied-configuration";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final KubernetesSerialization json = new KubernetesSerialization();

  private AppliedManifests() {}

  /**
   * Applies manifests. What the files do not name stays as it is: of a Service, also the fields
   * that the API server has filled in.
   */
  static Manifests of(Manifests cluster, Manifests files) {
    var applied = new AppliedManifests();
    TreeMap<Key, Manifest> objects = new TreeMap<>(cluster.objects());
    String next = after(cluster);
    files
        .objects()
        .forEach((key, manifest) ->
            objects.merge(
                key, created(manifest, next), (old, written) -> applied.over(old, written)));
    return new Manifests(objects);
  }

  /** What is new comes after all that is there: of two pools, the older one has an address. */
  private static Manifest created(Manifest manifest, String time) {
    manifest.object().getMetadata().setCreationTimestamp(time);
    return manifest;
  }

  private static String after(Manifests cluster) {
    return cluster.objects().values().stream()
        .map(each -> each.object().getMetadata().getCreationTimestamp())
        .filter(Objects::nonNull)
        .map(Instant::parse)
        .max(Comparator.naturalOrder())
        .orElse(Instant.EPOCH)
        .plusSeconds(1)
        .toString();
  }

  private Manifest over(Manifest old, Manifest written) {
    HasMetadata object = old.object();
    boolean custom = ManifestKind.of(object.getKind()).filter(ManifestKind::custom).isPresent();
    HasMetadata after = custom ? written.object() : merged(object, written);
    ObjectMeta metadata = after.getMetadata();
    metadata.setUid(object.getMetadata().getUid());
    metadata.setCreationTimestamp(object.getMetadata().getCreationTimestamp());
    return new Manifest(written.document(), after);
  }

  /** As kubectl apply: what was applied before and is no longer written goes. */
  private HasMetadata merged(HasMetadata object, Manifest written) {
    ObjectNode live = json.convertValue(object, ObjectNode.class);
    ObjectNode wanted = written.document().content().deepCopy();
    wanted.remove("status");
    lastApplied(object).ifPresent(last -> prune(live, last, wanted));
    merge(live, wanted);
    return json.convertValue(live, written.object().getClass());
  }

  private static Optional<ObjectNode> lastApplied(HasMetadata object) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    String last = annotations == null ? null : annotations.get(LAST);
    if (last == null) {
      return Optional.empty();
    }
    try {
      return MAPPER.readTree(last) instanceof ObjectNode read
          ? Optional.of(read)
          : Optional.empty();
    } catch (JsonProcessingException _) {
      return Optional.empty();
    }
  }

  private static void prune(ObjectNode live, ObjectNode last, ObjectNode wanted) {
    last.properties()
        .forEach(field -> {
          JsonNode now = wanted.get(field.getKey());
          if (now == null) {
            live.remove(field.getKey());
          } else if (field.getValue() instanceof ObjectNode before
              && now instanceof ObjectNode inner
              && live.get(field.getKey()) instanceof ObjectNode there) {
            prune(there, before, inner);
          }
        });
  }

  private static void merge(ObjectNode live, ObjectNode wanted) {
    wanted
        .properties()
        .forEach(field -> {
          if (field.getValue() instanceof ObjectNode inner
              && live.get(field.getKey()) instanceof ObjectNode there) {
            merge(there, inner);
          } else {
            live.set(field.getKey(), field.getValue());
          }
        });
  }
}
