package dev.peerage.announce;

import dev.peerage.announce.Decision.Outcome;
import dev.peerage.announce.Decision.Subject;
import dev.peerage.bgp.wire.Prefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Collects what is decided otherwise, as far as somebody is going to read it. Not thread-safe. */
final class ChangedDecisions {
  /** Of a change that concerns thousands of Services nobody reads each one. */
  static final int MOST = 128;

  private final List<DecisionChange> changes = new ArrayList<>();
  private boolean more;

  private record Key(String instance, String peer, Subject subject, Optional<Prefix> prefix) {
    static Key of(Decision decision) {
      return new Key(decision.instance(), decision.peer(), decision.subject(), decision.prefix());
    }
  }

  /** Decisions, and the peers that they hold for. */
  record Side(PolicyGroups groups, List<Decision> decisions) {
    private boolean isSame(Side other) {
      return groups.firstOfGroup().equals(other.groups.firstOfGroup())
          && decisions.equals(other.decisions);
    }

    private Map<Key, Outcome> byKey() {
      return groups
          .spread(decisions)
          .collect(
              Collectors.toMap(
                  Key::of, Decision::outcome, (first, _) -> first, LinkedHashMap::new));
    }
  }

  /** Compares what was and what is decided about an object. */
  void add(Side before, Side after) {
    if (more || before.isSame(after)) {
      return;
    }
    Map<Key, Outcome> was = before.byKey();
    Map<Key, Outcome> is = after.byKey();
    Set<Key> keys = new LinkedHashSet<>(is.keySet());
    keys.addAll(was.keySet());
    for (Key key : keys) {
      Optional<Outcome> old = Optional.ofNullable(was.get(key));
      Optional<Outcome> now = Optional.ofNullable(is.get(key));
      if (old.equals(now)) {
        continue;
      }
      if (changes.size() == MOST) {
        more = true;
        return;
      }
      changes.add(new DecisionChange(key.instance, key.peer, key.subject, key.prefix, old, now));
    }
  }

  /** What was collected since this was last called. */
  DecisionChange.Some take() {
    var taken = new DecisionChange.Some(changes, more);
    changes.clear();
    more = false;
    return taken;
  }
}
