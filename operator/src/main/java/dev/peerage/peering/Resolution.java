package dev.peerage.peering;

import dev.peerage.bgp.speaker.DesiredInstance.Listen;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigSpec.Instance;
import dev.peerage.crd.v2.CiliumBGPNodeConfigSpec.Peer;
import dev.peerage.peering.Problem.ObjectRef;
import dev.peerage.peering.ResolvedInstance.ResolvedPeer;
import io.fabric8.kubernetes.api.model.Node;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Resolves the NodeConfig: which instances run, with which peers. */
public final class Resolution {
  // The IPv6 wildcard takes IPv4 connections too.
  private static final InetAddress ANY = InetAddress.ofLiteral("::");

  private final Node node;
  private final RouterId routerId;
  private final Peers peers;
  private final Collection<Problem> problems;
  private final List<ResolvedInstance> instances = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  private Resolution(NodeSnapshot snapshot, Collection<Problem> problems) {
    this.node = snapshot.node();
    this.routerId = new RouterId(snapshot);
    this.peers = new Peers(snapshot, problems);
    this.problems = problems;
  }

  /** The instances that can run; what keeps others from running is added to the problems. */
  public static List<ResolvedInstance> of(NodeSnapshot snapshot, Collection<Problem> problems) {
    var resolution = new Resolution(snapshot, problems);
    for (CiliumBGPNodeConfig nodeConfig : snapshot.nodeConfigs()) {
      var spec = new FieldPath(author(nodeConfig), "spec");
      for (Instance instance : nodeConfig.getSpec().bgpInstances()) {
        resolution.add(instance, spec.entry("bgpInstances", instance.name()));
      }
    }
    return resolution.instances;
  }

  /** The object that a person edits: the NodeConfig's owner, if it has one. */
  private static ObjectRef author(CiliumBGPNodeConfig nodeConfig) {
    return nodeConfig.getMetadata().getOwnerReferences().stream()
        .map(owner -> ObjectRef.ofCluster(owner.getKind(), owner.getName()))
        .findFirst()
        .orElseGet(
            () -> ObjectRef.ofCluster("CiliumBGPNodeConfig", nodeConfig.getMetadata().getName()));
  }

  private void add(Instance instance, FieldPath path) {
    try {
      if (!names.add(instance.name())) {
        throw path.at("name")
            .invalid(
                "another instance has this name; this one is not started",
                "give each instance its own name");
      }
      instances.add(
          new ResolvedInstance(
              instance.name(),
              localAsn(instance, path),
              routerId.of(instance.routerID(), path.at("routerID")),
              listen(instance.localPort(), path),
              peers(instance, path)));
    } catch (InvalidFieldException e) {
      problems.add(e.problem());
    }
  }

  private long localAsn(Instance instance, FieldPath path) throws InvalidFieldException {
    Long asn = instance.localASN();
    if (asn == null || asn < 1 || asn > 0xffff_ffffL) {
      throw path.at("localASN")
          .invalid(
              (asn == null ? "it is not set" : asn + " is not in 1..4294967295")
                  + "; the instance is not started on node "
                  + nodeName(),
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

  private List<ResolvedPeer> peers(Instance instance, FieldPath path) {
    Set<String> peerNames = new HashSet<>();
    Set<InetSocketAddress> sockets = new HashSet<>();
    List<ResolvedPeer> resolved = new ArrayList<>();
    for (Peer peer : instance.peers()) {
      FieldPath at = path.entry("peers", peer.name());
      try {
        if (!peerNames.add(peer.name())) {
          throw at.at("name")
              .invalid(
                  "another peer has this name; this one is ignored",
                  "give each peer of the instance its own name");
        }
        ResolvedPeer one = peers.resolve(peer, at);
        if (!sockets.add(
            new InetSocketAddress(one.settings().address(), one.settings().endpoint().port()))) {
          throw at.at("peerAddress")
              .invalid(
                  "another peer of the instance has this address; this one is ignored",
                  "keep one of the two");
        }
        resolved.add(one);
      } catch (InvalidFieldException e) {
        problems.add(e.problem());
      }
    }
    return resolved;
  }

  private String nodeName() {
    return node.getMetadata().getName();
  }
}
