package dev.peerage.kube;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which Event is written when: a warning that lasts a moment first, again from time to time
 * while it lasts, and never many at once. No clock, no thread; belongs to one thread.
 */
final class EventBook {
  /** How long a warning lasts before it is written: objects are applied one after the other. */
  static final Duration SETTLE = Duration.ofSeconds(5);

  /** After this time it is written again: API servers keep Events for an hour by default. */
  static final Duration REPEAT = Duration.ofMinutes(30);

  /** How long after a failed write the next one is tried. */
  static final Duration RETRY = RetryPolicy.EVENT.first();

  /** The most writes at once; one more may follow after each {@link #REFILL}. */
  static final int BURST = 25;

  static final Duration REFILL = Duration.ofSeconds(10);

  private final Map<Warning, Entry> entries = new LinkedHashMap<>();
  private final Duration settle;
  private Duration full = Duration.ZERO;

  /** A write that is due. */
  record Due(Warning warning, int count) {}

  private static final class Entry {
    private Duration due;
    private int written;

    Entry(Duration due) {
      this.due = due;
    }
  }

  /**
   * An empty book.
   *
   * @param settle how long a warning lasts before it is written
   */
  EventBook(Duration settle) {
    this.settle = settle;
  }

  /** These are the warnings now, at this time since the book was made. */
  void keep(Set<Warning> warnings, Duration now) {
    entries.keySet().retainAll(new HashSet<>(warnings));
    warnings.forEach(warning -> entries.computeIfAbsent(warning, _ -> new Entry(now.plus(settle))));
  }

  /** The write that is due longest, with its number for this warning, if one may be made now. */
  Optional<Due> next(Duration now) {
    return nextEntry()
        .filter(entry -> wait(entry.getValue(), now).isZero())
        .map(entry -> new Due(entry.getKey(), entry.getValue().written + 1));
  }

  /** How long there is nothing to write; empty as long as nothing changes. */
  Optional<Duration> untilNext(Duration now) {
    return nextEntry().map(entry -> wait(entry.getValue(), now));
  }

  /** The write has been made. */
  void written(Warning warning, Duration now) {
    spend(now);
    Entry entry = entries.get(warning);
    if (entry != null) {
      entry.written++;
      entry.due = now.plus(REPEAT);
    }
  }

  /** The write has failed. */
  void failed(Warning warning, Duration now) {
    spend(now);
    Entry entry = entries.get(warning);
    if (entry != null) {
      entry.due = now.plus(RETRY);
    }
  }

  private Optional<Map.Entry<Warning, Entry>> nextEntry() {
    return entries.entrySet().stream()
        .min(Comparator.comparing((Map.Entry<Warning, Entry> entry) -> entry.getValue().due));
  }

  private Duration wait(Entry entry, Duration now) {
    // A token bucket: at the time `full` it holds BURST writes, one REFILL earlier one less, etc.
    Duration allowed = full.minus(REFILL.multipliedBy(BURST - 1));
    Duration due = entry.due.compareTo(allowed) > 0 ? entry.due : allowed;
    return due.compareTo(now) > 0 ? due.minus(now) : Duration.ZERO;
  }

  private void spend(Duration now) {
    full = (full.compareTo(now) > 0 ? full : now).plus(REFILL);
  }
}
