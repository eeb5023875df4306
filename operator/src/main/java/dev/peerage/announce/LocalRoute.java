package dev.peerage.announce;

import dev.peerage.announce.Decision.Outcome;
import dev.peerage.announce.Decision.Subject;
import dev.peerage.bgp.wire.Prefix;
import java.util.Optional;

/**
 * A route that this node could announce, before it is decided to which peers.
 *
 * @param subject what it belongs to
 * @param prefix the prefix; empty only when the route is withheld
 * @param exact whether the prefix is announced as it is, even where an advertisement aggregates
 * @param withheld why it is announced to no peer at all, if so
 */
record LocalRoute(
    Subject subject, Optional<Prefix> prefix, boolean exact, Optional<Outcome> withheld) {
  LocalRoute {
    if (prefix.isEmpty() && withheld.isEmpty()) {
      throw new IllegalArgumentException("a route has neither a prefix nor a reason against it");
    }
  }

  static LocalRoute of(Subject subject, Prefix prefix) {
    return new LocalRoute(subject, Optional.of(prefix), true, Optional.empty());
  }

  static LocalRoute withheld(Subject subject, Prefix prefix, Outcome reason) {
    return new LocalRoute(subject, Optional.of(prefix), true, Optional.of(reason));
  }

  static LocalRoute missing(Subject subject, Outcome reason) {
    return new LocalRoute(subject, Optional.empty(), true, Optional.of(reason));
  }
}
