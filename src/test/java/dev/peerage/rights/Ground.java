package dev.peerage.rights;

import static org.awaitility.Awaitility.await;

import dev.peerage.agent.Agent;
import dev.peerage.agent.AgentSettings;
import dev.peerage.agent.DaemonSetName;
import dev.peerage.agent.EmptyStatuses;
import dev.peerage.apiserver.ApiServer;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.bgp.speaker.SpeakerSettings;
import dev.peerage.cluster.StorageMigration;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.kube.Patch;
import dev.peerage.operator.OperatorProcess;
import dev.peerage.peering.NodeSettings;
import dev.peerage.peering.NodeSettings.RouterIdMode;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.awaitility.core.ConditionFactory;

/**
 * An audited API server with everything in it that the parts of Peerage have to do with, and each
 * part as the chart starts it: under the rights of its service account, and no others.
 */
final class Ground {
  /** The node whose agent runs. */
  static final String NODE = "rights-1";

  private static final String LEAVING = "rights-2";

  /** With something wrong of each part's, so that there are Events. */
  private static final String OBJECTS =
      """
      apiVersion: v1
      kind: Node
      metadata: {name: rights-1, labels: {rights: "yes"}}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: rights-2, labels: {rights: "yes"}}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: rights, namespace: peerage-system}
      stringData: {password: correcthorse}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: cilium-config, namespace: kube-system}
      data: {enable-bgp-control-plane: "false", enable-lb-ipam: "false"}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: rights, namespace: default}
      spec: {type: LoadBalancer, ports: [{port: 80}]}
      ---
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: rights, namespace: default, labels: {kubernetes.io/service-name: rights}}
      addressType: IPv4
      endpoints: [{addresses: [10.0.0.1], nodeName: rights-1}]
      ---
      apiVersion: cilium.io/v2
      kind: CiliumBGPAdvertisement
      metadata: {name: rights, labels: {rights: unmatched}}
      spec: {advertisements: [{advertisementType: PodCIDR}]}
      ---
      apiVersion: cilium.io/v2
      kind: CiliumBGPPeerConfig
      metadata: {name: rights}
      spec: {authSecretRef: rights}
      ---
      apiVersion: cilium.io/v2
      kind: CiliumBGPNodeConfigOverride
      metadata: {name: rights-2}
      spec: {bgpInstances: [{name: i, routerID: 10.0.0.2}]}
      ---
      apiVersion: cilium.io/v2
      kind: CiliumBGPClusterConfig
      metadata: {name: rights}
      spec:
        nodeSelector: {matchLabels: {rights: "yes"}}
        bgpInstances:
        - name: i
          localASN: 65001
          peers: [{name: tor, peerASN: 65000, peerAddress: 127.0.0.9, peerConfigRef: {name: rights}}]
      ---
      apiVersion: cilium.io/v2
      kind: CiliumLoadBalancerIPPool
      metadata: {name: rights}
      spec: {blocks: [{cidr: 192.0.2.0/24}]}
      """;

