package dev.peerage.bgp.speaker;

import dev.peerage.bgp.session.StopReason;
import dev.peerage.bgp.transport.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances of a speaker. One that this program failed at ends its sessions and starts anew
 * after a rest, 1 s at first, then 2 s, 4 s … up to a minute; the others go on. To be used on the
 * event loop only.
 */
final class Instances {
  private static final Logger log = LoggerFactory.getLogger(Instances.class);
  private static final Duration LONGEST_REST = Duration.ofMinutes(1);

  /** After so long without a fault the next one is a first one. */
  private static final Duration FORGIVEN = Duration.ofMinutes(10);

  private final Environment environment;
  private final InstanceListener listener;
  private final Tasks tasks;
  private final Map<String, Instance> running = new TreeMap<>();
  private final Map<String, Resting> resting = new TreeMap<>();
  private final Map<String, Faults> faults = new HashMap<>();
  private final Set<CompletableFuture<Void>> leaving = new HashSet<>();
  private DesiredSpeaker applied = DesiredSpeaker.NOTHING;
  private boolean restarting;

  /** An instance that failed and will start again. */
  private record Resting(DesiredInstance desired, String problem, Instant since, Future<?> end) {}

  /** How often in a row, and when by the loop's clock it was for the last time. */
  private record Faults(int count, long last) {}

  /**
   * No instance.
   *
   * @param restarting whether the first ones may have been run by a process before this one
   */
  Instances(Environment environment, boolean restarting, InstanceListener listener) {
    this.environment = environment;
    this.restarting = restarting;
    this.listener = listener;
    this.tasks = environment.tasks();
  }

  /**
   * As {@link Speaker#apply}.
   *
   * @param allPeers whether it has all peers that the process before this one had
   */
  CompletableFuture<Void> change(DesiredSpeaker desired, StopReason toRemoved, boolean allPeers) {
    InstanceDiff diff = InstanceDiff.between(applied, desired);
    applied = desired;
    for (String name : diff.removed()) {
      faults.remove(name);
      stop(name, toRemoved);
    }
    for (DesiredInstance instance : diff.recreated()) {
      log.info("{}: starts anew, its ASN or router ID changed", instance.name());
      replace(instance, toRemoved);
    }
    for (DesiredInstance instance : diff.kept()) {
      update(instance, toRemoved);
    }
    for (DesiredInstance instance : diff.added()) {
      start(instance, restarting, Set.of());
    }
    // Peers that come later did not see the process that ended.
    restarting &= !allPeers;
    return CompletableFuture.allOf(
        Stream.concat(
                running.values().stream().map(Instance::originated),
                resting.values().stream().map(Instances::failure))
            .toArray(CompletableFuture<?>[]::new));
  }

  private static CompletableFuture<Void> failure(Resting instance) {
    return CompletableFuture.failedFuture(
        new IllegalStateException("instance " + instance.desired.name() + ": " + instance.problem));
  }

  /**
   * Ends an instance for one that follows it. With another ASN, routes of the old one are of no
   * use: the peers want, and the routes say, another AS. The router ID is no part of a route: peers
   * that keep routes over NOTIFICATIONs keep them, and hear in the next OPEN that they are
   * forwarded.
   */
  private void replace(DesiredInstance next, StopReason toRemoved) {
    Instance before = running.get(next.name());
    if (before == null) {
      stop(next.name(), toRemoved);
      start(next, false, Set.of());
      return;
    }
    boolean sameAsn = before.desired().localAsn() == next.localAsn();
    Map<String, DesiredPeer> after =
        next.peers().stream().collect(Collectors.toMap(DesiredPeer::name, peer -> peer));
    Map<String, StopReason> reasons = new HashMap<>();
    Set<String> forwarded = new HashSet<>();
    for (Peer peer : before.peers()) {
      String name = peer.desired().name();
      DesiredPeer follows = after.get(name);
      boolean stays =
          follows != null
              && sameAsn
              && PeerEffect.of(peer.desired(), follows).compareTo(PeerEffect.HARD_RESET) < 0;
      reasons.put(
          name,
          follows == null ? toRemoved : stays ? StopReason.RECONFIGURED : StopReason.REPLACED);
      if (stays && peer.forwards()) {
        forwarded.add(name);
      }
    }
    stop(next.name(), peer -> reasons.getOrDefault(peer.desired().name(), StopReason.REPLACED));
    start(next, false, forwarded);
  }

