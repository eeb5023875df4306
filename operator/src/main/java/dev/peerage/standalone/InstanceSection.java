package dev.peerage.standalone;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredInstance.Listen;
import dev.peerage.bgp.speaker.DesiredPeer;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads an item of {@code instances}. */
final class InstanceSection {
  static final Set<String> KEYS =
      Set.of("name", "localASN", "routerID", "listenAddress", "listenPort", "peers", "routes");

  // The wildcard address takes IPv4 connections too.
  private static final InetAddress EVERYWHERE = InetAddress.ofLiteral("::");

  private InstanceSection() {}

  /** The instance; empty when it cannot be told, which is reported. */
  static Optional<DesiredInstance> read(Section section) {
    String name = section.required("name", "main");
    long asn =
        section.required("localASN", "65001").isBlank()
            ? 0
            : section.number("localASN", 1, 0xffff_ffffL, 0);
    Optional<Inet4Address> routerId = routerId(section);
    Listen listen = listen(section);
    Routes routes = Routes.read(section);
    List<DesiredPeer> peers = peers(section, listen, routes);
    if (asn == 0 || routerId.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new DesiredInstance(name, asn, routerId.get(), listen, peers, routes.prefixes()));
  }

  private static Optional<Inet4Address> routerId(Section section) {
    String example = "10.0.0.1";
    if (section.required("routerID", example).isBlank()) {
      return Optional.empty();
    }
    return section.value(
        "routerID",
        text -> {
          if (Address.parse(text) instanceof Inet4Address id && !id.isAnyLocalAddress()) {
            return id;
          }
          throw new IllegalArgumentException(
              "'" + text + "' is no IPv4 address other than 0.0.0.0");
        },
        "write four numbers, for example " + example);
  }

  private static Listen listen(Section section) {
    InetAddress address =
        section
            .value(
                "listenAddress", Address::parse, "write an address of this host, or leave it out")
            .orElse(EVERYWHERE);
    var port = (int) section.number("listenPort", 1, 65535, 0);
    return port == 0 ? new Listen.Off() : new Listen.On(address, port);
  }

  private static List<DesiredPeer> peers(Section section, Listen listen, Routes routes) {
    ExportPolicy own = routes.exportPolicy();
    List<DesiredPeer> peers = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Section each : section.sections("peers", PeerSection.KEYS)) {
      PeerSection.read(each, listen, own)
          .ifPresent(peer -> {
            if (names.add(peer.name())) {
              peers.add(peer);
            } else {
              each.problem(
                  "name",
                  "another peer of the instance is called '" + peer.name() + "' too",
                  "give each peer of an instance a name of its own");
            }
          });
    }
    return peers;
  }
}
