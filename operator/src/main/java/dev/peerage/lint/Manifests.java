package dev.peerage.lint;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Collection;
import java.util.List;
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
    @Override
    public int compareTo(Key other) {
      int order = kind.compareTo(other.kind);
      if (order == 0) {
        order = namespace.compareTo(other.namespace);
      }
      return order == 0 ? name.compareTo(other.name) : order;
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

  /** All objects of a type, by namespace and name. */
  public <T extends HasMetadata> List<T> all(Class<T> type) {
    return of(objects.values(), type);
  }

  private static <T> List<T> of(Collection<Manifest> manifests, Class<T> type) {
    return manifests.stream()
        .map(Manifest::object)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }
}
