package dev.peerage.bgp.session;

import java.time.Duration;

/** How long to wait before the next try: 1 s, 2 s, 4 s … up to the configured ConnectRetryTime. */
final class Backoff {
  private Backoff() {}

  static Duration after(int failures, Duration longest) {
    Duration wait = Duration.ofSeconds(1L << Math.clamp(failures - 1L, 0, 30));
    return wait.compareTo(longest) < 0 ? wait : longest;
  }
}
