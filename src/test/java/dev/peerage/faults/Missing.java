package dev.peerage.faults;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the router's forwarding table lacked.
 *
 * @param routes the prefixes that were gone, or had fewer next hops than they must have
 * @param time how long at least one of them was
 */
record Missing(Set<String> routes, Duration time) {
  /**
   * What was missing from the moment when the table was whole to the last change.
   *
   * @param whole the next hops that each prefix must have
   * @param changes what the kernel told, in its order; changes of other prefixes do not count
   */
  static Missing of(Map<String, Set<String>> whole, List<RouteChange> changes) {
    if (changes.isEmpty()) {
      return new Missing(Set.of(), Duration.ZERO);
    }
    LocalDateTime end = changes.getLast().at();
    Set<String> lacking = new HashSet<>();
    Set<String> routes = new TreeSet<>();
    Duration time = Duration.ZERO;
    LocalDateTime since = end;
    for (RouteChange change : changes) {
      Set<String> must = whole.get(change.prefix());
      if (must == null) {
        continue;
      }
      if (change.nextHops().containsAll(must)) {
        if (lacking.remove(change.prefix()) && lacking.isEmpty()) {
          time = time.plus(Duration.between(since, change.at()));
        }
      } else {
        if (lacking.isEmpty()) {
          since = change.at();
        }
        lacking.add(change.prefix());
        routes.add(change.prefix());
      }
    }
    return new Missing(
        Set.copyOf(routes), lacking.isEmpty() ? time : time.plus(Duration.between(since, end)));
  }

  boolean none() {
    return routes.isEmpty();
  }
}
