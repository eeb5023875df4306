package dev.peerage.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a watched kind, with those that this process has written where they are newer: a
 * plan made from what was before a write would write again, or give an address out twice. It also
 * keeps which of them have changed since they were last asked for, so that a round costs what has
 * changed and not what there is.
 */
public final class Watched<T extends HasMetadata> {
  private final SharedIndexInformer<T> informer;
  private final UnaryOperator<T> trim;
  private final Map<String, T> written = new HashMap<>();
  private final Map<String, T> deleted = new HashMap<>();
  private final Set<String> changed = ConcurrentHashMap.newKeySet();

  Watched(SharedIndexInformer<T> informer, UnaryOperator<T> trim) {
    this.informer = informer;
    this.trim = trim;
  }

  /** The API server's answer to a write. Any thread. */
  public void remember(T object) {
    var key = key(object);
    synchronized (this) {
      written.put(key, trim.apply(object));
      deleted.remove(key);
    }
    changed.add(key);
  }

  /**
   * The API server has deleted the object. Any thread.
   *
   * @param object as it was last known
   */
  public void forget(T object) {
    var key = key(object);
    synchronized (this) {
      written.remove(key);
      deleted.put(key, trim.apply(object));
    }
    changed.add(key);
  }

  /** The watch has told of the object. Any thread. */
  void touch(T object) {
    changed.add(key(object));
  }

  /** From now on everything counts as changed. Any thread. */
  void touchAll() {
    changed.addAll(informer.getStore().listKeys());
    synchronized (this) {
      changed.addAll(written.keySet());
    }
  }

  /** Hands over the objects that have changed since the last call, sorted by namespace and name. */
  public void changes(Change<T> change) {
    for (var key : new TreeSet<>(changed)) {
      changed.remove(key); // Before it is read: a change from now on is another one.
      var slash = key.indexOf('/');
      var namespace = slash < 0 ? "" : key.substring(0, slash);
      var name = key.substring(slash + 1);
      change.of(namespace, name, get(namespace, name));
    }
  }

  /** Takes an object that has changed. */
  public interface Change<T> {
    /**
     * One object.
     *
     * @param namespace empty for a cluster-wide kind
     * @param now as it is now; empty when it is gone
     */
    void of(String namespace, String name, Optional<T> now);
  }

  /** How many objects there are, about: what this process has just written may be missing. */
  public int count() {
    return informer.getStore().listKeys().size();
  }

  /** One object as it is now; the namespace of a cluster-wide kind is empty. */
  public synchronized Optional<T> get(String namespace, String name) {
    var key = namespace.isEmpty() ? name : namespace + "/" + name;
    // Asked first: the store is at least as new.
    var seen = version(informer.lastSyncResourceVersion());
    @Nullable T theirs = informer.getStore().getByKey(key);
    @Nullable T gone = deleted.get(key);
    if (gone != null) {
      if (theirs != null && version(theirs) <= version(gone)) {
        return Optional.empty(); // The watch has not told of the deletion yet.
      }
      deleted.remove(key);
    }
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
    var keys = new TreeSet<>(informer.getStore().listKeys());
    keys.addAll(written.keySet());
    var objects = new ArrayList<T>(keys.size());
    for (var key : keys) {
      var slash = key.indexOf('/');
      get(slash < 0 ? "" : key.substring(0, slash), key.substring(slash + 1))
          .ifPresent(objects::add);
    }
    return List.copyOf(objects);
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
