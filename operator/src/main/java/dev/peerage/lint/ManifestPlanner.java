package dev.peerage.lint;

import dev.peerage.announce.NodePlan;
import dev.peerage.announce.NodePlanner;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.Endpoint.Authentication.TcpMd5;
import dev.peerage.bgp.speaker.NextHopChoice;
import dev.peerage.cluster.ClusterPlan;
import dev.peerage.cluster.ClusterPlanner;
import dev.peerage.cluster.ClusterSnapshot;
import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigOverride;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.kube.ServiceKey;
import dev.peerage.lbipam.IpamSnapshot;
import dev.peerage.lbipam.Notice;
import dev.peerage.lbipam.SettledServices;
import dev.peerage.peering.LastUsable;
import dev.peerage.peering.NodeContext;
import dev.peerage.peering.NodeSnapshot;
import dev.peerage.peering.Passwords;
import dev.peerage.peering.Problem.ObjectRef;
import dev.peerage.peering.Resolution;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.net.Inet6Address;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Runs the planners of operator and agents over manifests, one after the other, as a cluster that
 * has these objects would. Pure.
 */
public final class ManifestPlanner {
  private final Manifests manifests;
  private final Instant now;
  private final Predicate<String> announcing;
  private final NodeContext context;
  private final List<PlanWarning> warnings = new ArrayList<>();

  private ManifestPlanner(
      Manifests manifests, Instant now, Predicate<String> announcing, NodeContext context) {
    this.manifests = manifests;
    this.now = now;
    this.announcing = announcing;
    this.context = context;
  }

  /**
   * Plans everything.
   *
   * @param services the Services of the plan before this one: they keep their addresses
   * @param nodeConfigs the NodeConfigs of the plan before this one, which exist
   * @param usable by node, what goes on of the plan before this one when it becomes unusable
   * @param now for conditions and creation times
   */
  public static ManifestPlan plan(
      Manifests manifests,
      List<Service> services,
      SortedMap<String, CiliumBGPNodeConfig> nodeConfigs,
      Map<String, LastUsable> usable,
      Instant now) {
    return new ManifestPlanner(manifests, now, _ -> true, NodeContext.NONE)
        .plan(services, nodeConfigs, usable);
  }

  /**
   * Plans everything, from nothing, with all passwords, but decides about Services on some nodes
   * only.
   *
   * @param announcing whether a node of this name does
   */
  static ManifestPlan plan(Manifests manifests, Predicate<String> announcing, Instant now) {
    return new ManifestPlanner(manifests, now, announcing, withPasswords(manifests))
        .plan(List.of(), new TreeMap<>(), Map.of());
  }

  /**
   * Plans everything after another plan, with all passwords.
   *
   * @param before what runs
   */
  static ManifestPlan plan(Manifests manifests, ManifestPlan before, Instant now) {
    return new ManifestPlanner(manifests, now, _ -> true, withPasswords(manifests))
        .plan(before.services(), before.nodeConfigs(), before.usable());
  }

  /**
   * Without its password a peer is not dialed, and nothing could be said of its routes. Secrets are
   * not read: each is assumed to hold something that no other holds.
   */
  private static NodeContext withPasswords(Manifests manifests) {
    Map<String, Passwords.Entry> bySecret = new HashMap<>();
    for (CiliumBGPPeerConfig config : manifests.all(CiliumBGPPeerConfig.class)) {
      String secret = config.getSpec().authSecretRef();
      if (secret != null) {
        String key = secret.substring(Math.max(0, secret.length() - Passwords.LONGEST));
        bySecret.put(secret, new Passwords.Entry.Password(new TcpMd5(key)));
      }
    }
    NodeContext none = NodeContext.NONE;
    return new NodeContext(
        none.settings(),
        none.host(),
        new Passwords("assumed", true, bySecret),
        none.podIpPools(),
        none.ciliumNode());
  }

  private ManifestPlan plan(
      List<Service> servicesBefore,
      SortedMap<String, CiliumBGPNodeConfig> nodeConfigsBefore,
      Map<String, LastUsable> usable) {
    SortedMap<String, CiliumBGPNodeConfig> nodeConfigs = nodeConfigs(nodeConfigsBefore);
    List<Service> services = services(servicesBefore);
    SortedMap<String, NodePlan> nodes = new TreeMap<>();
    List<CiliumBGPPeerConfig> peerConfigs = manifests.all(CiliumBGPPeerConfig.class);
    List<CiliumBGPAdvertisement> advertisements = manifests.all(CiliumBGPAdvertisement.class);
    List<EndpointSlice> slices = manifests.all(EndpointSlice.class);
    for (Node node : manifests.all(Node.class)) {
      String name = node.getMetadata().getName();
      boolean announces = announcing.test(name);
      NodePlan plan =
          NodePlanner.plan(
              new NodeSnapshot(
                  node,
                  Optional.ofNullable(nodeConfigs.get(name)).stream().toList(),
                  peerConfigs,
                  advertisements,
                  announces ? services : List.of(),
                  announces ? slices : List.of(),
                  context),
              usable.getOrDefault(name, LastUsable.NONE));
      nodes.put(name, plan);
      Optional.ofNullable(nodeConfigs.get(name))
          .ifPresent(config -> nextHops(name, Resolution.author(config), plan));
    }
    return new ManifestPlan(services, nodeConfigs, nodes, List.copyOf(warnings));
  }

