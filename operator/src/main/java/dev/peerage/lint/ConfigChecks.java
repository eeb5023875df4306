package dev.peerage.lint;

import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPClusterConfigSpec.Instance;
import dev.peerage.crd.v2.CiliumBGPClusterConfigSpec.Peer;
import dev.peerage.crd.v2.CiliumBGPNodeConfigOverride;
import dev.peerage.crd.v2.CiliumBGPNodeConfigOverrideSpec;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfigSpec;
import dev.peerage.peering.Problem.ObjectRef;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks at the objects of BGP themselves, without any node: values that work, but badly. */
final class ConfigChecks {
  /** A pod of the agent that is replaced is away for some seconds, and its sessions after it. */
  private static final int SHORT_RESTART = 10;

  private static final int PRIVILEGED = 1024;

  private final Manifests manifests;
  private final PlanFindings.Sink sink;

  ConfigChecks(Manifests manifests, PlanFindings.Sink sink) {
    this.manifests = manifests;
    this.sink = sink;
  }

  void look() {
    List<CiliumBGPClusterConfig> configs = manifests.all(CiliumBGPClusterConfig.class);
    if (configs.isEmpty()) {
      withoutClusterConfig();
    }
    manifests.all(CiliumBGPPeerConfig.class).forEach(this::peerConfig);
    configs.forEach(this::ports);
    configs.forEach(this::peersWithoutConfig);
    routers(configs);
    manifests.all(CiliumBGPNodeConfigOverride.class).forEach(each -> override(each, configs));
  }

  private void withoutClusterConfig() {
    Stream.of(
            CiliumBGPPeerConfig.class,
            CiliumBGPAdvertisement.class,
            CiliumBGPNodeConfigOverride.class)
        .flatMap(type -> manifests.all(type).stream())
        .findFirst()
        .ifPresent(first ->
            add(
                FindingCode.NO_CLUSTER_CONFIG,
                first,
                "",
                "these files have no CiliumBGPClusterConfig, without which no node has a session",
                "write one, or lint its file together with these"));
  }

  private void peerConfig(CiliumBGPPeerConfig config) {
    CiliumBGPPeerConfigSpec spec = config.getSpec();
    int hold = spec.timers().holdTimeSeconds();
    int keepAlive = spec.timers().keepAliveTimeSeconds();
    if (keepAlive <= hold && 3 * keepAlive > hold) {
      add(
          FindingCode.HOLD_TIME,
          config,
          "spec.timers.holdTimeSeconds",
          "%d s hold fewer than three keepalives of %d s: one or two that are lost or late end the session"
              .formatted(hold, keepAlive),
          "set keepAliveTimeSeconds to a third of holdTimeSeconds or less, here %d"
              .formatted(Math.max(1, hold / 3)));
    }
    int restart = spec.gracefulRestart().restartTimeSeconds();
    if (spec.gracefulRestart().enabled() && restart < SHORT_RESTART) {
      add(
          FindingCode.RESTART_TIME,
          config,
          "spec.gracefulRestart.restartTimeSeconds",
          "an agent that is replaced is hardly back within %d s, and then the router drops its routes"
              .formatted(restart),
          "set it to 15 or more; 120 is the default");
    }
    @Nullable String secret = spec.authSecretRef();
    if (secret != null) {
      add(
          FindingCode.PASSWORD,
          config,
          "spec.authSecretRef",
          "no password is looked for here: the peers that use this have no session before the"
              + " Secret "
              + Shown.quoted(secret)
              + " is there, with the key password",
          "create it in the namespace that bgpControlPlane.secretsNamespace of the chart names");
    }
  }

  private void ports(CiliumBGPClusterConfig config) {
    for (Instance instance : config.getSpec().bgpInstances()) {
      port(
          config,
          "spec.bgpInstances[" + instance.name() + "].localPort",
          Optional.ofNullable(instance.localPort()));
    }
  }

