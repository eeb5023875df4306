package dev.peerage.agent;

import dev.peerage.announce.Decision;
import dev.peerage.announce.NodePlan;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.Shutdown;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.kube.EventWriter;
import dev.peerage.kube.RetryPolicy;
import dev.peerage.peering.CiliumConfig;
import dev.peerage.snapshot.Snapshot;
import dev.peerage.why.ProblemsAnswer;
import dev.peerage.why.WhyAnswer;
import dev.peerage.why.WhyQuery;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
  private static final int CLOSE_MILLIS = 1500;
  private static final int EMPTY_AGAIN_MILLIS = 50;

  private final String nodeName;
  private final boolean reportsStatus;
  private final Speaker speaker;
  private final Inputs inputs;
  private final Snapshots snapshots;
  private final PlanRound round;
  private final Explanations explanations;
  private final AgentLoop loop;
  private final Liveness liveness;
  private final ScheduledExecutorService statusThread;
  private final StatusWriter statusWriter;
  private final StoredStatus storedStatus;
  private final EventWriter events;
  private final Optional<OwnDaemonSet> daemonSet;
  private final WarmUp.Once warmUp;

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
    this.reportsStatus = settings.reportStatus();
    this.speaker = speaker;
    this.inputs = new Inputs(client, settings, this::changed, this::statusChanged);
    this.snapshots = new Snapshots(settings, inputs, this::changed);
    this.round =
        new PlanRound(
            nodeName,
            inputs,
            snapshots,
            speaker,
            new ReconcileMetrics(metrics),
            InstantSource.system(),
            this::applied);
    this.explanations = new Explanations(nodeName, inputs, round, speaker);
    this.warmUp = new WarmUp.Once(client.getKubernetesSerialization());
    Gauge.builder("peerage.agent.snapshot.in.use", () -> snapshots.inUse().isPresent() ? 1 : 0)
        .description("1 while routes come from the snapshot, because the API server is away")
        .register(metrics);
    this.loop = new AgentLoop(round, RetryPolicy.STANDARD);
    this.liveness = new Liveness(speaker::ping, loop::progress, loop::alive);
    this.statusThread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("status-writer").daemon().factory());
    this.storedStatus = new StoredStatus(client, inputs::nodeConfig, InstantSource.system());
    this.events = new EventWriter(client, "agent", nodeName, InstantSource.system());
    this.statusWriter = new StatusWriter(this::report, Timing.on(statusThread));
    this.daemonSet = settings.daemonSet().map(each -> new OwnDaemonSet(client, each, nodeName));
  }

  /** Starts the watches, the loop and the status reports. */
  public void start() {
    log.info("The agent of node {} starts", nodeName);
    speaker.onChange(this::statusChanged);
    loop.start();
    liveness.start();
    inputs.start();
    snapshots.start();
    daemonSet.ifPresent(OwnDaemonSet::start);
  }

  /**
   * What keeps the agent from being ready; empty once a plan of what the API server says has
   * reached the speaker, and the code that later changes go through is compiled. A plan of the
   * snapshot is not enough: a rollout would go on to the next node although the new agents cannot
   * see the cluster.
   */
  public Map<String, String> missing() {
    Map<String, String> unknown = unknown();
    return unknown.isEmpty() && !warmUp.isDone()
        ? Map.of("warm-up", "the code that changes go through is being compiled")
        : unknown;
  }

  /** Why what is announced is not a plan of what the API server says; empty when it is. */
  private Map<String, String> unknown() {
    if (inputs.ciliumSpeaks()) {
      return Map.of(
          "cilium",
          "Cilium's own BGP control plane is on; no session is held until it is off; "
              + CiliumConfig.remedy());
    }
    Optional<Snapshot> standIn = snapshots.inUse();
    if (standIn.isEmpty() && loop.ready()) {
      return Map.of();
    }
    List<String> kinds = inputs.missing();
    if (standIn.isPresent()) {
      return Map.of(
          "plan",
          "announced is what the snapshot of %s says; not known from the API server yet: %s"
              .formatted(standIn.get().taken().time(), kinds));
    }
    return Map.of(
        "plan",
        kinds.isEmpty()
            ? "no complete plan has reached the speaker yet"
            : "waiting for the first list of " + String.join(", ", kinds));
  }

  /** What is wrong beyond repair; empty while the agent works. */
  public Map<String, String> failures() {
    return liveness.failures();
  }

  /**
   * Completes, with what is wrong by name, when something is wrong beyond repair, so that only a
   * new process helps; until then and after an orderly end it is not complete.
   */
  public CompletionStage<Map<String, String>> failure() {
    return liveness.failure();
  }

  /** What the speaker was told last, with one export statement per object and family. */
  public DesiredSpeaker desired() {
    return round.applied().orElse(NodePlan.NOTHING).named();
  }

  /** Why each prefix is announced to each peer or not, as of the last plan. */
  public Collection<Decision> decisions() {
    return round.applied().orElse(NodePlan.NOTHING).decisions();
  }

  /** Why a Service or a prefix is announced to each peer or not, and what is on the wire. */
  public WhyAnswer why(WhyQuery query)
      throws InterruptedException, ExecutionException, TimeoutException {
    return explanations.why(query, standing());
  }

  /** What of the objects cannot be done on this node. */
  public ProblemsAnswer problems() {
    return explanations.problems(standing());
  }

  /** Why what is announced is not what the API's objects say; empty when it is. */
  private String standing() {
    Map<String, String> unknown = unknown();
    return unknown.isEmpty() && inputs.nodeConfig().isEmpty()
        ? "there is no CiliumBGPNodeConfig " + nodeName
        : String.join("; ", unknown.values());
  }

  /**
   * Stops planning and closes the sessions. Where another agent follows, those with graceful
   * restart close silently, so that the peers keep the routes meanwhile, and the others with a
   * Cease. Where none does, the peers are told that the peering is over, and the status is emptied.
   */
  public void close() throws InterruptedException {
    log.info("The agent of node {} ends", nodeName);
    liveness.close();
    loop.stop();
    Ending ending = daemonSet.isPresent() ? daemonSet.get().ending() : new Ending.Restart();
    statusWriter.close();
    switch (ending) {
      // The status keeps its sessions: they end because the next agent is about to take over.
      case Ending.Restart _ -> closeSessions(Shutdown.GRACEFUL_RESTART);
      case Ending.ForGood(var why) -> {
        log.info("No agent follows on this node, because {}; its routes are withdrawn", why);
        snapshots.forget();
        Future<?> emptied = statusThread.submit(this::emptyStatus);
        closeSessions(Shutdown.DECONFIGURE);
        await(emptied);
      }
    }
    statusThread.shutdownNow();
    snapshots.close();
    events.close();
    inputs.close();
  }

  private void closeSessions(Shutdown how) throws InterruptedException {
    try {
      speaker.close(how).get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.warn(
          "Not all sessions were closed in order; the peers notice when their hold time ends", e);
    }
  }

  /** On the status thread, behind a write that may be under way. */
  private void emptyStatus() {
    try {
      while (!storedStatus.isEmpty()) {
        boolean _ = storedStatus.empty();
        Thread.sleep(EMPTY_AGAIN_MILLIS); // the watch may have to tell of our own last write first
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(Future<?> emptied) throws InterruptedException {
    try {
      emptied.get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.warn(
          "The status of this node's CiliumBGPNodeConfig could not be emptied; it shows sessions"
              + " that have ended: {}",
          e.toString());
    }
  }

  private void changed() {
    loop.signal();
  }

  private void applied() {
    if (snapshots.inUse().isEmpty()) {
      warmUp.start(); // not before: the sessions come first
    }
    statusChanged();
  }

  private void statusChanged() {
    statusWriter.changed();
  }

  /** Brings Events and status up to date. Returns whether it wrote the status. */
  private boolean report() {
    if (inputs.ciliumSpeaks()) {
      return false; // It is Cilium's agent that writes it.
    }
    SpeakerState state = speaker.state();
    round.applied().ifPresent(plan -> tellEvents(plan, state));
    if (!reportsStatus) {
      return storedStatus.empty();
    }
    return round
        .applied()
        .filter(plan -> shows(plan.desired(), state))
        .map(plan -> storedStatus.report(state, plan.problems()))
        .orElse(false);
  }

  private void tellEvents(NodePlan plan, SpeakerState state) {
    events.keep(
        inputs
            .nodeConfig()
            .map(config -> NodeEvents.of(config, inputs.node(), plan.problems(), state))
            .orElse(Set.of()));
  }

  /**
   * Whether the state is of this plan's peers. One that lags behind would be wrong as a status; the
   * speaker tells of a newer one soon.
   */
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
}
