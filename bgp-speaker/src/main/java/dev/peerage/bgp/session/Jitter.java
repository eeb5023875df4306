package dev.peerage.bgp.session;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Shortens a timer by chance, so that sessions do not move in step (RFC 4271 section 10). */
public interface Jitter {
  /** No jitter. */
  Jitter NONE = duration -> duration;

  /** A duration of 75 to 100 % of the given one. */
  Duration apply(Duration duration);

  /** Jitter from this source of chance. */
  static Jitter of(RandomGenerator random) {
    return duration -> Duration.ofMillis((long) (duration.toMillis() * random.nextDouble(0.75, 1)));
  }
}
