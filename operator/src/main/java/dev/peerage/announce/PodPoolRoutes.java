package dev.peerage.announce;

import dev.peerage.announce.Decision.Outcome;
import dev.peerage.announce.Decision.Subject.PodPool;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.peering.CidrList;
import dev.peerage.peering.CiliumNodeIpam;
import dev.peerage.peering.Place;
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

/** The contributions of CiliumPodIPPools: the CIDRs that are allocated to the node out of each. */
final class PodPoolRoutes {
  private PodPoolRoutes() {}

  /**
   * One contribution per pool that exists or that the node holds CIDRs of, by the pool's name.
   *
   * @param node the node's name
   */
  static Collection<Contribution> of(
      String node,
      List<PodIpPool> pools,
      Optional<CiliumNodeIpam> ciliumNode,
      Offerings offerings) {
    Map<String, List<String>> allocated =
        ciliumNode.map(CiliumNodeIpam::allocatedByPool).orElse(Map.of());
    Map<String, Contribution> contributions = new TreeMap<>();
    for (PodIpPool pool : pools) {
      contributions.put(
          pool.name(),
          of(
              node,
              pool.name(),
              Optional.of(pool.labels()),
              allocated.getOrDefault(pool.name(), List.of()),
              offerings));
    }
    allocated.forEach((pool, cidrs) ->
        contributions.computeIfAbsent(
            pool, name -> of(node, name, Optional.empty(), cidrs, offerings)));
    return contributions.values();
  }

  private static Contribution of(
      String node,
      String pool,
      Optional<Map<String, String>> labels,
      List<String> cidrs,
      Offerings offerings) {
    List<Problem> problems = new ArrayList<>();
    PodPool subject = new PodPool(pool);
    Place place =
        new Place(
            ObjectRef.ofCluster("CiliumNode", node), "spec.ipam.pools.allocated[" + pool + "]");
    Set<Prefix> prefixes = CidrList.read(cidrs, place.at("cidrs"), problems);
    List<Prospect> prospects = new ArrayList<>();
    for (Prefix prefix : prefixes) {
      prospects.add(
          labels.isPresent()
              ? Prospect.of(subject, prefix)
              : Prospect.withheld(subject, prefix, new Outcome.NoPool()));
    }
    if (prospects.isEmpty()) {
      prospects.add(Prospect.missing(subject, new Outcome.NoAddress()));
    }
    return new Contribution(
        offerings.decide(prospects, labels(pool, labels.orElse(Map.of()))), problems);
  }

  /** The pool's own labels and the virtual ones that selectors may use. */
  private static Map<String, String> labels(String pool, Map<String, String> own) {
    Map<String, String> labels = new HashMap<>(own);
    labels.put("io.cilium.podippool.name", pool);
    labels.put("io.cilium.podippool.namespace", ""); // pools have none
    return labels;
  }
}
