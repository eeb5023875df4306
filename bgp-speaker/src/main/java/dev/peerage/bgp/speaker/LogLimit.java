package dev.peerage.bgp.speaker;

import java.time.Duration;
import java.util.function.Consumer;

/** Lets one line in ten seconds through, and says how many it kept back. */
final class LogLimit {
  private static final long PAUSE = Duration.ofSeconds(10).toNanos();

  private long next = System.nanoTime();
  private long kept;

  /**
   * Writes a line, or counts it.
   *
   * @param line is given what to append: empty, or how many lines were kept back
   */
  void log(Consumer<String> line) {
    long now = System.nanoTime();
    if (now - next < 0) {
      kept++;
      return;
    }
    String more = kept == 0 ? "" : " (and " + kept + " more since the last line)";
    next = now + PAUSE;
    kept = 0;
    line.accept(more);
  }
}
