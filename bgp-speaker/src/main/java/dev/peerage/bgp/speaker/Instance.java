package dev.peerage.bgp.speaker;

import dev.peerage.bgp.rib.Rib;
import dev.peerage.bgp.rib.RibSettings;
import dev.peerage.bgp.session.StopReason;
import dev.peerage.bgp.transport.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** A running instance: its peers, RIB and listener. */
final class Instance {
  /** Some milliseconds of work, also in a process that has just started. */
  private static final int SLICE_PREFIXES = 8_192;

  private final Environment environment;
  private final InstanceListener listener;
  private final Tasks tasks;
  private final Rib rib;
  private final PeerAdmission admission;
  private final InstanceSocket socket;
  private final Map<String, Peer> peers = new LinkedHashMap<>();
  private final Set<CompletableFuture<Void>> leaving = new HashSet<>();
  private final SignatureWatch signatures;
  private boolean wakes;
  private boolean works;
  private boolean stopped;
  private CompletableFuture<Void> originated = CompletableFuture.completedFuture(null);
  private DesiredInstance desired;

  /**
   * Starts an instance.
   *
   * @param restarting whether the process before this one may have run it
   * @param forwarded the peers that may keep routes of the instance that this one follows
   * @param failed hears on the event loop of a fault after which this instance is of no use
   */
  Instance(
      Environment environment,
      DesiredInstance desired,
      boolean restarting,
      Set<String> forwarded,
      InstanceListener listener,
      BiConsumer<Instance, Throwable> failed) {
    this.environment = environment;
    this.listener = listener;
    this.desired = desired;
    this.tasks =
        environment
            .tasks()
            .of(Tasks.Part.INSTANCE, desired.name(), fault -> failed.accept(this, fault));
    this.admission = new PeerAdmission(desired.name(), environment);
    this.rib =
        new Rib(
            new RibSettings(desired.localAsn(), desired.routerId(), false),
            environment.budget(),
            SLICE_PREFIXES,
            this::workArose);
    originate(desired);
    for (DesiredPeer peer : desired.peers()) {
      peers.put(peer.name(), peer(peer, restarting, forwarded.contains(peer.name())));
    }
    admission.use(peers.values());
    this.socket = new InstanceSocket(environment, desired.name(), admission, listener);
    socket.use(desired.listen());
    peers.values().forEach(Peer::start);
    this.signatures = new SignatureWatch(environment.tasks(), desired.name(), () -> peers.values());
  }

  /**
   * Takes a new desired state with the same ASN and router ID.
   *
   * @param toRemoved what peers hear that are no longer wanted
   * @param restarting whether peers that are new here may keep what the process before this one
   *     told them
   */
  void update(DesiredInstance next, StopReason toRemoved, boolean restarting) {
    if (next.equals(desired)) {
      return;
    }
    // Routes first: sessions that come up then find them all.
    if (!next.routes().equals(desired.routes())) {
      originate(next);
      routesChanged();
    }
    desired = next;
    Map<String, Peer> before = new LinkedHashMap<>(peers);
    peers.clear();
    List<DesiredPeer> kept = new ArrayList<>();
    for (DesiredPeer peer : next.peers()) {
      Peer was = before.get(peer.name());
      if (was != null && PeerEffect.of(was.desired(), peer) != PeerEffect.REPLACE) {
        before.remove(peer.name());
        peers.put(peer.name(), was);
        kept.add(peer);
      } else {
        peers.put(peer.name(), peer(peer, restarting && was == null, false));
      }
    }
    // Remove, update, add.
    before.values().forEach(peer -> remove(peer, toRemoved, ""));
    kept.forEach(peer -> peerOf(peer).update(next, peer));
    guard();
    next.peers().stream()
        .filter(peer -> !kept.contains(peer))
        .forEach(peer -> peerOf(peer).start());
    listener.changed();
  }

  private Peer peer(DesiredPeer peer, boolean restarting, boolean forwarded) {
    return new Peer(environment, tasks, desired, peer, rib, restarting, forwarded, new Changes());
  }

  /** What the peers tell: the speaker hears of it, and of changed routes all of them. */
  private final class Changes implements PeerListener {
    @Override
    public void changed() {
      listener.changed();
    }

    @Override
    public void counted() {
      listener.counted();
    }

    @Override
    public void overBudget() {
      listener.overBudget();
    }

    @Override
    public void happened(SpeakerEvent event) {
      listener.happened(event);
    }

    @Override
    public void routesChanged() {
      Instance.this.routesChanged();
    }
  }

  private Peer peerOf(DesiredPeer peer) {
    Peer found = peers.get(peer.name());
    if (found == null) {
      throw new IllegalStateException("no peer " + peer.name());
    }
    return found;
  }

  /** Ends all sessions and the listener; completes when the sockets are closed. */
  CompletableFuture<Void> stop(Function<Peer, StopReason> reason, String words) {
    signatures.stop();
    stopped = true;
    originated.complete(null);
    socket.close();
    for (Peer peer : peers.values()) {
      // Each of them ends, whatever happens at the end of another.
      environment.tasks().run(() -> remove(peer, reason.apply(peer), words));
    }
    peers.clear();
    return CompletableFuture.allOf(leaving.toArray(CompletableFuture<?>[]::new));
  }

  private void remove(Peer peer, StopReason reason, String words) {
    try {
      peer.remove(reason, words);
    } finally {
      CompletableFuture<Void> closed = peer.session().closed();
      leaving.add(closed);
      closed.thenRun(() -> leaving.remove(closed));
    }
  }

  Rib rib() {
    return rib;
  }

  Collection<Peer> peers() {
    return peers.values();
  }

  InstanceState state() {
    return new InstanceState(
        desired.name(),
        desired.localAsn(),
        desired.routerId(),
        peers.values().stream().map(Peer::state).toList(),
        socket.problem(),
        socket.fault());
  }

  private Instant now() {
    return environment.now();
  }

  // Once per turn of the event loop, however many messages arrived in it.
  private void routesChanged() {
    if (!wakes) {
      wakes = true;
      tasks.execute(() -> {
        wakes = false;
        peers.values().forEach(Peer::wake);
      });
    }
    listener.changed();
  }

  private void originate(DesiredInstance next) {
    if (originated.isDone()) {
      originated = new CompletableFuture<>();
    }
    rib.originate(next.routes(), now());
    worked();
  }

  /** It is of no use any more: whoever waits for its routes hears why. */
  void giveUp(Throwable fault) {
    originated.completeExceptionally(
        new IllegalStateException("instance " + desired.name() + " failed: " + fault, fault));
  }

  DesiredInstance desired() {
    return desired;
  }

  /** Done when the RIB has all routes of the desired state, or nobody wants them any more. */
  CompletableFuture<Void> originated() {
    return originated;
  }

  private void worked() {
    if (!rib.isOriginating()) {
      originated.complete(null);
    }
  }

  // As a timer, and not as a task: those that were added meanwhile run, 64 of them, before the
  // loop looks at its sockets and its clock again.
  private void workArose() {
    if (!works && !stopped) {
      works = true;
      tasks.schedule(this::work, Duration.ZERO);
    }
  }

  private void work() {
    works = false;
    if (stopped) {
      return;
    }
    rib.work(now());
    worked();
    routesChanged();
    if (rib.hasWork()) {
      workArose();
    }
  }

  /** Connections that come from now on are for these peers and must have what they want. */
  private void guard() {
    admission.use(peers.values());
    socket.use(desired.listen());
  }
}
