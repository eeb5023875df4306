package dev.peerage.bgp.speaker;

import dev.peerage.bgp.rib.ExportPolicy;
import dev.peerage.bgp.wire.AddressFamily;
import java.net.InetAddress;
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
 * @param timers the configured timers
 * @param gracefulRestart RFC 4724 as restarting speaker
 * @param ttl hops to an external peer, 1 to 255; ignored for internal peers
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
    Timers timers,
    GracefulRestart gracefulRestart,
    int ttl,
    Set<AddressFamily> families,
    ImportPolicy importPolicy,
    ExportPolicy exportPolicy) {

  /** Copies the set and checks the ranges. */
  public DesiredPeer {
    families = Set.copyOf(families);
    check(port >= 1 && port <= 65535, name, "port " + port + " is not in 1..65535");
    check(asn >= 0 && asn <= 0xffff_ffffL, name, "ASN " + asn + " is not in 0..4294967295");
    check(ttl >= 1 && ttl <= 255, name, "TTL " + ttl + " is not in 1..255");
    check(!families.isEmpty(), name, "no address family");
  }

  /** The same session with another export policy. */
  public DesiredPeer withExportPolicy(ExportPolicy policy) {
    return new DesiredPeer(
        name,
        address,
        port,
        asn,
        source,
        connection,
        timers,
        gracefulRestart,
        ttl,
        families,
        importPolicy,
        policy);
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
  }

  /** Who opens the TCP connection. */
  public enum Connection {
    /** This side dials; it also accepts when the instance listens. */
    ACTIVE,
    /** This side only accepts. */
    PASSIVE
  }

  /** What becomes of received routes. They are always counted and kept in the adj-rib-in. */
  public enum ImportPolicy {
    REJECT,
    ACCEPT
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
     */
    record On(int restartTime) implements GracefulRestart {}
  }
}
