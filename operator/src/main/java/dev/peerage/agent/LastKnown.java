package dev.peerage.agent;

import dev.peerage.announce.NodePlan;
import dev.peerage.announce.NodePlanner;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.kube.ServiceKey;
import dev.peerage.peering.NodeContext;
import dev.peerage.peering.NodeSnapshot;
import dev.peerage.snapshot.Reading;
import dev.peerage.snapshot.Snapshot;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is announced as long as the API server has not said what there is: nothing while it has a
 * moment to answer, then what the snapshot says, and nothing of that once the API server has said
 * everything. It is all of the one or all of the other, never a mixture.
 */
final class LastKnown {
  /**
   * How long the API server has. Answers of a healthy one take less, so that nothing is announced
   * that it would take back; and routers keep the routes of a node that restarts for longer.
   */
  static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Logger log = LoggerFactory.getLogger(LastKnown.class);

  private final Timing timing;
  private final Supplier<Reading> file;
  private final Runnable wake;
  private volatile Optional<Replay> replay = Optional.empty();
  private volatile boolean over;

  /**
   * Knows nothing before the file is read.
   *
   * @param file reads the snapshot; called once at most
   * @param wake called when a plan can be made of it
   */
  LastKnown(Timing timing, Supplier<Reading> file, Runnable wake) {
    this.timing = timing;
    this.file = file;
    this.wake = wake;
  }

  /** The API server's time begins. */
  void start() {
    timing.schedule(PATIENCE, this::read);
  }

  private void read() {
    if (over) {
      return;
    }
    switch (file.get()) {
      case Reading.Usable(var snapshot, var age) -> {
        log.warn(
            "The API server has not said everything within {} s; what it said last is announced"
                + " until it has: the snapshot of {}, {} s old, {} Services{}",
            PATIENCE.toSeconds(),
            snapshot.taken().time(),
            age.toSeconds(),
            snapshot.objects().services().size(),
            withPasswords(snapshot.objects()));
        replay = Optional.of(new Replay(snapshot));
        wake.run();
      }
      case Reading.Absent _ ->
          log.warn(
              "The API server has not said everything within {} s, and there is no snapshot;"
                  + " nothing is announced until it has",
              PATIENCE.toSeconds());
      case Reading.Unusable(var why) ->
          log.warn(
              "The API server has not said everything within {} s, and the snapshot {}; nothing is"
                  + " announced until it has",
              PATIENCE.toSeconds(),
              why);
    }
  }

  private static String withPasswords(NodeSnapshot objects) {
    List<String> configs =
        objects.peerConfigs().stream()
            .filter(config -> config.getSpec().authSecretRef() != null)
            .map(CiliumBGPPeerConfig::getMetadata)
            .map(metadata -> metadata.getName())
            .sorted()
            .toList();
    return configs.isEmpty()
        ? ""
        : "; it has no passwords, so that peers of the CiliumBGPPeerConfigs "
            + configs
            + " wait for the API server";
  }

  /**
   * The plan of the snapshot; empty when there is none, or not yet, or no more. One thread only.
   *
   * @param context the node as it is, around what the snapshot has
   */
  Optional<NodePlan> plan(UnaryOperator<NodeContext> context) {
    return over ? Optional.empty() : replay.map(each -> each.plan(context));
  }

  /** The API server has said everything: the snapshot does not count any more. */
  void over() {
    if (!over) {
      over = true;
      if (replay.isPresent()) {
        log.info("The API server has said everything; that is announced instead of the snapshot");
      }
      replay = Optional.empty();
    }
  }

  /** The snapshot that routes come from, if they do. Any thread. */
  Optional<Snapshot> inUse() {
    return replay.map(Replay::snapshot);
  }

  /** A planner that was told what the snapshot has; only the node around it changes. */
  private record Replay(Snapshot snapshot, NodePlanner planner) {
    Replay(Snapshot snapshot) {
      this(snapshot, new NodePlanner());
      NodeSnapshot objects = snapshot.objects();
      Map<ServiceKey, List<EndpointSlice>> slices =
          objects.endpointSlices().stream().collect(Collectors.groupingBy(ServiceKey::ofOwner));
      for (Service service : objects.services()) {
        ServiceKey key = ServiceKey.of(service);
        planner.service(key, Optional.of(service), slices.getOrDefault(key, List.of()));
      }
    }

    NodePlan plan(UnaryOperator<NodeContext> context) {
      NodeSnapshot objects = snapshot.objects();
      if (objects.nodeConfigs().isEmpty()) {
        return NodePlan.NOTHING;
      }
      planner.configuration(
          new NodeSnapshot(
              objects.node(),
              objects.nodeConfigs(),
              objects.peerConfigs(),
              objects.advertisements(),
              List.of(),
              List.of(),
              context.apply(objects.context())));
      return planner.plan();
    }
  }
}
