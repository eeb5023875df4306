package dev.peerage.announce;

import dev.peerage.announce.Decision.Outcome;
import dev.peerage.announce.Decision.Subject.PodCidr;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.peering.CidrList;
import dev.peerage.peering.CiliumNodeIpam;
import dev.peerage.peering.FieldPath;
import dev.peerage.peering.Problem;
import dev.peerage.peering.Problem.ObjectRef;
import io.fabric8.kubernetes.api.model.Node;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The routes of the node itself: the CIDRs that its pods get addresses from. Where Cilium hands
 * them out, its CiliumNode knows; the Node's CIDRs can then be those of a cluster's setup that no
 * pod uses.
 */
final class PodCidrRoutes {
  private static final PodCidr SUBJECT = new PodCidr();

  private PodCidrRoutes() {}

  static ObjectDecisions of(
      Node node, Optional<CiliumNodeIpam> ciliumNode, PeerAdvertisements advertisements) {
    List<Problem> problems = new ArrayList<>();
    String name = node.getMetadata().getName();
    Set<Prefix> used = new LinkedHashSet<>();
    ciliumNode.ifPresent(ipam ->
        used.addAll(
            CidrList.read(
                ipam.podCidrs(),
                new FieldPath(ObjectRef.ofCluster("CiliumNode", name), "spec.ipam.podCIDRs"),
                problems)));
    Set<Prefix> ofNode =
        CidrList.read(
            cidrs(node),
            new FieldPath(ObjectRef.ofCluster("Node", name), "spec.podCIDRs"),
            problems);
    boolean otherIpam =
        !used.isEmpty() || ciliumNode.filter(ipam -> !ipam.allocatedByPool().isEmpty()).isPresent();
    if (!otherIpam) {
      used.addAll(ofNode);
    }
    List<LocalRoute> routes = new ArrayList<>();
    used.forEach(prefix -> routes.add(LocalRoute.of(SUBJECT, prefix)));
    ofNode.stream()
        .filter(prefix -> !used.contains(prefix))
        .forEach(
            prefix -> routes.add(LocalRoute.withheld(SUBJECT, prefix, new Outcome.OtherIpam())));
    if (routes.isEmpty()) {
      routes.add(LocalRoute.missing(SUBJECT, new Outcome.NoAddress()));
      if (advertisements.wantPodCidrs() && problems.isEmpty() && !otherIpam) {
        problems.add(
            new FieldPath(ObjectRef.ofCluster("Node", name), "spec.podCIDRs")
                .problem(
                    "the node has no PodCIDR, so that PodCIDR advertisements announce nothing for"
                        + " it",
                    "let the controller manager allocate node CIDRs, or set spec.podCIDRs")
                .ofNode());
      }
    }
    return new ObjectDecisions(advertisements.decide(routes, Map.of()), problems);
  }

  private static List<String> cidrs(Node node) {
    if (node.getSpec() == null) {
      return List.of();
    }
    List<String> cidrs = node.getSpec().getPodCIDRs();
    if (cidrs != null && !cidrs.isEmpty()) {
      return cidrs;
    }
    return node.getSpec().getPodCIDR() == null ? List.of() : List.of(node.getSpec().getPodCIDR());
  }
}
