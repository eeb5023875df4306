package dev.peerage.announce;

import dev.peerage.announce.Decision.AddressKind;
import dev.peerage.announce.Decision.Outcome;
import dev.peerage.announce.Decision.Subject.Interface;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.host.HostNetwork;
import dev.peerage.host.Link;
import dev.peerage.host.OperState;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The routes of an interface of the node: its addresses, as host routes. */
final class InterfaceRoutes {
  private InterfaceRoutes() {}

  /** The decisions about the interface of that name, whether or not it exists. */
  static ObjectDecisions of(String name, HostNetwork host, PeerAdvertisements advertisements) {
    return new ObjectDecisions(
        advertisements.decide(routes(new Interface(name), host.link(name)), Map.of()), List.of());
  }

  private static List<LocalRoute> routes(Interface subject, Optional<Link> found) {
    if (found.isEmpty()) {
      return List.of(LocalRoute.missing(subject, new Outcome.NoInterface()));
    }
    Link link = found.get();
    Optional<Outcome> down = down(link);
    List<LocalRoute> routes = new ArrayList<>();
    for (InetAddress address : link.addresses()) {
      routes.add(
          new LocalRoute(
              subject,
              Optional.of(Prefix.host(address)),
              true,
              kind(address).<Outcome>map(Outcome.UnreachableAddress::new).or(() -> down)));
    }
    if (routes.isEmpty()) {
      routes.add(LocalRoute.missing(subject, down.orElseGet(Outcome.NoAddress::new)));
    }
    return routes;
  }

  // Virtual links such as loopback never say more than unknown.
  private static Optional<Outcome> down(Link link) {
    boolean passes = link.operState() == OperState.UP || link.operState() == OperState.UNKNOWN;
    return link.adminUp() && passes
        ? Optional.empty()
        : Optional.of(new Outcome.InterfaceDown(link.adminUp(), link.operState()));
  }

  private static Optional<AddressKind> kind(InetAddress address) {
    if (address.isLoopbackAddress()) {
      return Optional.of(AddressKind.LOOPBACK);
    }
    if (address.isMulticastAddress()) {
      return Optional.of(AddressKind.MULTICAST);
    }
    if (address.isAnyLocalAddress()) {
      return Optional.of(AddressKind.UNSPECIFIED);
    }
    if (address instanceof Inet6Address ipv6) {
      if (ipv6.isLinkLocalAddress()) {
        return Optional.of(AddressKind.IPV6_LINK_LOCAL);
      }
      if (isIpv4Mapped(ipv6.getAddress())) {
        return Optional.of(AddressKind.IPV4_MAPPED);
      }
    }
    return Optional.empty();
  }

  private static boolean isIpv4Mapped(byte[] octets) {
    for (int i = 0; i < 10; i++) {
      if (octets[i] != 0) {
        return false;
      }
    }
    return octets[10] == (byte) 0xff && octets[11] == (byte) 0xff;
  }
}
