package dev.peerage.announce;

import dev.peerage.peering.NodeSettings;
import dev.peerage.peering.ResolvedInstance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What each of some peers is offered, to ask for each object. Not thread-safe. */
final class Offerings {
  private final List<Listener> listeners;
  private final Set<String> interfaces = new TreeSet<>();

  private record Listener(String instance, String peer, Offering offering) {}

  private Offerings(List<Listener> listeners) {
    this.listeners = listeners;
    listeners.forEach(listener -> interfaces.addAll(listener.offering().interfaces()));
  }

  /** For the peers of these instances. */
  static Offerings of(List<ResolvedInstance> instances, NodeSettings settings) {
    return new Offerings(
        instances.stream()
            .flatMap(instance ->
                instance.peers().stream()
                    .map(peer ->
                        new Listener(instance.name(), peer.name(), Offering.of(peer, settings))))
            .toList());
  }

  /** The interfaces that any peer is offered, by name. */
  Set<String> interfaces() {
    return interfaces;
  }

  /** Whether any peer is offered PodCIDRs. */
  boolean wantPodCidrs() {
    return listeners.stream().anyMatch(listener -> listener.offering().hasPodCidrs());
  }

  /** Decides for every peer about what an object with these labels has. */
  List<Decision> decide(List<Prospect> prospects, Map<String, String> labels) {
    List<Decision> decisions = new ArrayList<>(listeners.size() * prospects.size());
    for (Listener listener : listeners) {
      for (Prospect prospect : prospects) {
        decisions.add(
            new Decision(
                listener.instance(),
                listener.peer(),
                prospect.subject(),
                prospect.prefix(),
                listener.offering().outcome(prospect, labels)));
      }
    }
    return decisions;
  }
}
