package dev.peerage.agent;

import dev.peerage.announce.ServiceKey;
import java.util.LinkedHashSet;
import java.util.Set;

/** What the watches have told since the last plan. Any thread may add; the loop takes it all. */
final class Changes {
  private final Runnable wake;
  private Set<ServiceKey> services = new LinkedHashSet<>();
  private boolean configuration;

  /**
   * Nothing yet.
   *
   * @param wake called after each addition; must not block
   */
  Changes(Runnable wake) {
    this.wake = wake;
  }

  /** A Service or one of its EndpointSlices. */
  void service(ServiceKey key) {
    synchronized (this) {
      services.add(key);
    }
    wake.run();
  }

  /** Anything else. */
  void configuration() {
    synchronized (this) {
      configuration = true;
    }
    wake.run();
  }

  /** All that was added and not taken before. */
  synchronized Taken take() {
    Taken taken = new Taken(configuration, services);
    services = new LinkedHashSet<>();
    configuration = false;
    return taken;
  }

  /**
   * Changes of some time.
   *
   * @param configuration whether anything but Services changed
   * @param services the Services that changed, or whose EndpointSlices did
   */
  record Taken(boolean configuration, Set<ServiceKey> services) {}
}
