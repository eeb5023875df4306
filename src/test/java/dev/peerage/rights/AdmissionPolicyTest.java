package dev.peerage.rights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.kube.Patch;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the token of one node may write, with the chart's rights and admission policies. */
@Tag("cluster")
final class AdmissionPolicyTest {
  private static final ApiServer SERVER = ApiServer.start();
  private static final KubernetesClient ADMIN = SERVER.client();

  @BeforeAll
  static void install() {
    for (String node : List.of("own", "other")) {
      SERVER.apply(
          """
          apiVersion: cilium.io/v2
          kind: CiliumBGPNodeConfig
          metadata: {name: %s}
          spec: {bgpInstances: [{name: i, localASN: 65001}]}
          """
              .formatted(node));
    }
    SERVER.chart().all(ValidatingAdmissionPolicy.class).forEach(it -> ADMIN.resource(it).create());
    SERVER
        .chart()
        .all(ValidatingAdmissionPolicyBinding.class)
        .forEach(it -> ADMIN.resource(it).create());
    try (KubernetesClient agent = agent("own")) {
      // The API server takes policies up a moment after they were created.
      await("the policies")
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> isRefused(() -> write(agent, "other")));
      await("the policy for Events")
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> isRefused(() -> agent.resource(event("early", "Node", "other")).create()));
    }
  }

  private static KubernetesClient agent(String node) {
    return client(SERVER.kubeconfigOnNode("peerage-agent", node));
  }

  private static KubernetesClient client(Path kubeconfig) {
    try {
      return new KubernetesClientBuilder()
          .withConfig(Config.fromKubeconfig(Files.readString(kubeconfig)))
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isRefused(Runnable write) {
    try {
      write.run();
      ADMIN.events().v1().events().inNamespace("default").withName("early").delete();
      return false;
    } catch (KubernetesClientException e) {
      return e.getCode() == 403;
    }
  }

  /** As an agent does it. */
  private static void write(KubernetesClient agent, String node) {
    CiliumBGPNodeConfig config = ADMIN.resources(CiliumBGPNodeConfig.class).withName(node).get();
    Patch.MERGE.writeStatus(
        agent,
        config,
        "peerage-agent",
        Map.of("status", Map.of("bgpInstances", List.of(Map.of("name", "i")))));
  }

  private static Event event(String name, String kind, String about) {
    return new EventBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("default")
        .endMetadata()
        .withEventTime(new MicroTime("2026-01-01T00:00:00.000000Z"))
        .withType("Warning")
        .withReason("Test")
        .withNote("of a test")
        .withAction("Reconcile")
        .withReportingController("peerage.dev/agent")
        .withReportingInstance("own")
        .withNewRegarding()
        .withApiVersion(kind.equals("Node") ? "v1" : "cilium.io/v2")
        .withKind(kind)
        .withName(about)
        .endRegarding()
        .build();
  }

  private static void refused(ThrowingCallable write, String why) {
    assertThatThrownBy(write)
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            refusal -> assertThat(refusal.getCode()).isEqualTo(403))
        .hasMessageContaining(why);
  }

  @Test
  void anAgentWritesTheStatusOfItsOwnNodeConfigOnly() {
    try (KubernetesClient agent = agent("own")) {
      write(agent, "own");
      refused(
          () -> write(agent, "other"),
          "an agent writes the status of its own node only: this one runs on own, not on other");
    }
    assertThat(ADMIN.resources(CiliumBGPNodeConfig.class).withName("own").get().getStatus())
        .isNotNull();
  }

  @Test
  void anAgentWritesEventsAboutItsOwnNodeOnly() {
    var why =
        "an agent writes Events about the Node and the CiliumBGPNodeConfig of its own node only";
    ADMIN.resource(event("of-other", "Node", "other")).create();
    ADMIN.resource(event("of-own", "Node", "own")).create();
    try (KubernetesClient agent = agent("own")) {
      var _ = agent.resource(event("a", "Node", "own")).create();
      var _ = agent.resource(event("b", "CiliumBGPNodeConfig", "own")).create();
      refused(() -> agent.resource(event("c", "Node", "other")).create(), why);
      refused(() -> agent.resource(event("d", "CiliumBGPNodeConfig", "other")).create(), why);
      refused(() -> agent.resource(event("e", "Namespace", "own")).create(), why);

      repeat(agent, "of-own");
      refused(() -> repeat(agent, "of-other"), why);
    }
  }

  private static void repeat(KubernetesClient agent, String name) {
    var _ =
        Patch.MERGE.send(
            agent,
            event(name, "Node", "own"),
            "peerage-agent",
            Map.of(
                "series", Map.of("count", 2, "lastObservedTime", "2026-01-01T01:00:00.000000Z")));
  }

  /** Its owner could be anywhere. */
  @Test
  void aTokenThatNamesNoNodeWritesNothing() {
    try (KubernetesClient agent = client(SERVER.kubeconfig("peerage-agent", "127.0.0.1"))) {
      var why = "does not say on which node its pod runs";
      refused(() -> write(agent, "own"), why);
      refused(() -> agent.resource(event("f", "Node", "own")).create(), why);
    }
  }

  @Test
  void othersAreNotConcerned() {
    write(ADMIN, "other");
    try (KubernetesClient operator = client(SERVER.kubeconfig("peerage-operator", "127.0.0.1"))) {
      var _ = operator.resource(event("g", "CiliumBGPClusterConfig", "any")).create();
    }
  }
}
