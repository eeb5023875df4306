package dev.peerage.node;

import dev.peerage.bgp.wire.Prefix;
import dev.peerage.node.Decision.Outcome;
import dev.peerage.node.Decision.Subject.PodCidr;
import dev.peerage.node.Problem.ObjectRef;
import dev.peerage.node.ResolvedInstance.ResolvedPeer;
import io.fabric8.kubernetes.api.model.Node;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The contribution of the Node: its PodCIDRs. */
final class PodCidrRoutes {
  private PodCidrRoutes() {}

  static Contribution of(Node node, List<ResolvedInstance> instances) {
    List<Problem> problems = new ArrayList<>();
    Set<Prefix> prefixes = prefixes(node, problems);
    List<Decision> decisions = new ArrayList<>();
    boolean wanted = false;
    for (ResolvedInstance instance : instances) {
      for (ResolvedPeer peer : instance.peers()) {
        wanted |= peer.offers().values().stream().anyMatch(PodCidrRoutes::holdsPodCidrs);
        for (Prefix prefix : prefixes) {
          decisions.add(
              new Decision(
                  instance.name(),
                  peer.name(),
                  new PodCidr(),
                  Optional.of(prefix),
                  outcome(peer, prefix)));
        }
      }
    }
    if (wanted && prefixes.isEmpty() && problems.isEmpty()) {
      problems.add(
          new Problem(
              object(node),
              "spec.podCIDRs",
              "the node has no PodCIDR, so that PodCIDR advertisements announce nothing for it",
              "let the controller manager allocate node CIDRs, or set spec.podCIDRs"));
    }
    return new Contribution(decisions, problems);
  }

  private static boolean holdsPodCidrs(List<Offer> offers) {
    return offers.stream().anyMatch(Offer.PodCidrs.class::isInstance);
  }

  private static Outcome outcome(ResolvedPeer peer, Prefix prefix) {
    if (!peer.hasConfig()) {
      return new Outcome.NoPeerConfig();
    }
    List<Offer> offers = peer.offers().get(prefix.family());
    if (offers == null) {
      return new Outcome.FamilyNotConfigured();
    }
    List<Offer> podCidrs = offers.stream().filter(Offer.PodCidrs.class::isInstance).toList();
    return podCidrs.isEmpty()
        ? new Outcome.NoAdvertisement()
        : Outcome.Announced.of(prefix, podCidrs);
  }

  private static Set<Prefix> prefixes(Node node, List<Problem> problems) {
    if (node.getSpec() == null) {
      return Set.of();
    }
    List<String> cidrs = node.getSpec().getPodCIDRs();
    if ((cidrs == null || cidrs.isEmpty()) && node.getSpec().getPodCIDR() != null) {
      cidrs = List.of(node.getSpec().getPodCIDR());
    }
    Set<Prefix> prefixes = new LinkedHashSet<>();
    for (String cidr : cidrs == null ? List.<String>of() : cidrs) {
      try {
        prefixes.add(Prefix.parse(cidr));
      } catch (IllegalArgumentException e) {
        problems.add(
            new Problem(
                object(node),
                "spec.podCIDRs",
                e.getMessage() + " and is not announced",
                "correct the CIDR"));
      }
    }
    return prefixes;
  }

  private static ObjectRef object(Node node) {
    return ObjectRef.ofCluster("Node", node.getMetadata().getName());
  }
}
