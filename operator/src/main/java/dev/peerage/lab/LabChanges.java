package dev.peerage.lab;

import com.fasterxml.jackson.databind.JsonNode;
import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.lint.Manifests.Key;
import dev.peerage.lint.Manifests.Manifest;
import dev.peerage.lint.SpeakerChanges;
import dev.peerage.lint.SpeakerChanges.Route;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Says what differs between two plans, one line each. Pure. */
final class LabChanges {
  private final List<String> lines = new ArrayList<>();

  private LabChanges() {}

  /** Objects, then addresses of Services, then what each node does differently. */
  static List<String> between(LabPlan before, LabPlan after) {
    var changes = new LabChanges();
    changes.objects(before.manifests().objects(), after.manifests().objects());
    changes.addresses(addresses(before), addresses(after));
    TreeSet<String> nodes = new TreeSet<>(before.nodes().keySet());
    nodes.addAll(after.nodes().keySet());
    for (String node : nodes) {
      changes.node(
          node,
          before.nodes().getOrDefault(node, DesiredSpeaker.NOTHING),
          after.nodes().getOrDefault(node, DesiredSpeaker.NOTHING));
    }
    return List.copyOf(changes.lines);
  }

  private void objects(SortedMap<Key, Manifest> before, SortedMap<Key, Manifest> after) {
    after.forEach((key, manifest) -> {
      Manifest old = before.get(key);
      String file = " (" + manifest.document().file() + ")";
      if (old == null) {
        lines.add(key + " added" + file);
      } else {
        SortedMap<String, String> was = leaves(old.content());
        SortedMap<String, String> is = leaves(manifest.content());
        TreeSet<String> paths = new TreeSet<>(was.keySet());
        paths.addAll(is.keySet());
        for (String path : paths) {
          String from = was.getOrDefault(path, "absent");
          String to = is.getOrDefault(path, "absent");
          if (!from.equals(to)) {
            lines.add(key + file + ": " + path + ": " + from + " -> " + to);
          }
        }
      }
    });
    before.forEach((key, manifest) -> {
      if (!after.containsKey(key)) {
        lines.add(key + " removed (was in " + manifest.document().file() + ")");
      }
    });
  }

  private static SortedMap<String, String> leaves(JsonNode content) {
    SortedMap<String, String> leaves = new TreeMap<>();
    leaves("", content, leaves);
    return leaves;
  }

  private static void leaves(String path, JsonNode value, SortedMap<String, String> leaves) {
    if (value.isEmpty()) {
      leaves.put(path, value.isValueNode() ? value.asText() : value.toString());
    } else if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        leaves(path + "[" + i + "]", value.get(i), leaves);
      }
    } else {
      value
          .properties()
          .forEach(field ->
              leaves(
                  path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                  field.getValue(),
                  leaves));
    }
  }

  private static SortedMap<String, String> addresses(LabPlan plan) {
    SortedMap<String, String> addresses = new TreeMap<>();
    for (Service service : plan.services()) {
      List<String> given =
          service.getStatus() == null || service.getStatus().getLoadBalancer() == null
              ? List.of()
              : service.getStatus().getLoadBalancer().getIngress().stream()
                  .map(LoadBalancerIngress::getIp)
                  .toList();
      addresses.put(
          "Service " + service.getMetadata().getNamespace() + "/" + service.getMetadata().getName(),
          String.join(", ", given));
    }
    return addresses;
  }

  private void addresses(SortedMap<String, String> before, SortedMap<String, String> after) {
    after.forEach((service, given) -> {
      String old = before.getOrDefault(service, "");
      if (!old.equals(given)) {
        lines.add(
            given.isEmpty()
                ? service + " gives back " + old
                : service + " is given the address " + given);
      }
    });
    before.forEach((service, given) -> {
      if (!after.containsKey(service) && !given.isEmpty()) {
        lines.add(service + " gives back " + given);
      }
    });
  }

  private void node(String node, DesiredSpeaker before, DesiredSpeaker after) {
    SortedMap<String, DesiredPeer> was = peers(before);
    SortedMap<String, DesiredPeer> is = peers(after);
    was.forEach((peer, _) -> {
      if (!is.containsKey(peer)) {
        lines.add("node " + node + ": ends the session to " + peer);
      }
    });
    is.forEach((peer, desired) -> {
      DesiredPeer old = was.get(peer);
      if (old == null) {
        lines.add("node " + node + ": opens a session to " + peer);
      } else if (!session(old).equals(session(desired))) {
        lines.add("node " + node + ": session to " + peer + " has new settings");
      }
    });
    for (DesiredInstance instance : after.instances()) {
      before.instances().stream()
          .filter(old -> old.name().equals(instance.name()))
          .map(LabChanges::identity)
          .filter(old -> !old.equals(identity(instance)))
          .forEach(old ->
              lines.add(
                  "node %s: instance %s starts anew: %s -> %s"
                      .formatted(node, instance.name(), old, identity(instance))));
    }
    SpeakerChanges changes = SpeakerChanges.between(before, after);
    route(node, "withdraws %s from %s", changes.withdrawn());
    route(node, "announces %s to %s", changes.announced());
    route(node, "announces %s to %s with new attributes", changes.altered());
  }

  private void route(String node, String words, List<Route> routes) {
    for (Route route : routes) {
      lines.add("node " + node + ": " + words.formatted(route.prefix(), route.peer()));
    }
  }

  private static String identity(DesiredInstance instance) {
    String listen =
        switch (instance.listen()) {
          case DesiredInstance.Listen.Off() -> "";
          case DesiredInstance.Listen.On(var _, int port) -> ", listening on port " + port;
        };
    return "AS %d, router ID %s%s"
        .formatted(instance.localAsn(), IpText.of(instance.routerId()), listen);
  }

  private static SortedMap<String, DesiredPeer> peers(DesiredSpeaker speaker) {
    SortedMap<String, DesiredPeer> peers = new TreeMap<>();
    for (DesiredInstance instance : speaker.instances()) {
      instance.peers().forEach(peer -> peers.put(instance.name() + "/" + peer.name(), peer));
    }
    return peers;
  }

  // Everything but the routes.
  private static DesiredPeer session(DesiredPeer peer) {
    return peer.withExportPolicy(new ExportPolicy.All());
  }
}
