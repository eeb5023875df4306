package dev.peerage.lbipam;

import java.time.Duration;

/**
 * What is to be done for an object.
 *
 * @param <W> what is written to it
 */
sealed interface Next<W> {
  /** It is to be written now. */
  record Write<W>(W what) implements Next<W> {}

  /** There is something to do after this time, unless something changes before. */
  record Later<W>(Duration delay) implements Next<W> {}

  /** Nothing, until something changes. */
  record Nothing<W>() implements Next<W> {}
}
