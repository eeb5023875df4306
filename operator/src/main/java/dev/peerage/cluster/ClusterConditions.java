package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The three conditions of a ClusterConfig. Messages are empty where nothing is wrong. */
final class ClusterConditions {
  static final String CONFLICTING = "cilium.io/ConflictingClusterConfig";
  static final String MISSING_PEER_CONFIGS = "cilium.io/MissingPeerConfigs";
  static final String NO_MATCHING_NODE = "cilium.io/NoMatchingNode";

  /** All types, as sorted in a status. */
  static final List<String> TYPES = List.of(CONFLICTING, MISSING_PEER_CONFIGS, NO_MATCHING_NODE);

  private ClusterConditions() {}

  static List<Condition> of(
      CiliumBGPClusterConfig config,
      int selectedNodes,
      Collection<String> missingPeerConfigs,
      ClusterPlanner.Verdict verdict,
      Instant now) {
    var conflicts = new ArrayList<String>();
    if (!verdict.rivals.isEmpty()) {
      conflicts.add(
          "Selecting the same node(s) with ClusterConfig(s): " + bracketed(verdict.rivals));
    }
    if (!verdict.ownerless.isEmpty()) {
      conflicts.add(
          "CiliumBGPNodeConfig(s) without owner are left alone, delete them to hand the node(s)"
              + " over: "
              + bracketed(verdict.ownerless));
    }
    return List.of(
        conflicts.isEmpty()
            ? no(config, CONFLICTING, "ClusterConfigValidated", now)
            : yes(config, CONFLICTING, "ClusterConfigConflict", String.join("; ", conflicts), now),
        missingPeerConfigs.isEmpty()
            ? no(config, MISSING_PEER_CONFIGS, "PeerConfigsResolved", now)
            : yes(
                config,
                MISSING_PEER_CONFIGS,
                "PeerConfigsMissing",
                "Referenced CiliumBGPPeerConfig(s) are missing: " + bracketed(missingPeerConfigs),
                now),
        selectedNodes > 0
            ? no(config, NO_MATCHING_NODE, "MatchingNodeSelected", now)
            : yes(
                config,
                NO_MATCHING_NODE,
                "MatchingNodeUnavailable",
                "No node matches spec.nodeSelector",
                now));
  }

  private static Condition no(
      CiliumBGPClusterConfig config, String type, String reason, Instant now) {
    return condition(config, type, "False", reason, "", now);
  }

  private static Condition yes(
      CiliumBGPClusterConfig config, String type, String reason, String message, Instant now) {
    return condition(config, type, "True", reason, message, now);
  }

  private static Condition condition(
      CiliumBGPClusterConfig config,
      String type,
      String status,
      String reason,
      String message,
      Instant now) {
    var before =
        config.getStatus() == null ? List.<Condition>of() : config.getStatus().conditions();
    return new Condition(
            type,
            status,
            config.getMetadata().getGeneration(),
            now.truncatedTo(ChronoUnit.SECONDS).toString(),
            reason,
            message)
        .since(before);
  }

  private static String bracketed(Collection<String> names) {
    return "[" + String.join(" ", names) + "]";
  }
}
