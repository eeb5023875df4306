package dev.peerage.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A set of watched kinds. While the API server is away, or a kind is not served, the last known
 * objects stay and the watch tries again, without end.
 */
public final class Watches implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Watches.class);

  private final Runnable changed;
  private final List<SharedIndexInformer<?>> informers = new CopyOnWriteArrayList<>();
  private final List<Watched<?>> watched = new CopyOnWriteArrayList<>();

  /**
   * A set without kinds.
   *
   * @param changed called on each change that matters; must not block
   */
  public Watches(Runnable changed) {
    this.changed = changed;
  }

  /**
   * Adds a kind, before {@link #start}.
   *
   * @param used what matters of an object: updates that leave it equal are passed over
   */
  public <T extends HasMetadata> Watched<T> add(Informable<T> source, Function<T, ?> used) {
    return add(source, used, UnaryOperator.identity());
  }

  /**
   * Adds a kind, before {@link #start}.
   *
   * @param used what matters of an object: updates that leave it equal are passed over
   * @param trim a copy of the object with name, versions and what matters, which alone is kept
   */
  public <T extends HasMetadata> Watched<T> add(
      Informable<T> source, Function<T, ?> used, UnaryOperator<T> trim) {
    SharedIndexInformer<T> informer = source.runnableInformer(0);
    informer.removeNamespaceIndex();
    informer.itemStore(new TrimmedStore<>(trim));
    informer.exceptionHandler((_, failure) -> {
      log.warn(
          "Watching {} failed; what was known last stays in use; trying again: {}",
          informer.getApiTypeClass().getSimpleName(),
          failure.toString());
      return true;
    });
    var added = new Watched<>(informer, trim);
    informer.addEventHandler(new Signal<>(changed, used, added::touch));
    informers.add(informer);
    watched.add(added);
    return added;
  }

  /** From now on every object of every kind counts as changed. Any thread. */
  public void touchAll() {
    watched.forEach(Watched::touchAll);
  }

  /** Lists and watches all kinds. */
  public void start() {
    for (var informer : informers) {
      informer.start().thenRun(changed);
    }
  }

  /** The kinds that have not been listed yet. As long as there are any, no plan is complete. */
  public List<String> missing() {
    return informers.stream()
        .filter(informer -> !informer.hasSynced())
        .map(informer -> informer.getApiTypeClass().getSimpleName())
        .toList();
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::close);
  }

  private static final class TrimmedStore<T extends HasMetadata> extends BasicItemStore<T> {
    private final UnaryOperator<T> trim;

    TrimmedStore(UnaryOperator<T> trim) {
      super(Cache::metaNamespaceKeyFunc);
      this.trim = trim;
    }

    @Override
    public @Nullable T put(String key, T object) {
      return super.put(key, trim.apply(object));
    }
  }

  private record Signal<T>(Runnable target, Function<T, ?> used, Consumer<T> touched)
      implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
      touched.accept(object);
      target.run();
    }

    @Override
    public void onUpdate(T before, T after) {
      if (!Objects.equals(used.apply(before), used.apply(after))) {
        touched.accept(after);
        target.run();
      }
    }

    @Override
    public void onDelete(T object, boolean finalStateUnknown) {
      touched.accept(object);
      target.run();
    }
  }
}
