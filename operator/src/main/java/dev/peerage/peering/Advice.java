package dev.peerage.peering;

import dev.peerage.crd.v2.AutoDiscovery;
import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPClusterConfigSpec.Instance;
import dev.peerage.crd.v2.CiliumBGPClusterConfigSpec.Peer;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfigSpec.Family;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.kube.Warning;
import dev.peerage.kube.Warning.Subject;
import dev.peerage.peering.Problem.ObjectRef;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The warnings about objects of the cluster that all nodes see alike. Pure. */
public final class Advice {
  private static final String TOTAL = "cilium.io/IPsTotal";

  private Advice() {}

  /**
   * The objects to look at.
   *
   * @param passwords what the Secrets hold; empty when that is not known
   */
  public record Objects(
      List<CiliumBGPClusterConfig> clusterConfigs,
      List<CiliumBGPPeerConfig> peerConfigs,
      List<CiliumBGPAdvertisement> advertisements,
      List<CiliumLoadBalancerIPPool> pools,
      Optional<Passwords> passwords) {}

  /** The warnings, each once. */
  public static Set<Warning> of(Objects objects) {
    Map<ObjectRef, Subject> subjects = new HashMap<>();
    Stream.of(
            objects.clusterConfigs(),
            objects.peerConfigs(),
            objects.advertisements(),
            objects.pools())
        .flatMap(Collection::stream)
        .forEach(object -> subjects.put(reference(object), subject(object)));
    Set<Warning> warnings = new LinkedHashSet<>();
    for (Problem problem : problems(objects)) {
      @Nullable Subject subject = subjects.get(problem.object());
      if (subject != null) {
        warnings.add(
            new Warning(
                subject,
                problem.severity().reason(),
                problem.field() + ": " + problem.what() + "; " + problem.remedy()));
      }
    }
    return warnings;
  }

  /** The warnings about a ClusterConfig. */
  public static Set<Warning> of(CiliumBGPClusterConfig config) {
    return of(new Objects(List.of(config), List.of(), List.of(), List.of(), Optional.empty()));
  }

  /**
   * The warnings about a PeerConfig.
   *
   * @param advertisements all
   * @param passwords what the Secrets hold; empty when that is not known
   */
  public static Set<Warning> of(
      CiliumBGPPeerConfig config,
      List<CiliumBGPAdvertisement> advertisements,
      Optional<Passwords> passwords) {
    return about(
        config, new Objects(List.of(), List.of(config), advertisements, List.of(), passwords));
  }

  /**
   * The warnings about an Advertisement.
   *
   * @param peerConfigs all
   * @param all all Advertisements
   */
  public static Set<Warning> of(
      CiliumBGPAdvertisement advertisement,
      List<CiliumBGPPeerConfig> peerConfigs,
      List<CiliumBGPAdvertisement> all) {
    return about(
        advertisement, new Objects(List.of(), peerConfigs, all, List.of(), Optional.empty()));
  }

  /** The warnings about a pool. */
  public static Set<Warning> of(CiliumLoadBalancerIPPool pool) {
    return of(new Objects(List.of(), List.of(), List.of(), List.of(pool), Optional.empty()));
  }

  private static Set<Warning> about(HasMetadata object, Objects objects) {
    Set<Warning> about = new LinkedHashSet<>(of(objects));
    about.removeIf(warning -> !warning.subject().equals(subject(object)));
    return about;
  }

  /** The same as problems, with field and remedy apart. */
  public static List<Problem> problems(Objects objects) {
    List<Problem> problems = new ArrayList<>();
    objects.clusterConfigs().forEach(config -> instances(config, problems));
    objects.peerConfigs().forEach(config -> families(config, problems));
    problems.addAll(selections(objects));
    objects.advertisements().stream()
        .filter(advertisement -> advertisement.getSpec().advertisements().isEmpty())
        .forEach(advertisement ->
            problems.add(
                warning(
                    advertisement,
                    "spec.advertisements",
                    "the list is empty, so that this advertisement announces nothing",
                    "add an item with its advertisementType")));
    objects.pools().stream()
        .filter(Advice::isEmpty)
        .forEach(pool ->
            problems.add(
                warning(
                    pool,
                    "spec.blocks",
                    "the pool has no address to give out",
                    "add a block with a cidr, or with start and stop")));
    return problems;
  }