  private void port(HasMetadata object, String field, Optional<Integer> port) {
    port.filter(number -> number < PRIVILEGED)
        .ifPresent(number ->
            add(
                FindingCode.PRIVILEGED_PORT,
                object,
                field,
                "agents may not listen on port "
                    + number
                    + " unless the chart gives them the right; without it nodes dial, and are not"
                    + " dialed",
                "set agent.bindPrivilegedPorts=true of the chart, or a port from 1024 on"));
  }

  private void peersWithoutConfig(CiliumBGPClusterConfig config) {
    for (Instance instance : config.getSpec().bgpInstances()) {
      for (Peer peer : instance.peers()) {
        if (peer.peerConfigRef() == null) {
          add(
              FindingCode.MISSING_PEER_CONFIG,
              config,
              at(instance, peer),
              "it has no peerConfigRef, and without one nothing is announced to it",
              "set peerConfigRef.name to a CiliumBGPPeerConfig");
        }
      }
    }
  }

  private static String at(Instance instance, Peer peer) {
    return "spec.bgpInstances[%s].peers[%s]".formatted(instance.name(), peer.name());
  }

  /** A router has one AS, whoever talks to it. */
  private void routers(List<CiliumBGPClusterConfig> configs) {
    Map<String, Long> asns = new HashMap<>();
    for (CiliumBGPClusterConfig config : configs) {
      for (Instance instance : config.getSpec().bgpInstances()) {
        for (Peer peer : instance.peers()) {
          if (peer.peerAddress() != null && peer.peerASN() != 0) {
            Long other = asns.putIfAbsent(peer.peerAddress().strip(), peer.peerASN());
            if (other != null && !other.equals(peer.peerASN())) {
              add(
                  FindingCode.PEER_ASN,
                  config,
                  at(instance, peer) + ".peerASN",
                  "%s is AS %d here and AS %d at another peer; a router that is both answers one of them"
                      .formatted(peer.peerAddress().strip(), peer.peerASN(), other),
                  "write the router's own AS at both");
            }
          }
        }
      }
    }
  }

  private void override(
      CiliumBGPNodeConfigOverride override, List<CiliumBGPClusterConfig> configs) {
    for (CiliumBGPNodeConfigOverrideSpec.Instance instance : override.getSpec().bgpInstances()) {
      String at = "spec.bgpInstances[" + instance.name() + "]";
      port(override, at + ".localPort", Optional.ofNullable(instance.localPort()));
      List<Instance> called =
          configs.stream()
              .flatMap(config -> config.getSpec().bgpInstances().stream())
              .filter(each -> each.name().equals(instance.name()))
              .toList();
      if (called.isEmpty() && !configs.isEmpty()) {
        add(
            FindingCode.OVERRIDE_WITHOUT_INSTANCE,
            override,
            at,
            "no CiliumBGPClusterConfig has an instance of this name, so that nothing is overridden",
            "write the name of one: "
                + configs.stream()
                    .flatMap(config -> config.getSpec().bgpInstances().stream())
                    .map(Instance::name)
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(", ")));
      }
      Set<String> peers =
          called.stream()
              .flatMap(each -> each.peers().stream())
              .map(Peer::name)
              .collect(Collectors.toSet());
      for (CiliumBGPNodeConfigOverrideSpec.Peer peer : instance.peers()) {
        if (!called.isEmpty() && !peers.contains(peer.name())) {
          add(
              FindingCode.OVERRIDE_WITHOUT_INSTANCE,
              override,
              at + ".peers[" + peer.name() + "]",
              "the instance has no peer of this name, so that nothing is overridden",
              "write the name of one: " + String.join(", ", peers.stream().sorted().toList()));
        }
      }
    }
  }

  private void add(FindingCode code, HasMetadata object, String field, String what, String remedy) {
    sink.add(
        new PlanWarning(
            code,
            ObjectRef.ofCluster(object.getKind(), object.getMetadata().getName()),
            field,
            what,
            remedy));
  }
}
