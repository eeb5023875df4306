package dev.peerage.lint;

import dev.peerage.peering.Problem;
import dev.peerage.peering.Problem.Severity;

/** Which kind of finding a planner's problem is: by the object and the field that it names. */
final class ProblemCode {
  private ProblemCode() {}

  static FindingCode of(Problem problem) {
    String field = problem.field();
    return switch (problem.object().kind()) {
      case "CiliumBGPClusterConfig" -> ofClusterConfig(problem);
      case "CiliumBGPPeerConfig" -> FindingCode.FAMILIES;
      case "CiliumBGPAdvertisement" -> ofAdvertisement(field);
      case "CiliumLoadBalancerIPPool" -> FindingCode.POOL_BLOCK;
      case "Service" -> FindingCode.SERVICE_ADDRESS;
      default -> FindingCode.NODE_ADDRESS;
    };
  }

  private static FindingCode ofClusterConfig(Problem problem) {
    String field = problem.field();
    if (problem.severity() == Severity.NOTE) {
      return FindingCode.MESH;
    }
    if (field.endsWith("peerConfigRef.name")) {
      return FindingCode.MISSING_PEER_CONFIG;
    }
    if (field.endsWith("peerASN")) {
      return FindingCode.PEER_ASN;
    }
    if (field.contains("].peers[")) {
      return FindingCode.PEER_ADDRESS;
    }
    return field.endsWith("routerID") ? FindingCode.ROUTER_ID : FindingCode.INSTANCE;
  }

  private static FindingCode ofAdvertisement(String field) {
    if (field.startsWith("metadata.labels")) {
      return FindingCode.ADVERTISEMENT_NOT_SELECTED;
    }
    if (field.endsWith("selector")) {
      return FindingCode.SELECTOR_MISSING;
    }
    if (field.contains("aggregationLength")) {
      return FindingCode.AGGREGATION;
    }
    return FindingCode.ADVERTISEMENT_EMPTY;
  }
}
