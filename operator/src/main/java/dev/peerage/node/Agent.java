package dev.peerage.node;

import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.Shutdown;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.bgp.speaker.SpeakerState;
import io.fabric8.kubernetes.client.KubernetesClient;
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
  private volatile NodePlan plan = NodePlan.NOTHING;
  private volatile boolean planned;

  /**
   * Prepares an agent; nothing runs before {@link #start}.
   *
   * @param client the API server
   * @param nodeName the Node that this process runs on
   * @param speaker the speaker that this agent drives and closes
   * @param reportStatus whether the status is kept up to date, or emptied once
   */
  public Agent(KubernetesClient client, String nodeName, Speaker speaker, boolean reportStatus) {
    this.nodeName = nodeName;
    this.speaker = speaker;
    this.loop = new AgentLoop(new Round());
    this.statusThread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("status-writer").daemon().factory());
    this.inputs = new Inputs(client, nodeName, loop::signal, this::statusChanged);
    StoredStatus stored = new StoredStatus(client, inputs::nodeConfig);
    this.statusWriter =
        new StatusWriter(
            reportStatus ? () -> report(stored) : stored::empty, Timing.on(statusThread));
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
    inputs.close();
  }

  /** Whether it wrote. A state that lags behind the plan would be wrong; a better one follows. */
  private boolean report(StoredStatus stored) {
    SpeakerState state = speaker.state();
    return planned && shows(plan.desired(), state) && stored.report(state);
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

  private void statusChanged() {
    statusWriter.changed();
  }

  private final class Round implements AgentLoop.Round {
    @Override
    public Optional<NodePlan> plan() {
      List<String> missing = inputs.missing();
      if (!missing.isEmpty()) {
        log.debug("Waiting for the first list of {}", missing);
        return Optional.empty();
      }
      if (inputs.nodeConfig().isEmpty()) {
        return Optional.of(NodePlan.NOTHING);
      }
      Optional<NodeSnapshot> snapshot = inputs.snapshot();
      if (snapshot.isEmpty()) {
        log.warn(
            "There is no Node {}; sessions and routes stay as they are until there is", nodeName);
      }
      return snapshot.map(NodePlanner::plan);
    }

    @Override
    public void apply(NodePlan next) throws InterruptedException {
      try {
        speaker.apply(next.desired()).get(APPLY_SECONDS, TimeUnit.SECONDS);
        plan = next;
        planned = true;
        statusChanged();
      } catch (ExecutionException | TimeoutException e) {
        throw new IllegalStateException("the speaker did not take the plan", e);
      }
    }
  }
}