  private static void instances(CiliumBGPClusterConfig config, List<Problem> problems) {
    for (Instance instance : config.getSpec().bgpInstances()) {
      String at = "spec.bgpInstances[" + instance.name() + "]";
      for (Peer peer : instance.peers()) {
        discovery(config, peer, at + ".peers[" + peer.name() + "]", problems);
      }
    }
  }

  private static void discovery(
      CiliumBGPClusterConfig config, Peer peer, String at, List<Problem> problems) {
    @Nullable AutoDiscovery discovery = peer.autoDiscovery();
    if (peer.peerAddress() != null) {
      if (!peer.peerAddress().equals(peer.peerAddress().strip())) {
        problems.add(
            warning(
                config, at + ".peerAddress", "the blanks around it are ignored", "remove them"));
      }
      if (discovery != null) {
        problems.add(
            warning(
                config,
                at + ".autoDiscovery",
                "it is ignored, because peerAddress is set",
                "keep one of the two"));
      }
    } else if (discovery != null && discovery.defaultGateway() == null) {
      problems.add(
          warning(
                  config,
                  at + ".autoDiscovery.defaultGateway",
                  "it is not set, so that the peer's address is not looked for",
                  "set its addressFamily to ipv4 or ipv6")
              .asError());
    }
  }

  /**
   * What every node finds wrong with the peer configs and advertisements, whether a peer uses them
   * or not. Secrets that are not known are no problem of the peer configs.
   */
  private static Set<Problem> selections(Objects objects) {
    Set<Problem> problems = new LinkedHashSet<>();
    var selected = new SelectedAdvertisements(objects.advertisements(), problems);
    for (CiliumBGPPeerConfig config : objects.peerConfigs()) {
      var spec = new FieldPath(reference(config), "spec");
      try {
        var _ = selected.of(config.getSpec(), spec);
      } catch (InvalidFieldException e) {
        problems.add(e.problem());
      }
      try {
        if (objects.passwords().isPresent() || config.getSpec().authSecretRef() == null) {
          var _ =
              PeerSettings.of(
                  config.getSpec(),
                  PeerSettings.authentication(
                      config.getSpec(), objects.passwords().orElse(Passwords.NONE), spec, problems),
                  spec);
        }
      } catch (InvalidFieldException e) {
        problems.add(e.problem());
      }
    }
    problems.addAll(
        SelectedAdvertisements.unmatched(objects.advertisements(), objects.peerConfigs()));
    return problems;
  }

  private static void families(CiliumBGPPeerConfig config, List<Problem> problems) {
    Set<String> seen = new HashSet<>();
    for (Family family : config.getSpec().families()) {
      if (!seen.add(family.afi() + "/" + family.safi())) {
        problems.add(
            warning(
                config,
                "spec.families",
                "a family is listed more than once; the advertisements of all its entries are"
                    + " announced",
                "keep one entry for each family"));
      }
    }
  }

  private static boolean isEmpty(CiliumLoadBalancerIPPool pool) {
    return !pool.getSpec().disabled()
        && (pool.getSpec().blocks().isEmpty()
            || pool.getStatus() != null
                && pool.getStatus().conditions().stream()
                    .anyMatch(condition ->
                        condition.type().equals(TOTAL) && condition.message().equals("0")));
  }

  private static Problem warning(HasMetadata object, String field, String what, String remedy) {
    return new Problem(reference(object), field, what, remedy);
  }

  private static ObjectRef reference(HasMetadata object) {
    return ObjectRef.ofCluster(object.getKind(), object.getMetadata().getName());
  }

  /** How Events refer to an object. */
  public static Subject subject(HasMetadata object) {
    return new Subject(
        object.getApiVersion(),
        object.getKind(),
        object.getMetadata().getName(),
        object.getMetadata().getUid());
  }
}