  /** What the node's speaker would say of the next hops once its sessions are up. */
  private void nextHops(String node, ObjectRef author, NodePlan plan) {
    for (DesiredInstance instance : plan.desired().instances()) {
      for (DesiredPeer peer : instance.peers()) {
        boolean overIpv6 = peer.address() instanceof Inet6Address;
        peer.ownAddresses().stream()
            .filter(own -> own instanceof Inet6Address == overIpv6)
            .findFirst()
            .map(own ->
                new NextHopChoice(own, List.of(), peer.session().families(), overIpv6)
                    .warning(peer))
            .filter(words -> !words.isEmpty())
            .ifPresent(words ->
                warnings.add(
                    new PlanWarning(
                        FindingCode.NEXT_HOP,
                        author,
                        "spec.bgpInstances[%s].peers[%s]".formatted(instance.name(), peer.name()),
                        "node %s: %s: peer %s: %s"
                            .formatted(node, instance.name(), peer.name(), words),
                        "")));
      }
    }
  }

  private SortedMap<String, CiliumBGPNodeConfig> nodeConfigs(
      SortedMap<String, CiliumBGPNodeConfig> before) {
    List<CiliumBGPClusterConfig> configs = manifests.all(CiliumBGPClusterConfig.class);
    SortedMap<String, CiliumBGPNodeConfig> existing = owned(before, configs);
    ClusterPlan plan =
        ClusterPlanner.plan(
            new ClusterSnapshot(
                configs,
                manifests.all(Node.class),
                manifests.all(CiliumBGPNodeConfigOverride.class),
                manifests.all(CiliumBGPPeerConfig.class),
                List.copyOf(existing.values())),
            now);
    new TreeMap<>(plan.clusterConfigConditions())
        .forEach((name, conditions) ->
            conditions.stream()
                .filter(condition -> "True".equals(condition.status()))
                .forEach(it -> warnings.add(ConditionWarning.ofClusterConfig(name, it))));
    SortedMap<String, CiliumBGPNodeConfig> byNode = new TreeMap<>();
    for (CiliumBGPNodeConfig config : plan.desired()) {
      String name = config.getMetadata().getName();
      CiliumBGPNodeConfig old = existing.get(name);
      config
          .getMetadata()
          .setCreationTimestamp(
              old == null || plan.deletions().contains(name)
                  ? now.truncatedTo(ChronoUnit.SECONDS).toString()
                  : old.getMetadata().getCreationTimestamp());
      byNode.put(name, config);
    }
    return byNode;
  }

  // What Kubernetes' garbage collection leaves: without its owner a NodeConfig is gone.
  private static SortedMap<String, CiliumBGPNodeConfig> owned(
      SortedMap<String, CiliumBGPNodeConfig> nodeConfigs, List<CiliumBGPClusterConfig> configs) {
    Set<String> owners =
        configs.stream().map(config -> config.getMetadata().getUid()).collect(Collectors.toSet());
    SortedMap<String, CiliumBGPNodeConfig> owned = new TreeMap<>(nodeConfigs);
    owned
        .values()
        .removeIf(config ->
            config.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> !owners.contains(owner.getUid())));
    return owned;
  }

  private List<Service> services(List<Service> servicesBefore) {
    Map<ServiceKey, Service> before = new HashMap<>();
    servicesBefore.forEach(service -> before.put(ServiceKey.of(service), service));
    Map<ServiceKey, Service> services = new LinkedHashMap<>();
    for (Service service : manifests.all(Service.class)) {
      Service old = before.get(ServiceKey.of(service));
      services.put(
          ServiceKey.of(service), old == null ? service : SettledServices.after(old, service));
    }
    SettledServices outcome =
        SettledServices.of(
            new IpamSnapshot(
                manifests.all(CiliumLoadBalancerIPPool.class), List.copyOf(services.values())),
            now);
    new TreeMap<>(outcome.pools())
        .forEach((name, conditions) ->
            conditions.stream()
                .filter(condition -> "True".equals(condition.status()))
                .forEach(it -> warnings.add(ConditionWarning.ofPool(name, it))));
    for (Service service : outcome.services()) {
      ServiceKey key = ServiceKey.of(service);
      var object = new ObjectRef("Service", key.namespace(), key.name());
      ConditionWarning.ofService(object, service).ifPresent(warnings::add);
      Objects.requireNonNullElse(outcome.notices().get(key), List.<Notice>of())
          .forEach(notice ->
              warnings.add(
                  new PlanWarning(
                      FindingCode.SERVICE_ANNOTATION,
                      object,
                      "metadata.annotations",
                      notice.text(),
                      "")));
    }
    return outcome.services();
  }
}
