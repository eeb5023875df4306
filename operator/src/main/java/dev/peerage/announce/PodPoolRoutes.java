package dev.peerage.announce;

import dev.peerage.announce.Decision.Outcome;
import dev.peerage.announce.Decision.Subject.PodPool;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.peering.CidrList;
import dev.peerage.peering.CiliumNodeIpam;
import dev.peerage.peering.FieldPath;
import dev.peerage.peering.PodIpPool;
import dev.peerage.peering.Problem;
import dev.peerage.peering.Problem.ObjectRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The routes of CiliumPodIPPools: the CIDRs that are allocated to the node out of each. */
final class PodPoolRoutes {
  private PodPoolRoutes() {}

  /** The decisions per pool that exists or that the node holds CIDRs of, by the pool's name. */
  static Collection<ObjectDecisions> of(
      String node,
      List<PodIpPool> pools,
      Optional<CiliumNodeIpam> ciliumNode,
      PeerAdvertisements advertisements) {
    Map<String, List<String>> allocated =
        ciliumNode.map(CiliumNodeIpam::allocatedByPool).orElse(Map.of());
    Map<String, ObjectDecisions> decisions = new TreeMap<>();
    for (PodIpPool pool : pools) {
      decisions.put(
          pool.name(),
          of(
              node,
              pool.name(),
              Optional.of(pool.labels()),
              allocated.getOrDefault(pool.name(), List.of()),
              advertisements));
    }
    allocated.forEach((pool, cidrs) ->
        decisions.computeIfAbsent(
            pool, name -> of(node, name, Optional.empty(), cidrs, advertisements)));
    return decisions.values();
  }

  private static ObjectDecisions of(
      String node,
      String pool,
      Optional<Map<String, String>> labels,
      List<String> cidrs,
      PeerAdvertisements advertisements) {
    List<Problem> problems = new ArrayList<>();
    var subject = new PodPool(pool);
    var path =
        new FieldPath(
            ObjectRef.ofCluster("CiliumNode", node), "spec.ipam.pools.allocated[" + pool + "]");
    Set<Prefix> prefixes = CidrList.read(cidrs, path.at("cidrs"), problems);
    List<LocalRoute> routes = new ArrayList<>();
    for (Prefix prefix : prefixes) {
      routes.add(
          labels.isPresent()
              ? LocalRoute.of(subject, prefix)
              : LocalRoute.withheld(subject, prefix, new Outcome.NoPool()));
    }
    if (routes.isEmpty()) {
      routes.add(LocalRoute.missing(subject, new Outcome.NoAddress()));
    }
    return new ObjectDecisions(
        advertisements.decide(routes, labels(pool, labels.orElse(Map.of()))), problems);
  }

  /** The pool's own labels and the virtual ones that selectors may use. */
  private static Map<String, String> labels(String pool, Map<String, String> own) {
    Map<String, String> labels = new HashMap<>(own);
    labels.put("io.cilium.podippool.name", pool);
    labels.put("io.cilium.podippool.namespace", ""); // pools have none
    return labels;
  }
}