  private static final String CILIUMS_KIND =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: %2$s.cilium.io}
      spec:
        group: cilium.io
        scope: Cluster
        names: {kind: %1$s, plural: %2$s}
        versions:
        - name: v2
          served: true
          storage: true
          schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
      """;

  private static final List<String> DEFINITIONS =
      List.of(
          "ciliumbgpadvertisements",
          "ciliumbgpclusterconfigs",
          "ciliumbgpnodeconfigoverrides",
          "ciliumbgpnodeconfigs",
          "ciliumbgppeerconfigs",
          "ciliumloadbalancerippools");

  private final ApiServer server = ApiServer.startAudited();
  private final KubernetesClient admin = server.client();
  private final AuditLog audit = new AuditLog(server);

  Ground() {
    server.apply(CILIUMS_KIND.formatted("CiliumNode", "ciliumnodes"));
    server.apply(CILIUMS_KIND.formatted("CiliumPodIPPool", "ciliumpodippools"));
    soon("Cilium's own kinds")
        .ignoreExceptions()
        .until(() -> {
          admin.genericKubernetesResources("cilium.io/v2", "CiliumNode").list();
          admin.genericKubernetesResources("cilium.io/v2", "CiliumPodIPPool").list();
          return true;
        });
    server.apply(OBJECTS);
    server.chart().all(ValidatingAdmissionPolicy.class).forEach(it -> admin.resource(it).create());
    server
        .chart()
        .all(ValidatingAdmissionPolicyBinding.class)
        .forEach(it -> admin.resource(it).create());
  }

  ApiServer server() {
    return server;
  }

  AuditLog audit() {
    return audit;
  }

  static ConditionFactory soon(String what) {
    return await(what).atMost(OperatorProcess.LIMIT).pollInterval(Duration.ofMillis(50));
  }

  /** A client with the rights of a token. */
  static KubernetesClient client(Path kubeconfig) {
    try {
      return new KubernetesClientBuilder()
          .withConfig(Config.fromKubeconfig(Files.readString(kubeconfig)))
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs an account's program through all that it does, until it is enough. */
  void run(String account, BooleanSupplier enough) {
    switch (account) {
      case "peerage-operator" -> operator(enough);
      case "peerage-agent" -> agent(enough);
      case "peerage-migration" -> migration(enough);
      case "peerage-uninstall" -> uninstall(enough);
      default -> throw new IllegalArgumentException(account);
    }
  }

  /** From an empty cluster: all NodeConfigs to be written, and one to be deleted again. */
  private void operator(BooleanSupplier enough) {
    admin.leases().inNamespace(ApiServer.NAMESPACE).withName("peerage-operator").delete();
    nodeConfigs().delete();
    label("yes");
    // Of the Events, one stands already, as from an earlier process, and the other does not.
    admin.events().v1().events().inNamespace("default").list().getItems().stream()
        .filter(event -> event.getRegarding().getKind().equals("CiliumBGPPeerConfig"))
        .forEach(event -> admin.resource(event).delete());
    for (String resource :
        List.of("ciliumbgpclusterconfigs", "ciliumbgppeerconfigs", "ciliumloadbalancerippools")) {
      clearStatus("apis/cilium.io/v2/" + resource + "/rights");
    }
    clearStatus("api/v1/namespaces/default/services/rights");
    try (var operator =
        OperatorProcess.start(
            server,
            "--secrets-namespace=" + ApiServer.NAMESPACE,
            "--cilium-namespace=kube-system")) {
      BooleanSupplier over =
          () -> enough.getAsBoolean() || !operator.alive() || saysSecretsAreUnread(operator);
      soon("the NodeConfigs").until(() -> over.getAsBoolean() || exists(LEAVING));
      label("no");
      soon("the end of a NodeConfig").until(() -> over.getAsBoolean() || !exists(LEAVING));
      soon("what remains").until(over::getAsBoolean);
      if (operator.alive()) {
        operator.terminate();
      }
    }
  }

  /** It asks before whether it may, so that nothing is refused. */
  static boolean saysSecretsAreUnread(OperatorProcess operator) {
    return operator.log().contains("Secrets of namespace peerage-system cannot be read");
  }

  private void clearStatus(String path) {
    var cleared = new HashMap<String, Object>();
    cleared.put("status", null);
    Patch.MERGE.write(admin, path + "/status", "test", cleared);
  }

  private void label(String value) {
    admin
        .nodes()
        .withName(LEAVING)
        .edit(node -> {
          node.getMetadata().getLabels().put("rights", value);
          return node;
        });
  }

  private boolean exists(String node) {
    return nodeConfigs().withName(node).get() != null;
  }

  private NonNamespaceOperation<CiliumBGPNodeConfig, ?, Resource<CiliumBGPNodeConfig>>
      nodeConfigs() {
    return admin.resources(CiliumBGPNodeConfig.class);
  }

  /** Its router ID is to come from a pool, and there is none, so that it has something to say. */
  private void agent(BooleanSupplier enough) {
    server.apply(
        """
        apiVersion: cilium.io/v2
        kind: CiliumBGPNodeConfig
        metadata: {name: rights-1}
        spec:
          bgpInstances:
          - name: i
            localASN: 65001
            peers: [{name: tor, peerASN: 65000, peerAddress: 127.0.0.9, peerConfigRef: {name: rights}}]
        """);
    clearStatus("apis/cilium.io/v2/ciliumbgpnodeconfigs/rights-1");
    // The second one finds the Event that the first has written.
    agentUntil(() -> enough.getAsBoolean() || hasEvent());
    if (!enough.getAsBoolean()) {
      agentUntil(enough);
    }
  }

  private boolean hasEvent() {
    String uid = nodeConfigs().withName(NODE).get().getMetadata().getUid();
    return admin.events().v1().events().inNamespace("default").list().getItems().stream()
        .anyMatch(event -> uid.equals(event.getRegarding().getUid()));
  }

  private void agentUntil(BooleanSupplier enough) {
    Speaker speaker = Speaker.start(SpeakerSettings.defaults());
    try (KubernetesClient client = client(server.kubeconfigOnNode("peerage-agent", NODE))) {
      var agent =
          new Agent(
              client,
              new AgentSettings(
                  NODE,
                  new NodeSettings(true, false, RouterIdMode.IP_POOL),
                  ApiServer.NAMESPACE,
                  "kube-system",
                  true,
                  Optional.empty(),
                  Optional.of(new DaemonSetName(ApiServer.NAMESPACE, "peerage-agent"))),
              speaker,
              new SimpleMeterRegistry());
      agent.start();
      try {
        soon("all that an agent does").until(enough::getAsBoolean);
      } finally {
        agent.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** As where an older Cilium has stored objects. */
  private void migration(BooleanSupplier enough) {
    server.apply(
        """
        apiVersion: cilium.io/v2
        kind: CiliumBGPNodeConfig
        metadata: {name: rights-1}
        spec: {bgpInstances: [{name: i, localASN: 65001}]}
        """);
    for (String each : DEFINITIONS) {
      admin
          .apiextensions()
          .v1()
          .customResourceDefinitions()
          .withName(each + ".cilium.io")
          .editStatus(it -> {
            it.getStatus().setStoredVersions(List.of("v2alpha1", "v2"));
            return it;
          });
    }
    try (KubernetesClient client = client(server.kubeconfig("peerage-migration", "127.0.0.1"))) {
      var _ = new StorageMigration(client).run();
    }
    soon("its last request in the log").until(enough::getAsBoolean);
  }

  /** What is left to do when the agents have gone. */
  private void uninstall(BooleanSupplier enough) {
    server.apply(
        """
        apiVersion: cilium.io/v2
        kind: CiliumBGPNodeConfig
        metadata: {name: rights-1}
        spec: {bgpInstances: [{name: i, localASN: 65001}]}
        """);
    Patch.MERGE.write(
        admin,
        "apis/cilium.io/v2/ciliumbgpnodeconfigs/rights-1/status",
        "test",
        Map.of("status", Map.of("bgpInstances", List.of(Map.of("name", "i")))));
    try (KubernetesClient client = client(server.kubeconfig("peerage-uninstall", "127.0.0.1"))) {
      var _ = EmptyStatuses.in(client);
    } catch (KubernetesClientException _) {
      // Without a right it says so and fails.
    }
    soon("its last request in the log").until(enough::getAsBoolean);
  }
}
