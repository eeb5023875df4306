package dev.peerage.bgp.speaker;

import dev.peerage.bgp.wire.AddressFamily;
import java.util.Set;

/**
 * What this side's OPEN proposes to a peer, and how long this side waits for it.
 *
 * @param gracefulRestart RFC 4724, as restarting speaker and as helper
 * @param families the families to negotiate, at least one
 */
public record SessionTerms(
    Timers timers, GracefulRestart gracefulRestart, Set<AddressFamily> families) {
  /** The timers 120, 90 and 30 s, no graceful restart, IPv4 unicast. */
  public static final SessionTerms DEFAULT =
      new SessionTerms(
          Timers.DEFAULT, new GracefulRestart.Off(), Set.of(AddressFamily.IPV4_UNICAST));

  public SessionTerms {
    families = Set.copyOf(families);
    if (families.isEmpty()) {
      throw new IllegalArgumentException("a session without address family");
    }
  }

  /** This with other timers. */
  public SessionTerms withTimers(Timers next) {
    return new SessionTerms(next, gracefulRestart, families);
  }

  /** This with another graceful restart. */
  public SessionTerms withGracefulRestart(GracefulRestart next) {
    return new SessionTerms(timers, next, families);
  }

  /** This with other families. */
  public SessionTerms withFamilies(Set<AddressFamily> next) {
    return new SessionTerms(timers, gracefulRestart, next);
  }

  /**
   * Configured timers in seconds.
   *
   * @param connectRetry 1 to 2147483647
   * @param hold 0 (off) or 3 to 65535
   * @param keepAlive 0 with hold 0, else 1 to hold
   */
  public record Timers(int connectRetry, int hold, int keepAlive) {
    /** 120, 90 and 30 s. */
    public static final Timers DEFAULT = new Timers(120, 90, 30);
  }

  /** Graceful restart (RFC 4724). */
  public sealed interface GracefulRestart {
    /** Not negotiated. */
    record Off() implements GracefulRestart {}

    /**
     * Negotiated.
     *
     * @param restartTime seconds that the peer keeps the routes, 1 to 4095
     * @param longestStale seconds that the peer's routes stay at most while it is away, whatever
     *     restart time it announces, and again until its End-of-RIB when it is back; at least 1
     * @param longLived what follows when the peer's restart time is over
     */
    record On(int restartTime, int longestStale, LongLived longLived) implements GracefulRestart {
      /** Longer than peers usually ask for, short enough to be rid of what nobody forwards. */
      public static final int DEFAULT_LONGEST_STALE = 360;

      /** With the default limit for stale routes. */
      public On(int restartTime, LongLived longLived) {
        this(restartTime, DEFAULT_LONGEST_STALE, longLived);
      }

      /** Without long-lived stale routes. */
      public On(int restartTime) {
        this(restartTime, new LongLived.Off());
      }
    }
  }

  /** Long-lived graceful restart (RFC 9494) as helper. */
  public sealed interface LongLived {
    /** Not negotiated. */
    record Off() implements LongLived {}

    /**
     * Stale routes of the peer stay, least preferred.
     *
     * @param staleTime the longest time in seconds, 1 to 16777215; the peer's own may be shorter
     */
    record On(int staleTime) implements LongLived {}
  }
}
