package dev.peerage.host;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Chooses the hardware address that stands for a node. It must be the same after a restart and must
 * not change while routes and containers come and go. Pure.
 */
public final class StableMac {
  // They come and go with containers and tunnels, each time with another random address.
  private static final Set<String> FLEETING =
      Set.of(
          "veth",
          "bridge",
          "openvswitch",
          "dummy",
          "ifb",
          "macvlan",
          "macvtap",
          "ipvlan",
          "ipvtap",
          "tun",
          "vxlan",
          "geneve",
          "gretap",
          "ip6gretap",
          "erspan",
          "ip6erspan",
          "netkit");

  private StableMac() {}

  /**
   * Of the first kind of device that there is: hardware; the devices of default routes; virtual
   * ones that are no container's, bridge or tunnel; any. Of several the one of the lowest index.
   * Addresses whose lower four octets are zero do not count. Empty when there is none.
   */
  public static Optional<MacAddress> of(HostNetwork host) {
    Predicate<Link> hardware = link -> link.kind().isEmpty();
    Predicate<Link> towardsGateway =
        link -> host.defaultRoutes().stream().anyMatch(route -> route.link().equals(link.name()));
    Predicate<Link> lasting = link -> !FLEETING.contains(link.kind());
    return Stream.of(hardware, towardsGateway, lasting, _ -> true)
        .flatMap(kind -> macs(host.links(), kind))
        .findFirst();
  }

  private static Stream<MacAddress> macs(List<Link> links, Predicate<Link> kind) {
    return links.stream()
        .filter(kind)
        .flatMap(link -> link.mac().stream())
        .filter(mac -> mac.lowerFourOctets() != 0);
  }
}
