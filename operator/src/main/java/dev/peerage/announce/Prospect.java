package dev.peerage.announce;

import dev.peerage.announce.Decision.Outcome;
import dev.peerage.announce.Decision.Subject;
import dev.peerage.bgp.wire.Prefix;
import java.util.Optional;

/**
 * Something that could be announced, before it is asked to whom.
 *
 * @param subject what it belongs to
 * @param prefix the prefix; empty only when something is against it
 * @param exact whether it must not hide in an aggregate
 * @param against what keeps it from being announced, to every peer
 */
record Prospect(
    Subject subject, Optional<Prefix> prefix, boolean exact, Optional<Outcome> against) {
  Prospect {
    if (prefix.isEmpty() && against.isEmpty()) {
      throw new IllegalArgumentException("nothing to announce, and no reason");
    }
  }

  static Prospect of(Subject subject, Prefix prefix) {
    return new Prospect(subject, Optional.of(prefix), true, Optional.empty());
  }

  static Prospect withheld(Subject subject, Prefix prefix, Outcome against) {
    return new Prospect(subject, Optional.of(prefix), true, Optional.of(against));
  }

  static Prospect missing(Subject subject, Outcome against) {
    return new Prospect(subject, Optional.empty(), true, Optional.of(against));
  }
}
