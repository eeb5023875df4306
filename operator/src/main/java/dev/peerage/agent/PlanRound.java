package dev.peerage.agent;

import dev.peerage.agent.Inputs.Changes.Taken;
import dev.peerage.announce.DecisionChange;
import dev.peerage.announce.NodePlan;
import dev.peerage.announce.NodePlanner;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.kube.ServiceKey;
import dev.peerage.peering.CiliumConfig;
import dev.peerage.peering.NodeSnapshot;
import dev.peerage.peering.Problem;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A round of the agent's loop: from what the watches have told since the last one to the speaker.
 * Belongs to the loop's thread, but for {@link #applied}.
 */
final class PlanRound implements AgentLoop.Round {
  private static final Logger log = LoggerFactory.getLogger(PlanRound.class);

  /** How long the speaker may take for a plan before that counts as failed. */
  private static final int APPLY_SECONDS = 30;

  private final String nodeName;
  private final Inputs inputs;
  private final Snapshots snapshots;
  private final Speaker speaker;
  private final ReconcileMetrics metrics;
  private final Runnable onApplied;
  private Optional<NodePlanner> planner = Optional.empty();
  private Optional<NodeSnapshot> planned = Optional.empty();
  private boolean live;
  private long started;
  private boolean standsBack;
  private final ChangeJournal journal;
  private final InstantSource clock;

  /** Whose plan the speaker took last: its changes tell what is new in the next one. */
  private Optional<NodePlanner> followed = Optional.empty();

  private volatile Optional<Applied> applied = Optional.empty();

  /**
   * A plan that the speaker has.
   *
   * @param objects what it was made of, but for Services; empty where that was not the API server's
   */
  record Applied(NodePlan plan, Optional<NodeSnapshot> objects) {}

  /**
   * Prepares rounds.
   *
   * @param snapshots what to go by before the watches are complete, and what to tell later
   * @param clock for the journal of changes
   * @param onApplied called after each plan that the speaker has taken
   */
  PlanRound(
      String nodeName,
      Inputs inputs,
      Snapshots snapshots,
      Speaker speaker,
      ReconcileMetrics metrics,
      InstantSource clock,
      Runnable onApplied) {
    this.nodeName = nodeName;
    this.inputs = inputs;
    this.snapshots = snapshots;
    this.speaker = speaker;
    this.metrics = metrics;
    this.clock = clock;
    this.journal = new ChangeJournal(clock.instant());
    this.onApplied = onApplied;
  }

  /** The plan that the speaker has; empty until it has one. Any thread. */
  Optional<NodePlan> applied() {
    return applied.map(Applied::plan);
  }

  /** The same with what it was made of. Any thread. */
  Optional<Applied> inForce() {
    return applied;
  }

  /** What changed last. Any thread. */
  ChangeJournal journal() {
    return journal;
  }

  @Override
  public Optional<NodePlan> plan() {
    started = System.nanoTime();
    List<String> missing = inputs.missing();
    if (!missing.isEmpty()) {
      log.debug("Waiting for the first list of {}", missing);
      live = false;
      return snapshots.standIn();
    }
    live = true;
    planned = Optional.empty();
    standBackFromCilium();
    if (standsBack || inputs.nodeConfig().isEmpty()) {
      planner = Optional.empty();
      return Optional.of(NodePlan.NOTHING);
    }
    // Before the stores are read, so that what changes meanwhile leads to the next round.
    Taken changes = inputs.changes().take();
    Optional<NodeSnapshot> configuration = inputs.configuration();
    if (configuration.isEmpty()) {
      if (inputs.node().isEmpty()) {
        log.warn(
            "There is no Node {}; sessions and routes stay as they are until there is", nodeName);
      }
      planner = Optional.empty();
      return Optional.empty();
    }
    planned = configuration;
    try {
      return Optional.of(plan(changes, configuration.get()));
    } catch (RuntimeException | Error e) {
      planner = Optional.empty(); // it may have taken only some of the changes
      throw e;
    }
  }

  /** Two speakers of one node would take the router's session from each other. */
  private void standBackFromCilium() {
    boolean before = standsBack;
    standsBack = inputs.ciliumSpeaks();
    if (standsBack && !before) {
      log.error(
          "Cilium's own BGP control plane is on: no session is held and no status written until it"
              + " is off; {}",
          CiliumConfig.remedy());
    } else if (before && !standsBack) {
      log.info("Cilium's own BGP control plane is off: sessions are held again");
    }
  }

  private NodePlan plan(Taken changes, NodeSnapshot configuration) {
    boolean whole = planner.isEmpty();
    NodePlanner current =
        planner.orElseGet(() -> new NodePlanner(applied().orElse(NodePlan.NOTHING).usable()));
    planner = Optional.of(current);
    // A new planner reads the stores: when they are complete, some of their events may still come.
    for (ServiceKey key : whole ? inputs.services() : changes.services()) {
      current.service(key, inputs.service(key), inputs.slices(key));
    }
    if (whole || changes.configuration()) {
      current.configuration(configuration);
    }
    return current.plan();
  }

  @Override
  public void problemsChanged(List<Problem> arisen, List<Problem> solved) {
    metrics.arose(inputs.nodeConfig(), arisen);
  }

  @Override
  public void apply(NodePlan next) throws InterruptedException {
    DesiredSpeaker desired = next.desired();
    Optional<NodePlan> before = applied();
    boolean changed = before.isEmpty() || desired != before.get().desired();
    try {
      if (changed) {
        // A snapshot lacks the peers with a password, which come with the first plan behind it.
        (live ? speaker.apply(desired) : speaker.applyBeforeAllPeersAreKnown(desired))
            .get(APPLY_SECONDS, TimeUnit.SECONDS);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the speaker did not take the plan", e);
    }
    keepChanges();
    applied = Optional.of(new Applied(next, live ? planned : Optional.empty()));
    if (live) {
      snapshots.took(next, planned, changed);
    }
    metrics.ran(next, Duration.ofNanos(System.nanoTime() - started));
    onApplied.run();
  }

  /** What a new planner decides first is no change of its own: only later ones are told apart. */
  private void keepChanges() {
    Optional<NodePlanner> now = live ? planner : Optional.empty();
    DecisionChange.Some changes =
        now.map(NodePlanner::takeChanges).orElse(DecisionChange.Some.NONE);
    if (now.isPresent() && followed.filter(it -> it == now.get()).isPresent()) {
      journal.add(clock.instant(), changes);
    } else {
      journal.begin(clock.instant());
    }
    followed = now;
  }
}
