package dev.peerage.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import io.javaoperatorsdk.operator.processing.event.source.ResourceAction;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Has an object reconciled because something was decided for it when another one changed. The event
 * counts as one of the object itself: the SDK passes over others for an object that was deleted and
 * created again a moment ago.
 */
public final class Wake<P extends HasMetadata> extends AbstractEventSource<Void, P> {
  private @Nullable Cache<P> primaries;

  /**
   * An event source that wakes nothing yet.
   *
   * @param name what it tells of
   */
  public Wake(String name) {
    super(Void.class, name);
  }

  /**
   * This event source, for a reconciler that is being registered.
   *
   * @param all the objects that may be woken
   */
  public Wake<P> in(Cache<P> all) {
    primaries = all;
    return this;
  }

  /** Wakes an object; one that has gone, or that the watch has not told of yet, is passed over. */
  public void up(ResourceID id) {
    if (isRunning()) {
      get(id)
          .ifPresent(it ->
              getEventHandler().handleEvent(new ResourceEvent(ResourceAction.UPDATED, id, it)));
    }
  }

  /** Wakes objects without namespace. */
  public void up(Iterable<String> names) {
    names.forEach(name -> up(new ResourceID(name)));
  }

  /** What the watch has told last of an object. */
  public Optional<P> get(ResourceID id) {
    return Optional.ofNullable(primaries).flatMap(it -> it.get(id));
  }

  @Override
  public Set<Void> getSecondaryResources(P primary) {
    return Set.of();
  }
}
