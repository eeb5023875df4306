package dev.peerage.bgp.speaker;

import io.netty.util.concurrent.Ticker;
import java.time.Duration;

/** How often one address may connect: 50 times at once, 20 times a second in the long run. */
final class AcceptRate {
  static final int BURST = 50;
  private static final long PER_CONNECTION = Duration.ofMillis(50).toNanos();

  private final Ticker clock;

  // When the bucket would be full again.
  private long full;

  AcceptRate(Ticker clock) {
    this.clock = clock;
    this.full = clock.nanoTime();
  }

  /** Whether one more is allowed now. */
  boolean take() {
    long now = clock.nanoTime();
    long next = (full - now > 0 ? full : now) + PER_CONNECTION;
    if (next - now > BURST * PER_CONNECTION) {
      return false;
    }
    full = next;
    return true;
  }
}
