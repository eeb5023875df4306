package dev.peerage.interop;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.awaitility.core.ThrowingRunnable;

/**
 * How scenarios wait: for something that should come, with a limit that even a busy machine keeps.
 * That something does not come is never proved by waiting, but by what comes after it.
 */
final class Waits {
  private static final Duration SOON = Duration.ofSeconds(90);

  /** For what takes several rounds of a router's timers. */
  static final Duration LATER = Duration.ofMinutes(3);

  private Waits() {}

  static void eventually(String what, ThrowingRunnable proof) {
    eventually(SOON, what, proof);
  }

  static void eventually(Duration limit, String what, ThrowingRunnable proof) {
    await(what).atMost(limit).pollInterval(Duration.ofMillis(150)).untilAsserted(proof);
  }
}
