package dev.peerage.announce;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.peering.AdvertisementItem;
import dev.peerage.peering.ResolvedInstance;
import dev.peerage.peering.ResolvedInstance.ResolvedPeer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The peers in groups that the same advertisements reach and that therefore share a route policy.
 * What is decided for the first peer of a group holds for all of them: it is decided and kept once,
 * and the speaker sees without comparing prefixes that their policies are equal. Immutable.
 */
final class PolicyGroups {
  static final PolicyGroups NONE = new PolicyGroups(List.of());

  /** Names a peer of an instance. */
  record PeerKey(String instance, String peer) {}

  /** All that decides what a peer is told. */
  private record Reached(
      boolean hasConfig, Map<AddressFamily, List<AdvertisementItem>> advertisements) {}

  private final List<ResolvedInstance> firstPeers;
  private final Map<PeerKey, PeerKey> firstOfGroup;

  PolicyGroups(List<ResolvedInstance> instances) {
    Map<Reached, PeerKey> groups = new HashMap<>();
    Map<PeerKey, PeerKey> firsts = new LinkedHashMap<>();
    List<ResolvedInstance> withFirstPeers = new ArrayList<>();
    for (ResolvedInstance instance : instances) {
      List<ResolvedPeer> firstHere = new ArrayList<>();
      for (ResolvedPeer peer : instance.peers()) {
        var key = new PeerKey(instance.name(), peer.name());
        PeerKey first =
            groups.computeIfAbsent(new Reached(peer.hasConfig(), peer.advertisements()), _ -> key);
        firsts.put(key, first);
        if (first.equals(key)) {
          firstHere.add(peer);
        }
      }
      withFirstPeers.add(instance.withPeers(firstHere));
    }
    this.firstPeers = List.copyOf(withFirstPeers);
    this.firstOfGroup = Collections.unmodifiableMap(firsts);
  }

  /** The instances with the first peer of each group only: the ones to decide for. */
  List<ResolvedInstance> firstPeers() {
    return firstPeers;
  }

  /** All peers in order, each with the first peer of its group. */
  Map<PeerKey, PeerKey> firstOfGroup() {
    return firstOfGroup;
  }

  /** The decisions about all peers, in their order, out of those about first peers. */
  Stream<Decision> spread(List<Decision> decisions) {
    return firstOfGroup.entrySet().stream()
        .flatMap(entry -> {
          PeerKey peer = entry.getKey();
          PeerKey first = entry.getValue();
          return decisions.stream()
              .filter(decision ->
                  decision.peer().equals(first.peer())
                      && decision.instance().equals(first.instance()))
              .map(decision ->
                  peer.equals(first)
                      ? decision
                      : new Decision(
                          peer.instance(),
                          peer.peer(),
                          decision.subject(),
                          decision.prefix(),
                          decision.outcome()));
        });
  }
}
