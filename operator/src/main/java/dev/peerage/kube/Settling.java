package dev.peerage.kube;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How long what is wrong with an object has lasted. Objects that belong together are applied one
 * after the other, and each kind has a watch of its own. What seems wrong in between would be taken
 * back a moment later, and is not written. What is right needs no waiting.
 *
 * <p>No clock: time comes with the calls. Any thread.
 */
public final class Settling {
  /** As long as an Event waits. */
  public static final Duration TIME = Duration.ofSeconds(5);

  private final Map<String, Map<String, Instant>> since = new HashMap<>();

  /**
   * How long to wait until all that is wrong has lasted.
   *
   * @param object names the object
   * @param faults all that is wrong with it now and has not been told yet
   * @return zero: it may be told
   */
  public synchronized Duration wait(String object, Set<String> faults, Instant now) {
    Map<String, Instant> times = since.computeIfAbsent(object, _ -> new HashMap<>());
    times.keySet().retainAll(faults);
    faults.forEach(fault -> times.putIfAbsent(fault, now));
    if (times.isEmpty()) {
      since.remove(object);
    }
    return times.values().stream()
        .map(begin -> Duration.between(now, begin.plus(TIME)))
        .filter(Duration::isPositive)
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  /** The object is gone. */
  public synchronized void forget(String object) {
    since.remove(object);
  }
}