  private void start(DesiredInstance instance, boolean again, Set<String> forwarded) {
    try {
      running.put(
          instance.name(),
          new Instance(environment, instance, again, forwarded, listener, this::broke));
    } catch (RuntimeException | Error fault) {
      tasks.failed(fault);
      rest(instance, fault);
    }
  }

  private void update(DesiredInstance desired, StopReason toRemoved) {
    Instance instance = running.get(desired.name());
    if (instance != null) {
      try {
        instance.update(desired, toRemoved, restarting);
      } catch (RuntimeException | Error fault) {
        tasks.failed(fault);
        broke(instance, desired, fault);
      }
    }
    resting.computeIfPresent(
        desired.name(), (_, rest) -> new Resting(desired, rest.problem, rest.since, rest.end));
  }

  private void stop(String name, StopReason reason) {
    stop(name, _ -> reason);
  }

  private void stop(String name, Function<Peer, StopReason> reason) {
    Resting rest = resting.remove(name);
    if (rest != null) {
      rest.end.cancel(false);
    }
    Instance instance = running.remove(name);
    if (instance != null) {
      CompletableFuture<Void> stopped = instance.stop(reason, "");
      leaving.add(stopped);
      stopped.thenRun(() -> leaving.remove(stopped));
    }
  }

  private void broke(Instance instance, Throwable fault) {
    broke(instance, instance.desired(), fault);
  }

  private void broke(Instance instance, DesiredInstance desired, Throwable fault) {
    if (running.get(desired.name()) != instance) {
      return; // It is over.
    }
    instance.giveUp(fault);
    try {
      stop(desired.name(), StopReason.FAILED);
    } finally {
      rest(desired, fault);
    }
  }

  private void rest(DesiredInstance desired, Throwable fault) {
    long now = tasks.nanoTime();
    Faults before = faults.get(desired.name());
    int count = before == null || now - before.last > FORGIVEN.toNanos() ? 1 : before.count + 1;
    faults.put(desired.name(), new Faults(count, now));
    Duration rest = Duration.ofSeconds(1L << Math.min(count - 1, 6));
    Duration wait = rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST;
    String problem =
        "ended by an internal fault, which the log tells; starts again in "
            + wait.toSeconds()
            + " s: "
            + fault;
    log.error("{}: {}", desired.name(), problem);
    resting.put(
        desired.name(),
        new Resting(
            desired,
            problem,
            environment.now(),
            tasks.schedule(() -> startAgain(desired.name()), wait)));
    listener.changed();
  }

  private void startAgain(String name) {
    Resting rest = resting.remove(name);
    if (rest != null) {
      log.info("{}: starts again", name);
      // As after a restart of the process: what peers kept is still forwarded.
      start(rest.desired, true, Set.of());
      listener.changed();
    }
  }

  /**
   * The received routes of all peers take more memory than they may: the peer with most of them
   * loses its session, or what was kept of it while it is away.
   */
  void relieve() {
    if (running.values().stream().anyMatch(instance -> instance.rib().hasWork())) {
      return; // Something is being dropped already, or soon will be.
    }
    running.values().stream()
        .flatMap(instance -> instance.peers().stream())
        .filter(Peer::isUsed)
        .max(Comparator.comparingLong(peer -> peer.received().bytes()))
        .ifPresent(Peer::overBudget);
  }

  Optional<Instance> find(String name) {
    return Optional.ofNullable(running.get(name));
  }

  /** The states of all, sorted by name. */
  List<InstanceState> states() {
    return Stream.concat(
            running.values().stream().map(Instance::state),
            resting.values().stream().map(Instances::state))
        .sorted(Comparator.comparing(InstanceState::name))
        .toList();
  }

  private static InstanceState state(Resting instance) {
    DesiredInstance desired = instance.desired;
    var error = new SessionError.Ended(instance.problem, instance.since);
    return new InstanceState(
        desired.name(),
        desired.localAsn(),
        desired.routerId(),
        desired.peers().stream()
            .map(peer -> PeerSnapshot.ofNone(peer, error, instance.since))
            .toList(),
        instance.problem,
        ListenFault.INSTANCE_FAILED);
  }

  /** Ends all of them for good; completes when their sockets are closed. */
  CompletableFuture<Void> stopAll(Shutdown how, String words) {
    resting.values().forEach(rest -> rest.end.cancel(false));
    resting.clear();
    List<CompletableFuture<Void>> all = new ArrayList<>(leaving);
    for (Instance instance : running.values()) {
      all.add(instance.stop(peer -> peer.stopReason(how), words));
    }
    running.clear();
    return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
  }
}
