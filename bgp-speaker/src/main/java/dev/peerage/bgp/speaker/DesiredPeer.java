package dev.peerage.bgp.speaker;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.wire.AddressFamily;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/**
 * One peer of an instance.
 *
 * @param name unique in the instance
 * @param address the peer's address
 * @param port the peer's TCP port, 1 to 65535
 * @param asn the ASN that its OPEN must announce; 0 accepts any
 * @param source the local address of the session
 * @param connection who dials
 * @param authentication how TCP segments are signed
 * @param timers the configured timers
 * @param gracefulRestart RFC 4724, as restarting speaker and as helper
 * @param hops how far away the peer may be
 * @param families the families to negotiate, at least one
 * @param importPolicy what becomes of received routes
 * @param exportPolicy what is sent
 */
public record DesiredPeer(
    String name,
    InetAddress address,
    int port,
    long asn,
    Source source,
    Connection connection,
    Authentication authentication,
    Timers timers,
    GracefulRestart gracefulRestart,
    Hops hops,
    Set<AddressFamily> families,
    ImportPolicy importPolicy,
    ExportPolicy exportPolicy) {

  /** Copies the set and checks the ranges. */
  public DesiredPeer {
    families = Set.copyOf(families);
    check(port >= 1 && port <= 65535, name, "port " + port + " is not in 1..65535");
    check(asn >= 0 && asn <= 0xffff_ffffL, name, "ASN " + asn + " is not in 0..4294967295");
    check(!families.isEmpty(), name, "no address family");
  }

  /**
   * An active external peer on port 179 one hop away, with the timers 120, 90 and 30 s, IPv4
   * unicast, neither authentication nor graceful restart, that sends and accepts nothing (RFC
   * 8212).
   */
  public static DesiredPeer of(String name, InetAddress address, long asn) {
    return new DesiredPeer(
        name,
        address,
        179,
        asn,
        new Source.Any(),
        Connection.BOTH,
        new Authentication.None(),
        new Timers(120, 90, 30),
        new GracefulRestart.Off(),
        new Hops.Ttl(1),
        Set.of(AddressFamily.IPV4_UNICAST),
        ImportPolicy.REJECT,
        new ExportPolicy.Statements("", List.of()));
  }

  /** This on another port. */
  public DesiredPeer withPort(int to) {
    return new DesiredPeer(
        name,
        address,
        to,
        asn,
        source,
        connection,
        authentication,
        timers,
        gracefulRestart,
        hops,
        families,
        importPolicy,
        exportPolicy);
  }

  /** This with another source. */
  public DesiredPeer withSource(Source next) {
    return new DesiredPeer(
        name,
        address,
        port,
        asn,
        next,
        connection,
        authentication,
        timers,
        gracefulRestart,
        hops,
        families,
        importPolicy,
        exportPolicy);
  }

  /** This with another connection. */
  public DesiredPeer withConnection(Connection next) {
    return new DesiredPeer(
        name,
        address,
        port,
        asn,
        source,
        next,
        authentication,
        timers,
        gracefulRestart,
        hops,
        families,
        importPolicy,
        exportPolicy);
  }

  /** This with another authentication. */
  public DesiredPeer withAuthentication(Authentication next) {
    return new DesiredPeer(
        name,
        address,
        port,
        asn,
        source,
        connection,
        next,
        timers,
        gracefulRestart,
        hops,
        families,
        importPolicy,
        exportPolicy);
  }

  /** This with another timers. */
  public DesiredPeer withTimers(Timers next) {
    return new DesiredPeer(
        name,
        address,
        port,
        asn,
        source,
        connection,
        authentication,
        next,
        gracefulRestart,
        hops,
        families,
        importPolicy,
        exportPolicy);
  }

  /** This with another graceful restart. */
  public DesiredPeer withGracefulRestart(GracefulRestart next) {
    return new DesiredPeer(
        name,
        address,
        port,
        asn,
        source,
        connection,
        authentication,
        timers,
        next,
        hops,
        families,
        importPolicy,
        exportPolicy);
  }

  /** This with another hops. */
  public DesiredPeer withHops(Hops next) {
    return new DesiredPeer(
        name,
        address,
        port,
        asn,
        source,
        connection,
        authentication,
        timers,
        gracefulRestart,
        next,
        families,
        importPolicy,
        exportPolicy);
  }

  /** This with another families. */
  public DesiredPeer withFamilies(Set<AddressFamily> next) {
    return new DesiredPeer(
        name,
        address,
        port,
        asn,
        source,
        connection,
        authentication,
        timers,
        gracefulRestart,
        hops,
        next,
        importPolicy,
        exportPolicy);
  }

  /** This with another import policy. */
  public DesiredPeer withImportPolicy(ImportPolicy next) {
    return new DesiredPeer(
        name,
        address,
        port,
        asn,
        source,
        connection,
        authentication,
        timers,
        gracefulRestart,
        hops,
        families,
        next,
        exportPolicy);
  }

  /** This with another export policy. */
  public DesiredPeer withExportPolicy(ExportPolicy next) {
    return new DesiredPeer(
        name,
        address,
        port,
        asn,
        source,
        connection,
        authentication,
        timers,
        gracefulRestart,
        hops,
        families,
        importPolicy,
        next);
  }

  private static void check(boolean holds, String name, String problem) {
    if (!holds) {
      throw new IllegalArgumentException("peer " + name + ": " + problem);
    }
  }

  /** The local address of a session. */
  public sealed interface Source {
    /** What the route to the peer says. */
    record Any() implements Source {}

    /**
     * This address.
     *
     * @param address an address of this host
     */
    record Address(InetAddress address) implements Source {}

    /**
     * An address of this interface that can reach the peer, looked up at each dial.
     *
     * @param name for example {@code lo}
     */
    record Interface(String name) implements Source {}
  }

  /** Who opens the TCP connection. */
  public enum Connection {
    /** This side dials and accepts no connection. */
    ACTIVE,
    /** This side only accepts. */
    PASSIVE,
    /** This side dials; it also accepts when the instance listens. */
    BOTH
  }

  /** How the TCP segments of a session are signed. */
  public sealed interface Authentication {
    /** Not at all. */
    record None() implements Authentication {}

    /**
     * TCP MD5 signatures (RFC 2385).
     *
     * @param key 1 to 80 octets in UTF-8; a longer key is an error of the peer, seen in its state
     */
    record TcpMd5(String key) implements Authentication {
      /** Without the key. */
      @Override
      public String toString() {
        return "TcpMd5[key=***]";
      }
    }
  }

  /** How far away a peer may be. */
  public sealed interface Hops {
    /**
     * The TTL of what is sent to an external peer; ignored for internal peers.
     *
     * @param ttl 1 to 255
     */
    record Ttl(int ttl) implements Hops {
      /** Checks the range. */
      public Ttl {
        if (ttl < 1 || ttl > 255) {
          throw new IllegalArgumentException("TTL " + ttl + " is not in 1..255");
        }
      }
    }

    /**
     * TTL security (RFC 5082): sent with 255, received with at least 256 − hops.
     *
     * @param hops 1 to 254; 1 = directly connected
     */
    record Gtsm(int hops) implements Hops {
      /** Checks the range. */
      public Gtsm {
        if (hops < 1 || hops > 254) {
          throw new IllegalArgumentException("TTL security hops " + hops + " is not in 1..254");
        }
      }
    }
  }

  /** What becomes of received routes. They are always counted and kept in the adj-rib-in. */
  public enum ImportPolicy {
    /** None is used. */
    REJECT,
    /** All are used that RFC 4271 lets through. */
    ACCEPT,
    /**
     * As {@link #ACCEPT}, also when the AS_PATH does not begin with the peer's AS, as those of a
     * route server do not (RFC 7947 section 2.2.2.1).
     */
    ACCEPT_FROM_ROUTE_SERVER
  }

  /**
   * Configured timers in seconds.
   *
   * @param connectRetry 1 to 2147483647
   * @param hold 0 (off) or 3 to 65535
   * @param keepAlive 0 with hold 0, else 1 to hold
   */
  public record Timers(int connectRetry, int hold, int keepAlive) {}

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
