package dev.peerage.snapshot;

import java.time.Duration;

/** What came of reading a snapshot. */
public sealed interface Reading {
  /**
   * It can be used.
   *
   * @param age how long ago it was true
   */
  record Usable(Snapshot snapshot, Duration age) implements Reading {}

  /** There is none. */
  record Absent() implements Reading {}

  /**
   * There is something that must not be used.
   *
   * @param why in words that go on after "the snapshot"
   */
  record Unusable(String why) implements Reading {}
}
