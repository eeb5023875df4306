package dev.peerage.peering;

import dev.peerage.bgp.speaker.DesiredInstance.Listen;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.wire.AddressFamily;
import java.net.Inet4Address;
import java.util.List;
import java.util.Map;

/**
 * An instance of the NodeConfig with everything that does not depend on Services or PodCIDRs.
 *
 * @param routerId its BGP identifier
 * @param listen where it listens
 * @param peers the peers that can be configured
 */
public record ResolvedInstance(
    String name, long localAsn, Inet4Address routerId, Listen listen, List<ResolvedPeer> peers) {
  public ResolvedInstance {
    peers = List.copyOf(peers);
  }

  /** This with some of its peers. */
  public ResolvedInstance withPeers(List<ResolvedPeer> some) {
    return new ResolvedInstance(name, localAsn, routerId, listen, some);
  }

  /**
   * A peer and what it may be told. Nothing but {@code hasConfig} and {@code advertisements}
   * decides what it is told: peers that agree in both share a route policy.
   *
   * @param settings the session; its export policy is still empty
   * @param hasConfig whether it refers to a CiliumBGPPeerConfig
   * @param advertisements the items of the selected advertisements per configured family
   */
  public record ResolvedPeer(
      DesiredPeer settings,
      boolean hasConfig,
      Map<AddressFamily, List<AdvertisementItem>> advertisements) {
    public ResolvedPeer {
      advertisements = Map.copyOf(advertisements);
    }

    public String name() {
      return settings.name();
    }
  }
}
