package dev.peerage.peering;

import dev.peerage.crd.v2.CiliumBGPAdvertisementSpec.Interface;
import dev.peerage.crd.v2.CiliumBGPNodeConfigSpec.Peer;
import dev.peerage.host.DefaultRoute;
import dev.peerage.host.HostNetwork;
import dev.peerage.host.Link;
import dev.peerage.host.MacAddress;
import dev.peerage.host.StableMac;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a plan can depend on of a host's network. Each container that starts makes a link or two;
 * none of them may cost a plan.
 */
public final class RelevantHost {
  private RelevantHost() {}

  /**
   * The snapshot with only those links that an advertisement or peer config names, those of default
   * routes, those with the address of a configured peer, and the one whose hardware address stands
   * for the node. A plan for it is the same.
   */
  public static NodeSnapshot in(NodeSnapshot snapshot) {
    NodeContext around = snapshot.context();
    HostNetwork host = around.host();
    Set<String> names = named(snapshot);
    host.defaultRoutes().stream().map(DefaultRoute::link).forEach(names::add);
    Set<InetAddress> peers = peers(snapshot);
    host.links().stream()
        .filter(link -> link.addresses().stream().anyMatch(peers::contains))
        .map(Link::name)
        .forEach(names::add);
    Optional<MacAddress> mac = StableMac.of(host);
    var relevant =
        new HostNetwork(
            host.links().stream()
                .filter(link ->
                    names.contains(link.name()) || mac.isPresent() && link.mac().equals(mac))
                .map(link -> names.contains(link.name()) ? link : withoutAddresses(link))
                .toList(),
            host.defaultRoutes());
    return new NodeSnapshot(
        snapshot.node(),
        snapshot.nodeConfigs(),
        snapshot.peerConfigs(),
        snapshot.advertisements(),
        snapshot.services(),
        snapshot.endpointSlices(),
        new NodeContext(
            around.settings(),
            relevant,
            around.passwords(),
            around.podIpPools(),
            around.ciliumNode()));
  }

  private static Set<String> named(NodeSnapshot snapshot) {
    Set<String> names = new HashSet<>();
    snapshot.advertisements().stream()
        .flatMap(advertisement -> advertisement.getSpec().advertisements().stream())
        .map(item -> item.iface())
        .filter(Objects::nonNull)
        .map(Interface::name)
        .filter(Objects::nonNull)
        .forEach(names::add);
    snapshot.peerConfigs().stream()
        .map(config -> config.getSpec().transport().sourceInterface())
        .filter(Objects::nonNull)
        .forEach(names::add);
    return names;
  }

  private static Set<InetAddress> peers(NodeSnapshot snapshot) {
    Set<InetAddress> peers = new HashSet<>();
    snapshot.nodeConfigs().stream()
        .flatMap(config -> config.getSpec().bgpInstances().stream())
        .flatMap(instance -> instance.peers().stream())
        .map(Peer::peerAddress)
        .filter(Objects::nonNull)
        .forEach(text -> {
          try {
            peers.add(IpLiteral.parse(text));
          } catch (IllegalArgumentException _) {
            // Nothing that a link could have; the plan tells of it.
          }
        });
    return peers;
  }

  private static Link withoutAddresses(Link link) {
    return new Link(
        link.index(),
        link.name(),
        link.kind(),
        link.adminUp(),
        link.operState(),
        link.mac(),
        List.of());
  }
}
