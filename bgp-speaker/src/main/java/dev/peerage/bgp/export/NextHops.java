package dev.peerage.bgp.export;

import dev.peerage.bgp.wire.AddressFamily;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The next hop that a peer is told for routes of each family (RFC 4271 section 5.1.3, RFC 4760
 * section 3). Of a family that has none nothing is announced.
 *
 * @param byFamily an IPv4 address for IPv6 routes means the one that is mapped into IPv6
 */
public record NextHops(Map<AddressFamily, InetAddress> byFamily) {
  public NextHops {
    byFamily = Map.copyOf(byFamily);
  }

  /**
   * Chooses them. Where the peer reaches this side is known of the session's address only, so that
   * it comes first: in its own family, and for IPv4 routes where the peer takes IPv6 next hops (RFC
   * 8950). Else the first of this side's own addresses of the family that others can reach. IPv6
   * routes without any have the IPv4 address, mapped. Loopback and unspecified addresses are never
   * chosen; link-local ones only when the session itself runs over one.
   *
   * @param session this side's address of the session
   * @param extended whether the peer takes IPv4 routes with IPv6 next hops
   * @param own this side's other addresses, the best one first
   */
  public static NextHops of(InetAddress session, boolean extended, List<InetAddress> own) {
    List<InetAddress> all =
        Stream.concat(
                Stream.of(session).filter(NextHops::isReachable),
                own.stream().filter(each -> isReachable(each) && !each.isLinkLocalAddress()))
            .toList();
    Optional<InetAddress> ipv4 = first(all, Inet4Address.class);
    Optional<InetAddress> ipv6 = first(all, Inet6Address.class);
    boolean sessionTakes = extended && session instanceof Inet6Address && isReachable(session);
    Map<AddressFamily, InetAddress> chosen = new EnumMap<>(AddressFamily.class);
    (sessionTakes ? Optional.of(session) : ipv4.or(() -> ipv6.filter(_ -> extended)))
        .ifPresent(address -> chosen.put(AddressFamily.IPV4_UNICAST, address));
    ipv6.or(() -> ipv4).ifPresent(address -> chosen.put(AddressFamily.IPV6_UNICAST, address));
    return new NextHops(chosen);
  }

  private static boolean isReachable(InetAddress address) {
    return !address.isLoopbackAddress()
        && !address.isAnyLocalAddress()
        && !address.isMulticastAddress();
  }

  private static Optional<InetAddress> first(
      List<InetAddress> addresses, Class<? extends InetAddress> family) {
    return addresses.stream().filter(family::isInstance).findFirst();
  }

  /** The next hop of a family, if there is one. */
  public Optional<InetAddress> of(AddressFamily family) {
    return Optional.ofNullable(byFamily.get(family));
  }

  /** Whether IPv6 routes have an IPv4 address, mapped: routers forward along it hardly ever. */
  public boolean areMapped() {
    return byFamily.get(AddressFamily.IPV6_UNICAST) instanceof Inet4Address;
  }
}
