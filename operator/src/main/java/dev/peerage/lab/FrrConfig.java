package dev.peerage.lab;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.IpText;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What bgpd is told about a router of the lab. Pure.
 *
 * @param sockets gives the loopback address for one of the manifests
 */
record FrrConfig(UnaryOperator<InetAddress> sockets) {
  /** The whole configuration, for the start. */
  String text(RouterPlan plan, String logFile) {
    var text =
        new StringBuilder(
            """
            log file %s informational
            router bgp %d
             bgp router-id %s
             bgp graceful-restart
             no bgp ebgp-requires-policy
             no bgp network import-check
             bgp bestpath as-path multipath-relax
             neighbor NODES peer-group
             neighbor NODES remote-as external
             neighbor NODES ebgp-multihop 255
             neighbor NODES passive
            """
                .formatted(logFile, plan.asn(), IpText.of(plan.routerId())));
    plan.neighbors()
        .values()
        .forEach(address -> text.append(" neighbor ").append(joined(address)).append('\n'));
    for (AddressFamily family : AddressFamily.values()) {
      text.append(" address-family ")
          .append(family.afiName())
          .append(' ')
          .append(family.safiName())
          .append("\n  neighbor NODES activate\n  maximum-paths 64\n");
      plan.networks().stream()
          .filter(prefix -> prefix.family() == family)
          .sorted()
          .forEach(prefix -> text.append("  network ").append(prefix).append('\n'));
      text.append(" exit-address-family\n");
    }
    return text.toString();
  }

  /** Whether {@link #changes} lead from one to the other; else bgpd starts anew. */
  static boolean changeable(RouterPlan current, RouterPlan wanted) {
    return current.address().equals(wanted.address()) && current.asn() == wanted.asn();
  }

  /** What to type when a router's neighbors change. */
  List<String> changes(RouterPlan current, RouterPlan wanted) {
    List<String> commands =
        new ArrayList<>(List.of("configure terminal", "router bgp " + wanted.asn()));
    current.neighbors().values().stream()
        .filter(address -> !wanted.neighbors().containsValue(address))
        .forEach(address -> commands.add("no neighbor " + socket(address)));
    wanted.neighbors().values().stream()
        .filter(address -> !current.neighbors().containsValue(address))
        .forEach(address -> commands.add("neighbor " + joined(address)));
    return commands;
  }

  private String joined(InetAddress address) {
    return socket(address) + " peer-group NODES";
  }

  private String socket(InetAddress address) {
    return IpText.of(sockets.apply(address));
  }
}
