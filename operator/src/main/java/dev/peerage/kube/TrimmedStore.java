package dev.peerage.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Keeps of watched objects only what is used: there may be thousands of several kB each. */
public class TrimmedStore<T extends HasMetadata> extends BasicItemStore<T> {
  private final UnaryOperator<T> trim;

  /**
   * An empty store.
   *
   * @param trim a copy with name, namespace, uid, version and what is used
   */
  public TrimmedStore(UnaryOperator<T> trim) {
    super(Cache::metaNamespaceKeyFunc);
    this.trim = trim;
  }

  /** An object as the store keeps it. */
  public final T trim(T object) {
    return trim.apply(object);
  }

  @Override
  public @Nullable T put(String key, T object) {
    return super.put(key, trim(object));
  }
}
