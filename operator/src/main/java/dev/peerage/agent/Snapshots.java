package dev.peerage.agent;

import dev.peerage.announce.Decision;
import dev.peerage.announce.Decision.Outcome;
import dev.peerage.announce.Decision.Subject;
import dev.peerage.announce.NodePlan;
import dev.peerage.kube.ServiceKey;
import dev.peerage.peering.NodeContext;
import dev.peerage.peering.NodeSnapshot;
import dev.peerage.snapshot.NodeClock;
import dev.peerage.snapshot.Snapshot;
import dev.peerage.snapshot.SnapshotFile;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's memory over restarts: keeps what the API server said last in a file, and stands in
 * with it while the API server is away. Does nothing where no folder is configured.
 */
final class Snapshots implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Snapshots.class);

  private final Inputs inputs;
  private final String nodeName;
  private final Optional<Parts> parts;

  private record Parts(
      ScheduledExecutorService thread,
      SnapshotFile file,
      LastKnown lastKnown,
      SnapshotWriter writer) {}

  /**
   * Neither reads nor writes before {@link #start}.
   *
   * @param wake called when a plan can be made of the snapshot
   */
  Snapshots(AgentSettings settings, Inputs inputs, Runnable wake) {
    this.inputs = inputs;
    this.nodeName = settings.nodeName();
    this.parts = settings.snapshot().map(each -> parts(each, wake));
  }

  private Parts parts(SnapshotSettings settings, Runnable wake) {
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("snapshot").daemon().factory());
    Timing timing = Timing.on(thread);
    var clock = new NodeClock(InstantSource.system());
    var file = new SnapshotFile(settings.folder());
    return new Parts(
        thread,
        file,
        new LastKnown(timing, () -> file.read(nodeName, clock.get(), settings.maxAge()), wake),
        new SnapshotWriter(timing, clock, inputs::areCurrent, file::write, settings.maxAge()));
  }

  void start() {
    parts.ifPresent(each -> each.lastKnown().start());
  }

  /** The plan by the snapshot, if there is one to go by. The loop's thread only. */
  Optional<NodePlan> standIn() {
    UnaryOperator<NodeContext> context = inputs::contextAround;
    return parts.flatMap(each -> each.lastKnown().plan(context));
  }

  /** The snapshot that routes come from, if they do. Any thread. */
  Optional<Snapshot> inUse() {
    return parts.flatMap(each -> each.lastKnown().inUse());
  }

  /**
   * The speaker has a plan of what the API server says.
   *
   * @param configuration what it was made of, but for Services; empty where there is no NodeConfig
   * @param changed whether it is another than before
   */
  void took(NodePlan plan, Optional<NodeSnapshot> configuration, boolean changed) {
    parts.ifPresent(each -> {
      each.lastKnown().over();
      if (changed) {
        each.writer().changed(() -> objects(plan, configuration));
      }
    });
  }

  private NodeSnapshot objects(NodePlan plan, Optional<NodeSnapshot> configuration) {
    return configuration.map(it -> with(services(plan), it)).orElseGet(this::nothing);
  }

  private NodeSnapshot nothing() {
    return new NodeSnapshot(
        new NodeBuilder().withNewMetadata().withName(nodeName).endMetadata().build(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /** Services that nothing is announced of would change nothing. */
  static Set<ServiceKey> services(NodePlan plan) {
    Set<ServiceKey> announced = new TreeSet<>();
    for (Decision decision : plan.decisions()) {
      if (decision.outcome() instanceof Outcome.Announced
          && decision.subject() instanceof Subject.ServiceAddress(var namespace, var name, _)) {
        announced.add(new ServiceKey(namespace, name));
      }
    }
    return announced;
  }

  private NodeSnapshot with(Set<ServiceKey> keys, NodeSnapshot configuration) {
    List<Service> services = keys.stream().flatMap(key -> inputs.service(key).stream()).toList();
    List<EndpointSlice> slices = keys.stream().flatMap(key -> inputs.slices(key).stream()).toList();
    return new NodeSnapshot(
        configuration.node(),
        configuration.nodeConfigs(),
        configuration.peerConfigs(),
        configuration.advertisements(),
        services,
        slices,
        configuration.context());
  }

  /** This node is not to announce anything any more, whoever starts next. */
  void forget() {
    parts.ifPresent(each -> {
      each.thread().shutdownNow();
      try {
        each.file().delete();
      } catch (IOException e) {
        log.warn("The snapshot {} could not be removed: {}", each.file().path(), e.toString());
      }
    });
  }

  @Override
  public void close() {
    parts.ifPresent(each -> each.thread().shutdownNow());
  }
}
