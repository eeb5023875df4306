package dev.peerage.bgp.speaker;

import java.time.Duration;

/**
 * How long a speaker waits for its peers, where no RFC has the peer say so.
 *
 * @param sendHold how long a peer may take no octet of what waits for it, twice the hold time if
 *     that is longer (RFC 9687); zero = for ever
 * @param refresh how long a peer may take to send its routes again (RFC 7313 section 4)
 */
public record SessionLimits(Duration sendHold, Duration refresh) {
  /** 8 minutes, as RFC 9687 section 6 has it, and 6 minutes. */
  public static final SessionLimits DEFAULTS =
      new SessionLimits(Duration.ofMinutes(8), Duration.ofMinutes(6));
}
