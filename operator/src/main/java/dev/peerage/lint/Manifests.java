package dev.peerage.lint;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The objects of a folder, complete and checked.
 *
 * @param objects by kind, namespace and name
 */
public record Manifests(SortedMap<Key, Manifest> objects) {
  /** No objects. */
  public static final Manifests NONE = new Manifests(new TreeMap<>());

  /** An object's name in the API; the namespace is empty for objects of the cluster. */
  public record Key(String kind, String namespace, String name) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::kind).thenComparing(Key::namespace).thenComparing(Key::name);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }

    /** For example {@code Service default/webpod}. */
    @Override
    public String toString() {
      return kind + " " + (namespace.isEmpty() ? "" : namespace + "/") + name;
    }
  }

  /**
   * An object and where it is written.
   *
   * @param document as in the file, with the defaults of its definition
   * @param object the same, typed
   */
  public record Manifest(YamlDocument document, HasMetadata object) {
    public JsonNode content() {
      return document.content();
    }
  }

  /** The types of objects that are looked at. */
  public static List<Class<? extends HasMetadata>> types() {
    return Arrays.stream(ManifestKind.values())
        .<Class<? extends HasMetadata>>map(ManifestKind::type)
        .toList();
  }

  /** Objects that stand in no file. */
  public static Manifests of(List<HasMetadata> objects) {
    SortedMap<Key, Manifest> manifests = new TreeMap<>();
    for (HasMetadata object : objects) {
      manifests.put(
          new Key(
              object.getKind(),
              Objects.requireNonNullElse(object.getMetadata().getNamespace(), ""),
              object.getMetadata().getName()),
          new Manifest(YamlDocument.none(), object));
    }
    return new Manifests(manifests);
  }

  /** All objects of a type, by namespace and name. */
  public <T extends HasMetadata> List<T> all(Class<T> type) {
    return objects.values().stream()
        .map(Manifest::object)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }
}
