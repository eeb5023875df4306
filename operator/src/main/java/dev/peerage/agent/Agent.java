package dev.peerage.agent;

import dev.peerage.agent.Changes.Taken;
import dev.peerage.announce.Decision;
import dev.peerage.announce.NodePlan;
import dev.peerage.announce.NodePlanner;
import dev.peerage.announce.ServiceKey;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.Shutdown;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.kube.EventWriter;
import dev.peerage.peering.NodeSnapshot;
import dev.peerage.peering.Problem;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent of one node: watches what concerns it, plans, drives the speaker, reports the status.
 * It needs no leader: every node has its own.
 */
public final class Agent {
  private static final Logger log = LoggerFactory.getLogger(Agent.class);
  private static final int APPLY_SECONDS = 30;
  private static final int CLOSE_MILLIS = 1500;

  private final String nodeName;
  private final Speaker speaker;
  private final Inputs inputs;
  private final AgentLoop loop;
  private final ScheduledExecutorService statusThread;
  private final StatusWriter statusWriter;
  private final EventWriter events;
  private final ReconcileMetrics metrics;
  private volatile NodePlan plan = NodePlan.NOTHING;
  private volatile boolean planned;

  // Only touched by the loop.
  private Optional<NodePlanner> planner = Optional.empty();
  private DesiredSpeaker applied = DesiredSpeaker.NOTHING;

  /**
   * Prepares an agent; nothing runs before {@link #start}.
   *
   * @param client the API server
   * @param settings what it is started with
   * @param speaker the speaker that this agent drives and closes
   * @param metrics where rounds of planning are counted
   */
  public Agent(
      KubernetesClient client, AgentSettings settings, Speaker speaker, MeterRegistry metrics) {
    this.nodeName = settings.nodeName();
    this.speaker = speaker;
    this.metrics = new ReconcileMetrics(metrics);
    this.loop = new AgentLoop(new Round());
    this.statusThread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("status-writer").daemon().factory());
    this.inputs = new Inputs(client, settings, loop::signal, this::statusChanged);
    StoredStatus stored = new StoredStatus(client, inputs::nodeConfig, InstantSource.system());
    this.events = new EventWriter(client, "agent", nodeName, InstantSource.system());
    this.statusWriter =
        new StatusWriter(
            () -> {
              tellEvents();
              return settings.reportStatus() ? report(stored) : stored.empty();
            },
            Timing.on(statusThread));
  }

  /** Starts the watches, the loop and the status reports. */
  public void start() {
    log.info("The agent of node {} starts", nodeName);
    speaker.onChange(this::statusChanged);
    loop.start();
    inputs.start();
  }

  /** What keeps the agent from being ready; empty once the first plan has reached the speaker. */
  public Map<String, String> missing() {
    if (loop.ready()) {
      return Map.of();
    }
    List<String> kinds = inputs.missing();
    return Map.of(
        "plan",
        kinds.isEmpty()
            ? "no complete plan has reached the speaker yet"
            : "waiting for the first list of " + String.join(", ", kinds));
  }

  /** What is wrong beyond repair; empty while the agent works. */
  public Map<String, String> failures() {
    return loop.alive()
        ? Map.of()
        : Map.of("loop", "the planning thread has ended; routes no longer follow the cluster");
  }

  /** What the speaker was told last, with one export statement per object and family. */
  public DesiredSpeaker desired() {
    return plan.named();
  }

  /** Why each prefix is announced to each peer or not, as of the last plan. */
  public Collection<Decision> decisions() {
    return plan.decisions();
  }

  /**
   * Stops planning and closes the sessions: those with graceful restart silently, so that the peers
   * keep the routes while the next agent starts, the others with a Cease.
   */
  public void close() throws InterruptedException {
    log.info("The agent of node {} ends", nodeName);
    loop.stop();
    // The sessions' end is none that the status should show: the next agent takes over.
    statusWriter.close();
    try {
      speaker.close(Shutdown.GRACEFUL_RESTART).get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.warn(
          "Not all sessions were closed in order; the peers notice when their hold time ends", e);
    }
    statusThread.shutdownNow();
    events.close();
    inputs.close();
  }

  private void tellEvents() {
    if (planned) {
      events.keep(
          inputs
              .nodeConfig()
              .map(config -> NodeEvents.of(config, inputs.node(), plan.problems(), speaker.state()))
              .orElse(Set.of()));
    }
  }

  /** Whether it wrote. A state that lags behind the plan would be wrong; a better one follows. */
  private boolean report(StoredStatus stored) {
    SpeakerState state = speaker.state();
    return planned && shows(plan.desired(), state) && stored.report(state, plan.problems());
  }

  private static boolean shows(DesiredSpeaker desired, SpeakerState state) {
    Map<String, Set<String>> running =
        state.instances().stream()
            .collect(
                Collectors.toMap(
                    InstanceState::name,
                    instance ->
                        instance.peers().stream()
                            .map(PeerState::name)
                            .collect(Collectors.toSet())));
    return desired.instances().stream()
        .allMatch(instance ->
            running
                .getOrDefault(instance.name(), Set.of())
                .equals(
                    instance.peers().stream().map(DesiredPeer::name).collect(Collectors.toSet())));
  }

  // The first lists have passed through the heap; it shrinks in full collections only.
  private static void giveBack() {
    System.gc();
  }

  private void statusChanged() {
    statusWriter.changed();
  }

  private final class Round implements AgentLoop.Round {
    private long started;

    @Override
    public Optional<NodePlan> plan() {
      started = System.nanoTime();
      List<String> missing = inputs.missing();
      if (!missing.isEmpty()) {
        log.debug("Waiting for the first list of {}", missing);
        return Optional.empty();
      }
      if (inputs.nodeConfig().isEmpty()) {
        planner = Optional.empty();
        return Optional.of(NodePlan.NOTHING);
      }
      // Before the stores are read: what comes later leads to the next round.
      Taken changes = inputs.changes().take();
      Optional<NodeSnapshot> configuration = inputs.configuration();
      if (configuration.isEmpty()) {
        log.warn(
            "There is no Node {}; sessions and routes stay as they are until there is", nodeName);
        planner = Optional.empty();
        return Optional.empty();
      }
      try {
        return Optional.of(follow(changes, configuration.get()));
      } catch (RuntimeException e) {
        planner = Optional.empty(); // it may have seen half of the changes
        throw e;
      }
    }

    private NodePlan follow(Taken changes, NodeSnapshot configuration) {
      boolean whole = planner.isEmpty();
      NodePlanner current = planner.orElseGet(NodePlanner::new);
      planner = Optional.of(current);
      // The first lists are known, but not all of their events may have come.
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
      try {
        if (!planned || next.desired() != applied) {
          speaker.apply(next.desired()).get(APPLY_SECONDS, TimeUnit.SECONDS);
          applied = next.desired();
        }
        plan = next;
        if (!planned) {
          planned = true;
          giveBack();
        }
        metrics.ran(next, Duration.ofNanos(System.nanoTime() - started));
        statusChanged();
      } catch (ExecutionException | TimeoutException e) {
        throw new IllegalStateException("the speaker did not take the plan", e);
      }
    }
  }
}
