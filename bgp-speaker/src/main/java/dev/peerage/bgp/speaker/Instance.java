package dev.peerage.bgp.speaker;

import dev.peerage.bgp.rib.Rib;
import dev.peerage.bgp.rib.RibSettings;
import dev.peerage.bgp.session.Farewell;
import dev.peerage.bgp.transport.ConnectionEvents;
import dev.peerage.bgp.transport.Listener;
import dev.peerage.bgp.transport.Network;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running instance: its peers, RIB and listener. */
final class Instance {
  private static final Logger LOG = LoggerFactory.getLogger(Instance.class);

  private final Surroundings around;
  private final Rib rib;
  private final Optional<Listener> listener;
  private final Map<String, Peer> peers = new LinkedHashMap<>();
  private final Set<CompletableFuture<Void>> leaving = new HashSet<>();
  private DesiredInstance desired;

  /** Starts it. */
  Instance(Surroundings speaker, DesiredInstance desired, boolean restarting) {
    this.around = speaker.withRoutesChanged(this::routesChanged);
    this.desired = desired;
    this.rib = new Rib(new RibSettings(desired.localAsn(), desired.routerId(), false));
    rib.originate(desired.routes(), now());
    for (DesiredPeer peer : desired.peers()) {
      peers.put(peer.name(), new Peer(around, desired, peer, rib, restarting));
    }
    this.listener =
        switch (desired.listen()) {
          case DesiredInstance.Listen.Off _ -> Optional.empty();
          case DesiredInstance.Listen.On(var address, var port) ->
              Optional.of(
                  Listener.start(
                      around.network(),
                      around.settings().addresses().toSocket(address, port),
                      desired.name(),
                      this::admit));
        };
    peers.values().forEach(Peer::start);
  }

  /**
   * Takes a new desired state with the same ASN, router ID and listener.
   *
   * @param toRemoved what peers hear that are no longer wanted
   */
  void update(DesiredInstance next, Farewell toRemoved) {
    if (next.equals(desired)) {
      return;
    }
    // Routes first: sessions that come up then find them all.
    if (!next.routes().equals(desired.routes())) {
      rib.originate(next.routes(), now());
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
        peers.put(peer.name(), new Peer(around, next, peer, rib, false));
      }
    }
    // Remove, update, add.
    before.values().forEach(peer -> remove(peer, toRemoved, ""));
    kept.forEach(peer -> peerOf(peer).update(peer));
    next.peers().stream()
        .filter(peer -> !kept.contains(peer))
        .forEach(peer -> peerOf(peer).start());
    around.changed().run();
  }

  private Peer peerOf(DesiredPeer peer) {
    Peer found = peers.get(peer.name());
    if (found == null) {
      throw new IllegalStateException("no peer " + peer.name());
    }
    return found;
  }

  /** Ends all sessions and the listener; completes when the sockets are closed. */
  CompletableFuture<Void> stop(Function<Peer, Farewell> farewell, String words) {
    listener.ifPresent(Listener::close);
    for (Peer peer : peers.values()) {
      remove(peer, farewell.apply(peer), words);
    }
    peers.clear();
    return CompletableFuture.allOf(leaving.toArray(CompletableFuture<?>[]::new));
  }

  private void remove(Peer peer, Farewell farewell, String words) {
    peer.remove(farewell, words);
    CompletableFuture<Void> closed = peer.session().closed();
    leaving.add(closed);
    closed.thenRun(() -> leaving.remove(closed));
  }

  Rib rib() {
    return rib;
  }

  InstanceState state() {
    return new InstanceState(
        desired.name(),
        desired.localAsn(),
        desired.routerId(),
        peers.values().stream().map(Peer::state).toList(),
        listener.map(Listener::problem).orElse(""));
  }

  private Instant now() {
    return around.settings().clock().instant();
  }

  private void routesChanged() {
    peers.values().forEach(Peer::wake);
    around.changed().run();
  }

  private Optional<Network.Admission> admit(InetSocketAddress remote) {
    InetAddress address = around.settings().addresses().toLogical(remote.getAddress());
    List<Peer> candidates =
        peers.values().stream().filter(peer -> peer.desired().address().equals(address)).toList();
    for (Peer peer : candidates) {
      Optional<ConnectionEvents> events = peer.session().accept();
      if (events.isPresent()) {
        return Optional.of(new Network.Admission(events.get(), peer.hops()));
      }
    }
    if (candidates.isEmpty()) {
      LOG.info(
          "{}: connection from {} closed: no such peer", desired.name(), address.getHostAddress());
    } else {
      LOG.debug(
          "{}: connection from {} closed: it has one already",
          desired.name(),
          address.getHostAddress());
    }
    return Optional.empty();
  }
}
