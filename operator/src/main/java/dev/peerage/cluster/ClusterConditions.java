package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The conditions of a ClusterConfig: Cilium's three, whose messages are empty where nothing is
 * wrong, and two of ours: while router IDs of the pool are wanting, and while deletions of
 * NodeConfigs are held back.
 */
final class ClusterConditions {
  static final String CONFLICTING = "cilium.io/ConflictingClusterConfig";
  static final String MISSING_PEER_CONFIGS = "cilium.io/MissingPeerConfigs";
  static final String NO_MATCHING_NODE = "cilium.io/NoMatchingNode";

  static final String ROUTER_ID = "peerage.dev/RouterIDUnavailable";

  static final String DELETIONS = "peerage.dev/NodeConfigDeletionsHeldBack";

  /** All types, as sorted in a status. */
  static final List<String> TYPES =
      List.of(CONFLICTING, MISSING_PEER_CONFIGS, NO_MATCHING_NODE, DELETIONS, ROUTER_ID);

  /** The most names in a message, which may have 32,768 characters. */
  private static final int NAMED = 50;

  private ClusterConditions() {}

  static List<Condition> of(
      CiliumBGPClusterConfig config,
      Collection<String> missingPeerConfigs,
      Tally tally,
      Optional<DeletionBudget.Hold> hold,
      Instant now) {
    var conflicts = new ArrayList<String>();
    if (!tally.rivals.isEmpty()) {
      conflicts.add(
          "Selecting the same node(s) with ClusterConfig(s): " + bracketed(tally.rivals.keySet()));
    }
    if (!tally.ownerless.isEmpty()) {
      conflicts.add(
          "CiliumBGPNodeConfig(s) without owner are left alone, delete them to hand the node(s)"
              + " over: "
              + bracketed(tally.ownerless));
    }
    var conditions = new ArrayList<Condition>();
    conditions.add(
        conflicts.isEmpty()
            ? no(config, CONFLICTING, "ClusterConfigValidated", now)
            : yes(config, CONFLICTING, "ClusterConfigConflict", String.join("; ", conflicts), now));
    conditions.add(
        missingPeerConfigs.isEmpty()
            ? no(config, MISSING_PEER_CONFIGS, "PeerConfigsResolved", now)
            : yes(
                config,
                MISSING_PEER_CONFIGS,
                "PeerConfigsMissing",
                "Referenced CiliumBGPPeerConfig(s) are missing: " + bracketed(missingPeerConfigs),
                now));
    conditions.add(
        tally.selected > 0
            ? no(config, NO_MATCHING_NODE, "MatchingNodeSelected", now)
            : yes(
                config,
                NO_MATCHING_NODE,
                "MatchingNodeUnavailable",
                "No node matches spec.nodeSelector",
                now));
    if (!tally.routerIds.isEmpty()) {
      conditions.add(routerIds(config, tally.routerIds.values(), now));
    }
    hold.ifPresent(
        it -> conditions.addFirst(yes(config, DELETIONS, "TooManyAtOnce", held(it), now)));
    return conditions.stream().sorted(Comparator.comparing(Condition::type)).toList();
  }

  /** Why NodeConfigs of a ClusterConfig are deleted one after the other, and what can be done. */
  static String held(DeletionBudget.Hold hold) {
    return ("More than %d of %d CiliumBGPNodeConfigs would go within a minute, because"
            + " spec.nodeSelector no longer selects their Nodes or the Nodes are gone; they are"
            + " deleted one a second. To keep those that are left, let spec.nodeSelector select"
            + " their Nodes again; to end all sessions at once, delete the CiliumBGPNodeConfigs")
        .formatted(hold.limit(), hold.total());
  }

  private static Condition routerIds(
      CiliumBGPClusterConfig config, Collection<RouterIdTrouble> troubles, Instant now) {
    var without = new ArrayList<String>();
    var sentences = new ArrayList<String>();
    for (RouterIdTrouble trouble : troubles) {
      switch (trouble) {
        case RouterIdTrouble.Exhausted(var instances) ->
            instances.forEach(instance -> without.add(instance.toString()));
        case RouterIdTrouble.Taken(var instance, var routerId, var holder) -> {
          if (sentences.size() < NAMED) {
            sentences.add(
                "CiliumBGPNodeConfigOverride %s: routerID %s of instance %s belongs to %s; the node"
                        .formatted(instance.node(), routerId, instance.instance(), holder)
                    + " keeps what it runs; choose another one");
          }
        }
      }
    }
    if (!without.isEmpty()) {
      sentences.addFirst(
          "The pool of router IDs is used up; enlarge it or set routerID in a"
              + " CiliumBGPNodeConfigOverride for: "
              + bracketed(without));
    }
    return yes(
        config,
        ROUTER_ID,
        without.isEmpty() ? "RouterIDTaken" : "RouterIDPoolExhausted",
        String.join("; ", sentences),
        now);
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
    List<Condition> before =
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
    String named = names.stream().limit(NAMED).collect(Collectors.joining(" "));
    return "[" + named + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more]" : "]");
  }
}
