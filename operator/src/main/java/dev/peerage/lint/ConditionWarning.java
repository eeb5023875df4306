package dev.peerage.lint;

import dev.peerage.crd.v2.Condition;
import dev.peerage.lbipam.SettledServices;
import dev.peerage.peering.Problem.ObjectRef;
import io.fabric8.kubernetes.api.model.Service;
import java.util.Optional;

/** The warnings that the operator would write into conditions. */
final class ConditionWarning {
  private ConditionWarning() {}

  static PlanWarning ofClusterConfig(String name, Condition condition) {
    ObjectRef object = ObjectRef.ofCluster("CiliumBGPClusterConfig", name);
    return switch (condition.type()) {
      case "cilium.io/ConflictingClusterConfig" ->
          of(
              FindingCode.CLUSTER_CONFIG_CONFLICT,
              object,
              "spec.nodeSelector",
              condition,
              "let each node be selected by one of them; the oldest keeps it");
      case "cilium.io/MissingPeerConfigs" ->
          of(
              FindingCode.MISSING_PEER_CONFIG,
              object,
              "spec.bgpInstances",
              condition,
              "create it, or correct the name in peerConfigRef");
      case "cilium.io/NoMatchingNode" ->
          of(
              FindingCode.NO_MATCHING_NODE,
              object,
              "spec.nodeSelector",
              condition,
              "correct the selector, or label the Nodes that are meant");
      case "peerage.dev/RouterIDUnavailable" ->
          of(FindingCode.ROUTER_ID, object, "spec.bgpInstances", condition, "");
      default -> of(FindingCode.INSTANCE, object, "", condition, "");
    };
  }

  static PlanWarning ofPool(String name, Condition condition) {
    ObjectRef object = ObjectRef.ofCluster("CiliumLoadBalancerIPPool", name);
    return switch (condition.type()) {
      case "cilium.io/PoolConflict" ->
          of(
              FindingCode.POOL_CONFLICT,
              object,
              "spec.blocks",
              condition,
              "take the common part out of one of them; until then this pool gives out nothing"
                  + " new");
      case "peerage.dev/InvalidBlocks" ->
          of(FindingCode.POOL_BLOCK, object, field(condition), condition, "");
      default -> of(FindingCode.POOL_BLOCK, object, "spec", condition, "");
    };
  }

  /** The first block that the message names. */
  private static String field(Condition condition) {
    int colon = condition.message().indexOf(':');
    return colon > 0 ? condition.message().substring(0, colon) : "spec.blocks";
  }

  /** That a Service does not get what it asks for. */
  static Optional<PlanWarning> ofService(ObjectRef object, Service service) {
    return service.getStatus() == null || service.getStatus().getConditions() == null
        ? Optional.empty()
        : service.getStatus().getConditions().stream()
            .filter(it -> it.getType().equals(SettledServices.SATISFIED))
            .filter(it -> "False".equals(it.getStatus()))
            .findFirst()
            .map(it ->
                new PlanWarning(
                    "no_pool".equals(it.getReason())
                        ? FindingCode.NO_POOL
                        : FindingCode.SERVICE_WITHOUT_ADDRESS,
                    object,
                    "spec.type",
                    it.getType() + ": " + it.getMessage(),
                    remedy(it.getReason())));
  }

  private static String remedy(String reason) {
    return switch (reason) {
      case "no_pool", "pool_selector_mismatch" ->
          "add a CiliumLoadBalancerIPPool that selects it and has such addresses, or correct the"
              + " request";
      case "out_of_ips" -> "add a block to a pool that selects it";
      case "already_allocated", "already_allocated_incompatible_service" ->
          "ask for another address, or let both share it with lbipam.cilium.io/sharing-key";
      case "ip_family_mismatch" -> "correct spec.ipFamilies, or ask for an address of that family";
      default -> "";
    };
  }

  private static PlanWarning of(
      FindingCode code, ObjectRef object, String field, Condition condition, String remedy) {
    return new PlanWarning(
        code, object, field, condition.type() + ": " + condition.message(), remedy);
  }
}
