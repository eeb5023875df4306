package dev.peerage.lint;

import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.kube.ServiceKey;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What manifests would change on the wire. Pure.
 *
 * @param addresses of Services, those that change
 * @param nodes by name, those that do something else
 */
public record WirePlan(List<AddressChange> addresses, SortedMap<String, SpeakerChanges> nodes) {
  /**
   * The addresses of a Service's load balancer.
   *
   * @param service for example {@code shop/web}
   * @param before none where it is empty
   * @param after none where it is empty
   */
  public record AddressChange(String service, List<String> before, List<String> after) {
    public AddressChange {
      before = List.copyOf(before);
      after = List.copyOf(after);
    }
  }

  /**
   * A cluster as it is.
   *
   * @param manifests its objects
   * @param nodeConfigs its CiliumBGPNodeConfigs by node
   */
  public record Cluster(Manifests manifests, SortedMap<String, CiliumBGPNodeConfig> nodeConfigs) {
    /** A cluster of which nothing exists yet. */
    public static final Cluster NONE = new Cluster(Manifests.NONE, new TreeMap<>());

    /** The cluster that has come to be of manifests. */
    public static Cluster of(Manifests manifests) {
      return new Cluster(manifests, new TreeMap<>());
    }
  }

  public WirePlan {
    addresses = List.copyOf(addresses);
  }

  /** What changes in a cluster when files are applied to it. */
  public static WirePlan of(Cluster cluster, Manifests files, Instant now) {
    Manifests after = AppliedManifests.of(cluster.manifests(), files);
    boolean real = !after.all(Node.class).isEmpty();
    Manifests was = real ? cluster.manifests() : AssumedCluster.of(cluster.manifests()).manifests();
    Manifests is = real ? after : AssumedCluster.of(after).manifests();
    ManifestPlan running =
        ManifestPlanner.plan(
            was,
            new ManifestPlan(List.of(), cluster.nodeConfigs(), new TreeMap<>(), List.of()),
            now);
    ManifestPlan next = ManifestPlanner.plan(is, running, now);
    SortedMap<String, SpeakerChanges> nodes = new TreeMap<>();
    Set<String> names = new TreeSet<>(running.nodes().keySet());
    names.addAll(next.nodes().keySet());
    for (String name : names) {
      SpeakerChanges changes = SpeakerChanges.between(desired(running, name), desired(next, name));
      if (!changes.equals(SpeakerChanges.NONE)) {
        nodes.put(name, changes);
      }
    }
    return new WirePlan(addresses(running.services(), next.services()), nodes);
  }

  private static DesiredSpeaker desired(ManifestPlan plan, String node) {
    return plan.nodes().containsKey(node)
        ? Objects.requireNonNull(plan.nodes().get(node)).desired()
        : DesiredSpeaker.NOTHING;
  }

  private static List<AddressChange> addresses(List<Service> before, List<Service> after) {
    SortedMap<String, List<String>> was = byService(before);
    SortedMap<String, List<String>> is = byService(after);
    Set<String> services = new TreeSet<>(was.keySet());
    services.addAll(is.keySet());
    List<AddressChange> changes = new ArrayList<>();
    for (String service : services) {
      List<String> old = was.getOrDefault(service, List.of());
      List<String> now = is.getOrDefault(service, List.of());
      if (!old.equals(now)) {
        changes.add(new AddressChange(service, old, now));
      }
    }
    return changes;
  }

  private static SortedMap<String, List<String>> byService(List<Service> services) {
    SortedMap<String, List<String>> addresses = new TreeMap<>();
    for (Service service : services) {
      if (service.getStatus() != null && service.getStatus().getLoadBalancer() != null) {
        addresses.put(
            ServiceKey.of(service).toString(),
            service.getStatus().getLoadBalancer().getIngress().stream()
                .map(LoadBalancerIngress::getIp)
                .filter(Objects::nonNull)
                .toList());
      }
    }
    return addresses;
  }

  /** How many sessions that are there now end and come back. */
  public long resets() {
    return nodes.values().stream()
        .flatMap(node -> node.sessions().stream())
        .filter(session -> session.effect().isReset())
        .count();
  }

  /** How many sessions end for good. */
  public long ends() {
    return nodes.values().stream()
        .flatMap(node -> node.sessions().stream())
        .filter(session -> session.effect() == SpeakerChanges.Effect.ENDS)
        .count();
  }

  /** Whether nothing changes. */
  public boolean isEmpty() {
    return addresses.isEmpty() && nodes.isEmpty();
  }

  /** The lines that a person reads: what several nodes do alike is one line. */
  public List<String> lines() {
    return new WirePlanText(this).lines();
  }
}
