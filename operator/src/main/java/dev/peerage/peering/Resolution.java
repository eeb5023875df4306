package dev.peerage.peering;

import dev.peerage.bgp.speaker.DesiredInstance.Listen;
import dev.peerage.bgp.speaker.Endpoint;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigSpec.Instance;
import dev.peerage.crd.v2.CiliumBGPNodeConfigSpec.Peer;
import dev.peerage.peering.Problem.ObjectRef;
import io.fabric8.kubernetes.api.model.Node;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the NodeConfig: which instances run, with which peers. An edit that makes something
 * unusable ends nothing of what runs; what an edit removes ends.
 */
public final class Resolution {
  // The IPv6 wildcard takes IPv4 connections too.
  private static final InetAddress ANY = InetAddress.ofLiteral("::");

  private final Node node;
  private final LastUsable before;
  private final RouterId routerId;
  private final Peers peers;
  private final Collection<Problem> problems;
  private final List<ResolvedInstance> instances = new ArrayList<>();
  private final Map<String, LastUsable.Instance> usable = new HashMap<>();
  private final Set<String> names = new HashSet<>();

  private Resolution(NodeSnapshot snapshot, LastUsable before, Collection<Problem> problems) {
    this.node = snapshot.node();
    this.before = before;
    this.routerId = new RouterId(snapshot);
    this.peers = new Peers(snapshot, problems);
    this.problems = problems;
  }

  /**
   * What is to run.
   *
   * @param instances the instances that can run
   * @param usable what of them can go on after an edit that makes it unusable
   */
  public record Resolved(List<ResolvedInstance> instances, LastUsable usable) {
    public Resolved {
      instances = List.copyOf(instances);
    }
  }

  /**
   * Resolves the NodeConfig. What cannot be used is added to the problems; it goes on as it last
   * was, and does not run where it did not.
   *
   * @param before what could be used last
   */
  public static Resolved of(
      NodeSnapshot snapshot, LastUsable before, Collection<Problem> problems) {
    var resolution = new Resolution(snapshot, before, problems);
    for (CiliumBGPNodeConfig nodeConfig : snapshot.nodeConfigs()) {
      var spec = new FieldPath(author(nodeConfig), "spec");
      for (Instance instance : nodeConfig.getSpec().bgpInstances()) {
        resolution.add(instance, spec.entry("bgpInstances", instance.name()));
      }
    }
    return new Resolved(resolution.instances, new LastUsable(resolution.usable));
  }

  /** The object that a person edits: the NodeConfig's owner, if it has one. */
  public static ObjectRef author(CiliumBGPNodeConfig nodeConfig) {
    return nodeConfig.getMetadata().getOwnerReferences().stream()
        .map(owner -> ObjectRef.ofCluster(owner.getKind(), owner.getName()))
        .findFirst()
        .orElseGet(
            () -> ObjectRef.ofCluster("CiliumBGPNodeConfig", nodeConfig.getMetadata().getName()));
  }

  private void add(Instance instance, FieldPath path) {
    Optional<LastUsable.Instance> last = before.instance(instance.name());
    try {
      if (!names.add(instance.name())) {
        throw path.at("name")
            .invalid(
                "another instance has this name",
                "this one is not started",
                "give each instance its own name");
      }
      long asn =
          orLast(
              () -> localAsn(instance, path),
              last.map(LastUsable.Instance::localAsn),
              String::valueOf);
      Inet4Address id =
          orLast(
              () -> routerId.of(instance.routerID(), path.at("routerID")),
              last.map(LastUsable.Instance::routerId),
              IpText::of);
      Listen listen =
          orLast(
              () -> listen(instance.localPort(), path),
              last.map(LastUsable.Instance::listen),
              Resolution::words);
      List<Peers.Resolved> resolved =
          peers(instance, path, last.map(LastUsable.Instance::peers).orElse(Map.of()));
      instances.add(
          new ResolvedInstance(
              instance.name(),
              asn,
              id,
              listen,
              resolved.stream().map(Peers.Resolved::peer).toList()));
      usable.put(
          instance.name(),
          new LastUsable.Instance(
              asn,
              id,
              listen,
              resolved.stream()
                  .collect(Collectors.toMap(it -> it.peer().name(), Peers.Resolved::usable))));
    } catch (InvalidFieldException e) {
      problems.add(e.problem());
    }
  }

