package dev.peerage.kube;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Failures that are alike: one of them is told a minute, as an example, with how many there were
 * since the line before. Any thread.
 */
public final class OncePerMinute {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** By what is alike; there are as many as there are kinds of objects and of answers. */
  private static final Map<String, OncePerMinute> ALIKE = new ConcurrentHashMap<>();

  private final Supplier<Duration> elapsed;
  private Duration next = Duration.ZERO;
  private boolean told;
  private long untold;

  /** By the clock of the process. */
  public OncePerMinute() {
    this(() -> Duration.ofNanos(System.nanoTime()));
  }

  OncePerMinute(Supplier<Duration> elapsed) {
    this.elapsed = elapsed;
  }

  /** That of the process for failures that are alike in this. */
  static OncePerMinute of(String what) {
    return ALIKE.computeIfAbsent(what, _ -> new OncePerMinute());
  }

  /**
   * It has happened once more.
   *
   * @param line writes the line if there is to be one; gets what it ends with
   */
  public synchronized void tell(Consumer<String> line) {
    Duration now = elapsed.get();
    if (told && now.compareTo(next) < 0) {
      untold++;
      return;
    }
    line.accept(untold == 0 ? "" : " (and " + untold + " like it since the last line)");
    told = true;
    untold = 0;
    next = now.plus(MINUTE);
  }
}
