package dev.peerage.agent;

import dev.peerage.kube.ApiServerAway;
import dev.peerage.kube.FreshList;
import dev.peerage.kube.OncePerMinute;
import dev.peerage.kube.TrimmedStore;
import dev.peerage.kube.Writes;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Store;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watch of one kind. While the API server is away the last known objects stay, and it tries
 * again without end.
 */
final class Watch<T extends HasMetadata> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Watch.class);

  private final String kind;
  private final Need need;
  private final SharedIndexInformer<T> informer;
  private final OncePerMinute failures = new OncePerMinute();
  private volatile boolean refused;
  private volatile Runnable known = () -> {};

  /** What follows when the API server does not serve a kind or does not let us see it. */
  enum Need {
    /** Nothing can be planned. */
    REQUIRED,
    /** It counts as empty until it can be seen. */
    OPTIONAL
  }

  /**
   * Prepares a watch.
   *
   * @param store keeps the objects, trimmed
   * @param used what matters of a trimmed object: updates that leave it equal are passed over
   * @param touched called with each trimmed object that was added, changed (before and after) or
   *     deleted; must not block
   */
  Watch(
      String kind,
      Need need,
      Informable<T> source,
      TrimmedStore<T> store,
      Function<T, ?> used,
      Consumer<T> touched) {
    this.kind = kind;
    this.need = need;
    this.informer = source.withLimit(FreshList.PAGE).runnableInformer(0);
    informer.removeNamespaceIndex();
    informer.itemStore(store);
    informer.exceptionHandler((_, failure) -> {
      failed(failure);
      return true;
    });
    informer.addEventHandler(new Handler<>(store::trim, used, touched));
  }

  private void failed(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    boolean wasRefused = refused;
    refused = !informer.hasSynced() && isRefusal(cause);
    if (ApiServerAway.isMeantBy(cause)) {
      log.debug("Watching {} failed", kind, cause);
    } else if (!isRequired() && refused) {
      if (!wasRefused) {
        log.warn(
            "{} cannot be watched, and none are assumed until they can: {}", kind, reason(cause));
        known.run();
      }
    } else {
      failures.tell(alike ->
          log.warn(
              "Watching {} failed; the last known objects stay in use; trying again: {}{}",
              kind,
              reason(cause),
              alike));
    }
  }

  private static String reason(Throwable failure) {
    return failure instanceof KubernetesClientException refused
        ? Writes.reason(refused)
        : failure.toString();
  }

  private static boolean isRefusal(Throwable failure) {
    return failure instanceof KubernetesClientException e
        && (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
            || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND);
  }

  /**
   * Lists and watches.
   *
   * @param known called when the first list is there, or is refused of a kind that is optional
   */
  void start(Runnable known) {
    this.known = known;
    informer.start().thenRun(known);
  }

  String kind() {
    return kind;
  }

  /** Whether it is known what there is, as far as that is needed. */
  boolean isKnown() {
    return informer.hasSynced() || !isRequired() && refused;
  }

  /** Whether the API server tells of every change at present. */
  boolean isCurrent() {
    return informer.hasSynced() && informer.isWatching();
  }

  /** Whether nothing can be planned without it. */
  boolean isRequired() {
    return need == Need.REQUIRED;
  }

  /** Whether the API server has not let us see any list yet, and said so. */
  boolean isRefused() {
    return refused && !informer.hasSynced();
  }

  Store<T> objects() {
    return informer.getStore();
  }

  List<T> list() {
    return informer.getStore().list();
  }

  /** Calls on every change, also of what does not matter; before {@link #start}. */
  void alsoTell(Runnable changed) {
    informer.addEventHandler(
        new Handler<>(UnaryOperator.identity(), _ -> new Object(), _ -> changed.run()));
  }

  @Override
  public void close() {
    informer.close();
  }

  /**
   * Hears of changes.
   *
   * @param trim what the store keeps of an object
   * @param used what matters of that
   * @param touched see {@link Watch}
   */
  record Handler<T>(UnaryOperator<T> trim, Function<T, ?> used, Consumer<T> touched)
      implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
      touched.accept(trim.apply(object));
    }

    @Override
    public void onUpdate(T before, T after) {
      T now = trim.apply(after);
      if (!used.apply(before).equals(used.apply(now))) {
        touched.accept(before);
        touched.accept(now);
      }
    }

    @Override
    public void onDelete(T object, boolean finalStateUnknown) {
      touched.accept(object);
    }
  }
}
