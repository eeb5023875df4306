package dev.peerage.agent;

import dev.peerage.announce.DecisionChange;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/**
 * The last changes of what this node announces, to say since when something is as it is. Bounded:
 * it also says from when on it is complete. Any thread.
 */
final class ChangeJournal {
  /** Some hundred bytes each. */
  static final int MOST = 512;

  private final Deque<Entry> entries = new ArrayDeque<>();
  private Instant completeSince;

  /** A change, and when the speaker had taken it. */
  record Entry(Instant time, DecisionChange change) {}

  /**
   * Entries of a journal.
   *
   * @param completeSince from when on no change is missing
   * @param entries the oldest first
   */
  record Excerpt(Instant completeSince, List<Entry> entries) {
    Excerpt {
      entries = List.copyOf(entries);
    }
  }

  /** Without changes, complete from now on. */
  ChangeJournal(Instant now) {
    completeSince = now;
  }

  /** Another plan, whose difference to the last one is not known: what was before is forgotten. */
  synchronized void begin(Instant now) {
    entries.clear();
    completeSince = now;
  }

  synchronized void add(Instant now, DecisionChange.Some changed) {
    for (DecisionChange change : changed.changes()) {
      if (entries.size() == MOST) {
        completeSince = entries.removeFirst().time();
      }
      entries.addLast(new Entry(now, change));
    }
    if (changed.more()) {
      completeSince = now;
    }
  }

  synchronized Excerpt excerpt(Predicate<DecisionChange> wanted) {
    return new Excerpt(
        completeSince, entries.stream().filter(each -> wanted.test(each.change())).toList());
  }
}
