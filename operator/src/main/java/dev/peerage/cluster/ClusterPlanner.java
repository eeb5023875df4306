package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;

/** Plans for a whole cluster at once. */
public final class ClusterPlanner {
  private ClusterPlanner() {}

  /**
   * Plans all ClusterConfigs together; the agents derive their router IDs.
   *
   * @param now what a condition whose status flips gets as its transition time
   */
  public static ClusterPlan plan(ClusterSnapshot snapshot, Instant now) {
    return plan(snapshot, Optional.empty(), now);
  }

  /**
   * Plans all ClusterConfigs together.
   *
   * @param pool gives instances their router IDs; empty: the agents derive them
   * @param now what a condition whose status flips gets as its transition time
   */
  static ClusterPlan plan(ClusterSnapshot snapshot, Optional<RouterIdPool> pool, Instant now) {
    var ledger = new ClusterLedger(pool);
    snapshot.nodes().forEach(ledger::node);
    snapshot.overrides().forEach(ledger::override);
    snapshot.nodeConfigs().forEach(ledger::nodeConfig);
    snapshot.peerConfigs().forEach(it -> ledger.peerConfig(it.getMetadata().getName()));
    snapshot.clusterConfigs().forEach(ledger::clusterConfig);
    var desired = new ArrayList<CiliumBGPNodeConfig>();
    var deletions = new ArrayList<String>();
    for (var decision : ledger.decide()) {
      decision.desired().ifPresent(desired::add);
      if (decision.deletes()) {
        deletions.add(decision.node());
      }
    }
    return new ClusterPlan(desired, deletions, ledger.conditions(now));
  }
}
