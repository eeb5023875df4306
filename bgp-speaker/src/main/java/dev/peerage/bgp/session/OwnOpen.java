package dev.peerage.bgp.session;

import dev.peerage.bgp.session.SessionConfig.Restart;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.Open;
import java.util.ArrayList;
import java.util.List;

/** Builds this side's OPEN (RFC 4271 section 4.2). */
final class OwnOpen {
  /** IPv6 next hops for IPv4 unicast (RFC 8950 section 4). */
  static final Capability.ExtendedNextHop.Encoding IPV6_FOR_IPV4 =
      new Capability.ExtendedNextHop.Encoding(
          Capability.Family.of(AddressFamily.IPV4_UNICAST), AddressFamily.IPV6_UNICAST.afi());

  private OwnOpen() {}

  static Open of(SessionConfig config, OptionalParameters parameters) {
    List<Capability> capabilities =
        switch (parameters) {
          case ALL -> capabilities(config);
          case NONE -> List.of();
        };
    return new Open(config.localAsn(), config.holdSeconds(), config.routerId(), capabilities);
  }

  private static List<Capability> capabilities(SessionConfig config) {
    List<AddressFamily> families = config.families().stream().sorted().toList();
    List<Capability> capabilities = new ArrayList<>();
    families.forEach(family -> capabilities.add(Capability.Multiprotocol.of(family)));
    capabilities.add(new Capability.RouteRefresh());
    capabilities.add(new Capability.EnhancedRouteRefresh());
    if (config.extendedNextHop() && families.contains(AddressFamily.IPV4_UNICAST)) {
      capabilities.add(new Capability.ExtendedNextHop(List.of(IPV6_FOR_IPV4)));
    }
    capabilities.add(new Capability.ExtendedMessage());
    switch (config.restart()) {
      case Restart.Off() -> {}
      case Restart.On restart -> restart(families, restart, capabilities);
    }
    capabilities.add(new Capability.FourOctetAsn(config.localAsn()));
    if (!config.hostName().isEmpty()) {
      capabilities.add(new Capability.Fqdn(config.hostName(), ""));
    }
    return capabilities;
  }

  private static void restart(
      List<AddressFamily> families, Restart.On restart, List<Capability> capabilities) {
    capabilities.add(
        new Capability.GracefulRestart(
            restart.restarting(),
            true,
            restart.seconds(),
            families.stream()
                .map(Capability.Family::of)
                .map(family ->
                    new Capability.GracefulRestart.FamilyState(family, restart.forwarding()))
                .toList()));
    if (restart.longLived() > 0) {
      // The role of the helper: what this side announced stays for the restart time and no longer.
      capabilities.add(
          new Capability.LongLivedGracefulRestart(
              families.stream()
                  .map(Capability.Family::of)
                  .map(family ->
                      new Capability.LongLivedGracefulRestart.FamilyTime(
                          family, restart.forwarding(), 0))
                  .toList()));
    }
  }
}
