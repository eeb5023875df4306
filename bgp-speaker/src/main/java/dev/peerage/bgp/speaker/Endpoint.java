package dev.peerage.bgp.speaker;

import dev.peerage.bgp.wire.IpText;
import java.net.InetAddress;

/**
 * How the TCP connection with a peer comes to be, and how it is protected.
 *
 * @param port the peer's TCP port, 1 to 65535
 * @param source the local address of the session
 * @param connection who dials
 * @param hops how far away the peer may be
 * @param authentication how TCP segments are signed
 */
public record Endpoint(
    InetAddress address,
    int port,
    Source source,
    Connection connection,
    Hops hops,
    Authentication authentication) {

  public Endpoint {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "port " + port + " of " + IpText.of(address) + " is not in 1..65535");
    }
  }

  /** Port 179, one hop away, dialed and accepted, from any address, without authentication. */
  public static Endpoint of(InetAddress address) {
    return new Endpoint(
        address,
        179,
        new Source.Any(),
        Connection.BOTH,
        new Hops.Ttl(1),
        new Authentication.None());
  }

  /** This with another port. */
  public Endpoint withPort(int next) {
    return new Endpoint(address, next, source, connection, hops, authentication);
  }

  /** This with another source. */
  public Endpoint withSource(Source next) {
    return new Endpoint(address, port, next, connection, hops, authentication);
  }

  /** This with another one who dials. */
  public Endpoint withConnection(Connection next) {
    return new Endpoint(address, port, source, next, hops, authentication);
  }

  /** This with another distance. */
  public Endpoint withHops(Hops next) {
    return new Endpoint(address, port, source, connection, next, authentication);
  }

  /** This with another authentication. */
  public Endpoint withAuthentication(Authentication next) {
    return new Endpoint(address, port, source, connection, hops, next);
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

  /** How far away a peer may be. */
  public sealed interface Hops {
    /**
     * The TTL of what is sent to an external peer; ignored for internal peers.
     *
     * @param ttl 1 to 255
     */
    record Ttl(int ttl) implements Hops {
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
      public Gtsm {
        if (hops < 1 || hops > 254) {
          throw new IllegalArgumentException("TTL security hops " + hops + " is not in 1..254");
        }
      }
    }
  }

  /** How the TCP segments of a session are signed. */
  public sealed interface Authentication {
    /** Not at all. */
    record None() implements Authentication {}

    /**
     * With a password that is not known: there is no session until it is. What the peer keeps of
     * the last one is not given up.
     */
    record Withheld() implements Authentication {}

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
}
