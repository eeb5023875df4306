package dev.peerage.peering;

import dev.peerage.bgp.speaker.DesiredInstance.Listen;
import dev.peerage.bgp.speaker.Endpoint.Source;
import dev.peerage.crd.v2.CiliumBGPNodeConfigSpec;
import dev.peerage.crd.v2.CiliumBGPPeerConfigSpec;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What could be used of a node's instances and peers last. An edit that makes something of them
 * unusable does not end it: it goes on with this. What an edit removes is not in the next one.
 *
 * <p>Passwords are not in it: a session has the password that its Secret holds now, or there is
 * none.
 *
 * @param instances by name
 */
public record LastUsable(Map<String, Instance> instances) {
  /** Nothing has run. */
  public static final LastUsable NONE = new LastUsable(Map.of());

  public LastUsable {
    instances = Map.copyOf(instances);
  }

  /**
   * An instance.
   *
   * @param peers by name
   */
  record Instance(long localAsn, Inet4Address routerId, Listen listen, Map<String, Peer> peers) {
    Instance {
      peers = Map.copyOf(peers);
    }
  }

  /**
   * A peer.
   *
   * @param written its entry in the NodeConfig
   * @param config its CiliumBGPPeerConfig; empty when it referred to none
   */
  record Peer(
      CiliumBGPNodeConfigSpec.Peer written,
      long asn,
      InetAddress address,
      Source source,
      Optional<Config> config) {
    /** Whether another entry says the same of where its session starts from. */
    boolean startsAs(CiliumBGPNodeConfigSpec.Peer other) {
      return Objects.equals(written.localAddress(), other.localAddress());
    }

    /** Whether another entry says the same of where its address comes from. */
    boolean isFoundAs(CiliumBGPNodeConfigSpec.Peer other) {
      return Objects.equals(written.peerAddress(), other.peerAddress())
          && Objects.equals(written.autoDiscovery(), other.autoDiscovery());
    }
  }

  /** The instance of this name, if there was one. */
  Optional<Instance> instance(String name) {
    return Optional.ofNullable(instances.get(name));
  }

  /** A CiliumBGPPeerConfig. */
  record Config(String name, CiliumBGPPeerConfigSpec spec) {}
}
