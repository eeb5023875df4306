package dev.peerage.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a watched kind, with those that this process has written where they are newer: a
 * plan made from what was before a write would write again, or give an address out twice.
 */
public final class Watched<T extends HasMetadata> {
  private final SharedIndexInformer<T> informer;
  private final Map<String, T> written = new HashMap<>();

  Watched(SharedIndexInformer<T> informer) {
    this.informer = informer;
  }

  /** The API server's answer to a write. Any thread. */
  public synchronized void remember(T object) {
    written.put(key(object), object);
  }

  /** The API server has deleted the object. Any thread. */
  public synchronized void forget(T object) {
    written.remove(key(object));
  }

  /** One object as it is now; the namespace of a cluster-wide kind is empty. */
  public synchronized Optional<T> get(String namespace, String name) {
    var key = namespace.isEmpty() ? name : namespace + "/" + name;
    // Asked first: the store is at least as new.
    var seen = version(informer.lastSyncResourceVersion());
    @Nullable T theirs = informer.getStore().getByKey(key);
    @Nullable T ours = written.get(key);
    if (ours == null) {
      return Optional.ofNullable(theirs);
    }
    if (theirs == null ? seen >= version(ours) : version(theirs) >= version(ours)) {
      written.remove(key);
      return Optional.ofNullable(theirs);
    }
    return Optional.of(ours);
  }

  /** All objects, sorted by namespace and name. */
  public synchronized List<T> all() {
    // Asked first: the store is at least as new.
    var seen = version(informer.lastSyncResourceVersion());
    var objects = new TreeMap<String, T>();
    informer.getStore().list().forEach(object -> objects.put(key(object), object));
    written
        .values()
        .removeIf(ours -> {
          var theirs = objects.get(key(ours));
          return theirs == null ? seen >= version(ours) : version(theirs) >= version(ours);
        });
    objects.putAll(written);
    return List.copyOf(objects.values());
  }

  private static String key(HasMetadata object) {
    return Cache.metaNamespaceKeyFunc(object);
  }

  /** Versions of one kind grow with time: Kubernetes' own caches depend on it. */
  private static long version(HasMetadata object) {
    return version(object.getMetadata().getResourceVersion());
  }

  private static long version(String resourceVersion) {
    return Long.parseUnsignedLong(resourceVersion);
  }
}