  /** Reads a field of an instance. */
  private interface Reading<T> {
    T read() throws InvalidFieldException;
  }

  private <T> T orLast(Reading<T> reading, Optional<T> last, Function<T, String> words)
      throws InvalidFieldException {
    try {
      return reading.read();
    } catch (InvalidFieldException e) {
      T kept = last.orElseThrow(() -> e);
      problems.add(
          e.goesOn(
              "the instance goes on with "
                  + words.apply(kept)
                  + " on node "
                  + node.getMetadata().getName()));
      return kept;
    }
  }

  private static String words(Listen listen) {
    return switch (listen) {
      case Listen.On on -> "port " + on.port();
      case Listen.Off _ -> "no port";
    };
  }

  private long localAsn(Instance instance, FieldPath path) throws InvalidFieldException {
    Long asn = instance.localASN();
    if (asn == null || asn < 1 || asn > 0xffff_ffffL) {
      throw path.at("localASN")
          .invalid(
              asn == null ? "it is not set" : asn + " is not in 1..4294967295",
              "the instance is not started on node " + node.getMetadata().getName(),
              "set the instance's own ASN, here or in a CiliumBGPNodeConfigOverride");
    }
    return asn;
  }

  private static Listen listen(@Nullable Integer localPort, FieldPath path)
      throws InvalidFieldException {
    if (localPort == null) {
      return new Listen.Off();
    }
    return new Listen.On(
        ANY, path.at("localPort").inRange(localPort, 1, 65535, "the instance is not started"));
  }

  private List<Peers.Resolved> peers(
      Instance instance, FieldPath path, Map<String, LastUsable.Peer> last) {
    Map<String, Peers.Resolved> resolved = new LinkedHashMap<>();
    for (Peer peer : instance.peers()) {
      FieldPath at = path.entry("peers", peer.name());
      try {
        if (resolved.containsKey(peer.name())) {
          throw at.at("name")
              .invalid(
                  "another peer has this name",
                  "this one is ignored",
                  "give each peer of the instance its own name");
        }
        resolved.put(
            peer.name(), peers.resolve(peer, at, Optional.ofNullable(last.get(peer.name()))));
      } catch (InvalidFieldException e) {
        problems.add(e.problem());
      }
    }
    return apart(resolved, path, last);
  }

  /**
   * The peers, each at an address of its own. Who had it before keeps it; of others the first gets
   * it.
   */
  private List<Peers.Resolved> apart(
      Map<String, Peers.Resolved> resolved, FieldPath path, Map<String, LastUsable.Peer> last) {
    Map<InetSocketAddress, String> taken = new HashMap<>();
    resolved.forEach((name, peer) -> {
      LastUsable.Peer before = last.get(name);
      if (before != null && before.address().equals(peer.usable().address())) {
        taken.putIfAbsent(socket(peer), name);
      }
    });
    List<Peers.Resolved> apart = new ArrayList<>();
    resolved.forEach((name, peer) -> {
      if (taken.computeIfAbsent(socket(peer), _ -> name).equals(name)) {
        apart.add(peer);
        return;
      }
      InvalidFieldException e =
          path.entry("peers", name)
              .at("peerAddress")
              .invalid(
                  "another peer of the instance has this address",
                  "this one is ignored",
                  "keep one of the two");
      Optional<Peers.Resolved> kept =
          Optional.ofNullable(last.get(name))
              .map(peer::at)
              .filter(it -> taken.computeIfAbsent(socket(it), _ -> name).equals(name));
      kept.ifPresent(apart::add);
      problems.add(
          kept.map(it -> e.goesOn("this one goes on at " + IpText.of(it.usable().address())))
              .orElseGet(e::problem));
    });
    return apart;
  }

  private static InetSocketAddress socket(Peers.Resolved peer) {
    Endpoint endpoint = peer.peer().settings().endpoint();
    return new InetSocketAddress(endpoint.address(), endpoint.port());
  }
}
