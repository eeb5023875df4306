package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPClusterConfigSpec;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which ClusterConfig a node runs, with which router IDs. A node belongs to one ClusterConfig: the
 * one that owns its NodeConfig, else the oldest that selects it, else the first by name. A
 * NodeConfig that no ClusterConfig owns was made by hand and is left alone.
 */
final class Assignment {
  private final Optional<RouterIds> routerIds;

  /** The nodes with an instance that lacks its router ID. */
  private final SortedSet<String> waiting = new TreeSet<>();

  private boolean reserved;

  Assignment(Optional<RouterIdPool> pool) {
    routerIds = pool.map(RouterIds::new);
  }

  /**
   * Must be called before router IDs are given out: instances keep those that their NodeConfigs
   * have, and those that overrides ask for are set aside for them.
   */
  void reserve(Collection<NodeFacts> nodes) {
    routerIds.ifPresent(ids -> {
      if (!reserved) {
        reserved = true;
        nodes.forEach(node -> keep(node, ids));
      }
      for (NodeFacts node : nodes) {
        String name = node.name();
        node.override()
            .ifPresent(override ->
                override.getSpec().bgpInstances().stream()
                    .filter(it -> it.routerID() != null && !ids.of(name).containsKey(it.name()))
                    .forEach(it -> claim(ids, name, it.name(), it.routerID())));
      }
    });
  }

  /** Counts the router IDs of an existing NodeConfig as taken. */
  private static void keep(NodeFacts node, RouterIds ids) {
    node.existing()
        .ifPresent(nodeConfig ->
            nodeConfig.getSpec().bgpInstances().stream()
                .filter(it -> it.routerID() != null)
                .forEach(it -> claim(ids, node.name(), it.name(), it.routerID())));
  }

  private static Optional<RouterIds.Holder> claim(
      RouterIds ids, String node, String instance, String id) {
    long number = RouterIdPool.number(id);
    return ids.contains(number)
        ? ids.claim(new RouterIds.Holder(node, instance), number)
        : Optional.empty();
  }

  /** The nodes that lack a router ID, if one has become free since this was last asked. */
  Set<String> nowPossible() {
    return routerIds.filter(RouterIds::released).isPresent() ? Set.copyOf(waiting) : Set.of();
  }

  /**
   * Decides for one node.
   *
   * @param inOrder all ClusterConfigs, the oldest first
   */
  NodeDecision decide(NodeFacts node, List<Candidate> inOrder) {
    waiting.remove(node.name());
    List<Candidate> selecting = inOrder.stream().filter(it -> it.selects(node)).toList();
    Assignment.Holder holder =
        node.existing().map(it -> holder(it, inOrder)).orElse(new Holder.None());
    return switch (holder) {
      case Holder.None() ->
          selecting.isEmpty()
              ? nothing(node, false)
              : run(node, selecting, selecting.getFirst(), false);
      case Holder.Ending() -> {
        NodeDecision left = leave(node, selecting, Optional.empty());
        yield left.voting(left.votes().stream().map(Vote::withoutFault).toList());
      }
      case Holder.Known(var owner) -> {
        if (selecting.isEmpty()) {
          yield nothing(node, deletes(node, inOrder));
        }
        Candidate winner = selecting.contains(owner) ? owner : selecting.getFirst();
        yield run(node, selecting, winner, winner != owner);
      }
      case Holder.Gone(var owner) -> leave(node, selecting, Optional.of(owner));
      case Holder.Nobody() -> leave(node, selecting, Optional.empty());
    };
  }

  /**
   * Whether the existing NodeConfig has to be deleted: it is one of ours, and its owner no longer
   * selects the node. One whose owner is gone is deleted by Kubernetes' garbage collector instead.
   *
   * @param inOrder all ClusterConfigs, the oldest first
   */
  static boolean deletes(NodeFacts node, List<Candidate> inOrder) {
    return node.existing().map(it -> holder(it, inOrder)).orElse(new Holder.None())
            instanceof Holder.Known(var owner)
        && !owner.selects(node);
  }

  /** Who has the NodeConfig of a node. */
  private sealed interface Holder {
    /** There is none. */
    record None() implements Holder {}

    /** A ClusterConfig that exists. */
    record Known(Candidate owner) implements Holder {}

    /**
     * One of ours that is being deleted and still held by a finalizer; once it has gone, a new one
     * is made.
     */
    record Ending() implements Holder {}

    /** An owner that is gone; Kubernetes is about to collect the NodeConfig. */
    record Gone(String owner) implements Holder {}

    /** It was made by hand. */
    record Nobody() implements Holder {}
  }

