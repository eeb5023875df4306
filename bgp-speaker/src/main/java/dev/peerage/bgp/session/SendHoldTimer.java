package dev.peerage.bgp.session;

import java.time.Duration;

/**
 * The SendHoldTimer of RFC 9687: tells when a peer takes nothing of what waits for it. A value;
 * time comes with the calls.
 *
 * @param limit how long it may take nothing
 * @param taken the octets that it had taken at the last progress
 * @param sinceNanos when that was
 */
public record SendHoldTimer(Duration limit, long taken, long sinceNanos) {
  /** Begins now. */
  public static SendHoldTimer start(Duration limit, long nowNanos) {
    return new SendHoldTimer(limit, 0, nowNanos);
  }

  /**
   * With what is seen now: something left, or nothing waits, means progress.
   *
   * @param waiting octets that wait for the peer
   * @param takenNow octets that left since the connection began
   */
  public SendHoldTimer sample(long waiting, long takenNow, long nowNanos) {
    return waiting == 0 || takenNow != taken ? new SendHoldTimer(limit, takenNow, nowNanos) : this;
  }

  /** Whether the limit is reached. */
  public boolean expired(long nowNanos) {
    return nowNanos - sinceNanos >= limit.toNanos();
  }

  /** How often to look: the limit is overrun by this much at most. */
  public Duration interval() {
    return limit.dividedBy(8);
  }
}
