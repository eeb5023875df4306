package dev.peerage.lab;

import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.lint.ManifestFolder.Reading;
import dev.peerage.lint.Manifests;
import io.fabric8.kubernetes.api.model.Service;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The plans of all clusters of the lab. Clusters know nothing of each other; what they share are
 * the routers, where they meet.
 *
 * @param plans by the cluster's name, which is empty for the only one
 */
record Clusters(SortedMap<String, LabPlan> plans) {
  /** Nothing is planned yet. */
  static final Clusters NONE = new Clusters(new TreeMap<>());

  /** Plans each cluster by itself, with what runs of it before it. */
  Clusters planned(SortedMap<String, Reading.Good> manifests, Set<Prefix> networks, Instant now) {
    SortedMap<String, LabPlan> next = new TreeMap<>();
    manifests.forEach((cluster, good) ->
        next.put(
            cluster,
            LabPlanner.plan(
                good.manifests(), plans.getOrDefault(cluster, LabPlan.NOTHING), networks, now)));
    return new Clusters(next);
  }

  /** What differs from other plans, a line each. */
  List<String> changesSince(Clusters before) {
    List<String> changes = new ArrayList<>();
    plans.forEach((cluster, plan) ->
        LabChanges.between(before.plans.getOrDefault(cluster, LabPlan.NOTHING), plan)
            .forEach(change -> changes.add(of(cluster, ": ") + change)));
    return changes;
  }

  /**
   * All as one plan: nodes are {@code cluster/node}, and a router has the nodes of all clusters.
   */
  LabPlan joined() {
    if (plans.size() == 1) {
      return plans.firstEntry().getValue();
    }
    List<Service> services = new ArrayList<>();
    SortedMap<String, CiliumBGPNodeConfig> nodeConfigs = new TreeMap<>();
    SortedMap<String, DesiredSpeaker> nodes = new TreeMap<>();
    Map<InetAddress, RouterPlan> routers = new LinkedHashMap<>();
    List<String> warnings = new ArrayList<>();
    plans.forEach((cluster, plan) -> {
      services.addAll(plan.services());
      plan.nodeConfigs().forEach((node, it) -> nodeConfigs.put(of(cluster, "/") + node, it));
      plan.nodes().forEach((node, it) -> nodes.put(of(cluster, "/") + node, it));
      plan.warnings().forEach(warning -> warnings.add(of(cluster, ": ") + warning));
      plan.routers()
          .forEach(router ->
              routers.merge(
                  router.address(),
                  inCluster(cluster, router),
                  (one, other) -> both(one, other, warnings)));
    });
    return new LabPlan(
        Manifests.NONE, services, nodeConfigs, nodes, List.copyOf(routers.values()), warnings);
  }

  private static String of(String cluster, String separator) {
    return cluster.isEmpty() ? "" : cluster + separator;
  }

  private static RouterPlan inCluster(String cluster, RouterPlan router) {
    SortedMap<String, InetAddress> neighbors = new TreeMap<>();
    router.neighbors().forEach((node, it) -> neighbors.put(of(cluster, "/") + node, it));
    return new RouterPlan(router.address(), router.asn(), router.networks(), neighbors);
  }

  private static RouterPlan both(RouterPlan one, RouterPlan other, List<String> warnings) {
    if (one.asn() != other.asn()) {
      warnings.add(RouterPlan.twice(one.name(), one.asn(), other.asn()));
    }
    SortedMap<String, InetAddress> neighbors = new TreeMap<>(one.neighbors());
    other
        .neighbors()
        .forEach((node, address) -> {
          if (neighbors.containsValue(address)) {
            warnings.add(
                node
                    + " has an address of another cluster's node, "
                    + IpText.of(address)
                    + "; the router talks to the other one");
          } else {
            neighbors.put(node, address);
          }
        });
    return new RouterPlan(one.address(), one.asn(), one.networks(), neighbors);
  }
}