  private static Holder holder(CiliumBGPNodeConfig nodeConfig, List<Candidate> candidates) {
    for (Candidate candidate : candidates) {
      if (candidate.owns(nodeConfig)) {
        return nodeConfig.isMarkedForDeletion() ? new Holder.Ending() : new Holder.Known(candidate);
      }
    }
    List<OwnerReference> owners = nodeConfig.getMetadata().getOwnerReferences();
    return owners.isEmpty() ? new Holder.Nobody() : new Holder.Gone(owners.getFirst().getName());
  }

  private NodeDecision nothing(NodeFacts node, boolean deletes) {
    if (node.existing().isEmpty()) {
      routerIds.ifPresent(ids -> ids.retain(node.name(), Set.of()));
    }
    return new NodeDecision(node.name(), node.existing(), deletes, Optional.empty(), List.of());
  }

  /** Leaves a NodeConfig as it is; its router IDs count as taken as long as it is there. */
  private NodeDecision leave(NodeFacts node, List<Candidate> selecting, Optional<String> owner) {
    routerIds.ifPresent(ids -> keep(node, ids));
    List<Vote> votes =
        selecting.stream()
            .map(it -> new Vote(node.name(), it.name(), owner, owner.isEmpty(), Optional.empty()))
            .toList();
    return new NodeDecision(node.name(), node.existing(), false, Optional.empty(), votes);
  }

  private NodeDecision run(
      NodeFacts node, List<Candidate> selecting, Candidate winner, boolean deletes) {
    var given = new HashMap<String, String>();
    Optional<RouterIdTrouble> trouble = routerIds.flatMap(ids -> give(ids, node, winner, given));
    var votes = new ArrayList<Vote>();
    for (Candidate each : selecting) {
      votes.add(
          each == winner
              ? new Vote(node.name(), each.name(), Optional.empty(), false, trouble)
              : new Vote(
                  node.name(), each.name(), Optional.of(winner.name()), false, Optional.empty()));
    }
    if (trouble.isPresent()) {
      waiting.add(node.name());
    }
    if (trouble.filter(RouterIdTrouble.Taken.class::isInstance).isPresent()) {
      return new NodeDecision(node.name(), node.existing(), false, Optional.empty(), votes);
    }
    return new NodeDecision(
        node.name(),
        node.existing(),
        deletes,
        Optional.of(
            NodeConfigs.of(node.name(), winner.config(), node.override().orElse(null), given)),
        votes);
  }

  private static Optional<RouterIdTrouble> give(
      RouterIds ids, NodeFacts node, Candidate winner, Map<String, String> given) {
    Map<String, String> overridden =
        node.override().stream()
            .flatMap(it -> it.getSpec().bgpInstances().stream())
            .filter(it -> it.routerID() != null)
            .collect(Collectors.toMap(it -> it.name(), it -> it.routerID(), (first, _) -> first));
    LinkedHashSet<String> instances =
        winner.config().getSpec().bgpInstances().stream()
            .map(CiliumBGPClusterConfigSpec.Instance::name)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    // First, as nothing may be released if the node has to stay as it is.
    Optional<RouterIdTrouble> taken = taken(ids, node.name(), instances, overridden);
    if (taken.isPresent()) {
      return taken;
    }
    ids.retain(node.name(), instances);
    var without = new ArrayList<RouterIds.Holder>();
    for (String instance : instances) {
      var holder = new RouterIds.Holder(node.name(), instance);
      String own = overridden.get(instance);
      if (own != null) {
        long number = RouterIdPool.number(own);
        if (ids.contains(number)) {
          var _ = ids.claim(holder, number);
        } else {
          ids.release(holder);
        }
        continue;
      }
      OptionalLong id = ids.allocate(holder);
      if (id.isPresent()) {
        given.put(instance, RouterIdPool.text(id.getAsLong()));
      } else {
        without.add(holder);
      }
    }
    return without.isEmpty()
        ? Optional.empty()
        : Optional.of(new RouterIdTrouble.Exhausted(List.copyOf(without)));
  }

  private static Optional<RouterIdTrouble> taken(
      RouterIds ids, String node, Set<String> instances, Map<String, String> overridden) {
    for (String instance : instances) {
      String own = overridden.get(instance);
      if (own == null) {
        continue;
      }
      var asking = new RouterIds.Holder(node, instance);
      // An instance of this node that is about to be removed does not stand in the way.
      Optional<RouterIds.Holder> other =
          ids.holder(RouterIdPool.number(own))
              .filter(it -> !it.equals(asking))
              .filter(it -> !it.node().equals(node) || instances.contains(it.instance()));
      if (other.isPresent()) {
        return Optional.of(new RouterIdTrouble.Taken(asking, own, other.get()));
      }
    }
    return Optional.empty();
  }
}
