package dev.peerage.agent;

import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.kube.TrimmedStore;
import dev.peerage.peering.Passwords;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Watches those Secrets that the peer configs of this node name, each by its name: an agent holds
 * no password that it does not need, and without passwords it asks for none.
 */
final class NamedSecrets implements AutoCloseable {
  private final KubernetesClient client;
  private final String namespace;
  private final Runnable changed;
  private final SortedMap<String, Watch<Secret>> watches = new TreeMap<>();

  /**
   * The Secret of each peer config. While one is missing that a peer names, those before are kept:
   * the peer goes on as it was, as long as its password is there.
   */
  private final Map<String, String> named = new HashMap<>();

  /**
   * No watch yet.
   *
   * @param namespace where they are; empty: nowhere
   * @param changed called when there is something new; must not block
   */
  NamedSecrets(KubernetesClient client, String namespace, Runnable changed) {
    this.client = client;
    this.namespace = namespace;
    this.changed = changed;
  }

  /** The names of the Secrets that the peers of a node sign their sessions with. */
  static Set<String> names(
      Collection<CiliumBGPNodeConfig> nodeConfigs, Collection<CiliumBGPPeerConfig> peerConfigs) {
    return new TreeSet<>(byPeerConfig(nodeConfigs, peerConfigs).values());
  }

  private static Map<String, String> byPeerConfig(
      Collection<CiliumBGPNodeConfig> nodeConfigs, Collection<CiliumBGPPeerConfig> peerConfigs) {
    Set<String> used = used(nodeConfigs);
    Map<String, String> names = new HashMap<>();
    for (CiliumBGPPeerConfig config : peerConfigs) {
      @Nullable String secret = config.getSpec().authSecretRef();
      if (used.contains(config.getMetadata().getName()) && secret != null && !secret.isEmpty()) {
        names.put(config.getMetadata().getName(), secret);
      }
    }
    return names;
  }

  private static Set<String> used(Collection<CiliumBGPNodeConfig> nodeConfigs) {
    return nodeConfigs.stream()
        .flatMap(config -> config.getSpec().bgpInstances().stream())
        .flatMap(instance -> instance.peers().stream())
        .filter(peer -> peer.peerConfigRef() != null)
        .map(peer -> peer.peerConfigRef().name())
        .collect(Collectors.toCollection(HashSet::new));
  }

  /** Watches those that are named now, and no others; returns those that are not known yet. */
  synchronized List<String> missing(
      Collection<CiliumBGPNodeConfig> nodeConfigs, Collection<CiliumBGPPeerConfig> peerConfigs) {
    if (namespace.isEmpty()) {
      return List.of();
    }
    Set<String> missing = used(nodeConfigs);
    peerConfigs.forEach(config -> missing.remove(config.getMetadata().getName()));
    if (missing.isEmpty()) {
      named.clear();
    }
    named.putAll(byPeerConfig(nodeConfigs, peerConfigs));
    follow(new TreeSet<>(named.values()));
    return watches.values().stream().filter(watch -> !watch.isKnown()).map(Watch::kind).toList();
  }

  private void follow(Set<String> names) {
    watches
        .entrySet()
        .removeIf(each -> {
          boolean gone = !names.contains(each.getKey());
          if (gone) {
            each.getValue().close();
          }
          return gone;
        });
    for (String name : names) {
      if (!watches.containsKey(name)) {
        Watch<Secret> watch =
            new Watch<>(
                "Secret " + name,
                Watch.Need.OPTIONAL,
                client.secrets().inNamespace(namespace).withName(name),
                new TrimmedStore<>(Trimmed::secret),
                Secret::getData,
                _ -> changed.run());
        watches.put(name, watch);
        watch.start(changed);
      }
    }
  }

  /** What they hold. */
  synchronized Passwords passwords() {
    if (namespace.isEmpty()) {
      return Passwords.NONE;
    }
    return watches.values().stream().anyMatch(Watch::isRefused)
        ? Passwords.unknown(namespace)
        : Passwords.of(
            namespace, watches.values().stream().flatMap(each -> each.list().stream()).toList());
  }

  @Override
  public synchronized void close() {
    watches.values().forEach(Watch::close);
  }
}
