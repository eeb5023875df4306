package dev.peerage.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.chart.Chart;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.operator.RunningOperator;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Definitions of a newer Cilium keep fields, and allow values, that this version does not know. */
@Tag("cluster")
@ResourceLock(ApiServer.OBJECTS)
final class UnknownFieldsTest {
  private static final List<String> KINDS =
      List.of("ciliumbgpclusterconfigs", "ciliumbgpnodeconfigs");

  private final ApiServer server = ApiServer.running();
  private final KubernetesClient client = server.client();

  @AfterEach
  void clear() throws IOException {
    client.resources(CiliumBGPClusterConfig.class).delete();
    client.resources(CiliumBGPNodeConfig.class).delete();
    client.nodes().withName("uf-1").delete();
    for (var kind : KINDS) {
      define(kind, false);
    }
  }

  @Test
  void ourWritesKeepThem() throws IOException {
    for (var kind : KINDS) {
      define(kind, true);
    }
    server.apply(
        "apiVersion: v1\nkind: Node\nmetadata: {name: uf-1, labels: {unknown-fields: 'yes'}}");
    try (var operator = RunningOperator.start(client, RunningOperator.Options.DEFAULT)) {
      server.apply(
          """
          apiVersion: cilium.io/v2
          kind: CiliumBGPClusterConfig
          metadata: {name: uf}
          spec:
            nodeSelector: {matchLabels: {unknown-fields: "yes"}}
            future: {a: [1, {b: 2}]}
            bgpInstances:
            - name: i
              localASN: 65001
              bmpServers: [{name: s}]
              peers: [{name: tor, peerAddress: 192.0.2.1, bfd: {enabled: true}}]
          """);
      eventually(() -> assertThat(json("CiliumBGPNodeConfig", "uf-1")).contains("192.0.2.1"));
      eventually(() ->
          assertThat(json("CiliumBGPClusterConfig", "uf"))
              .contains("MatchingNodeSelected")
              .contains("\"future\":{\"a\":[1,{\"b\":2}]}", "\"bmpServers\":[{\"name\":\"s\"}]")
              .contains("\"bfd\":{\"enabled\":true}"));

      // Somebody adds what we do not know, and what we do.
      server.apply(
          """
          apiVersion: cilium.io/v2
          kind: CiliumBGPNodeConfig
          metadata: {name: uf-1}
          spec:
            future: {a: 1}
            bgpInstances:
            - name: i
              localPort: 1790
              peers: [{name: tor, peerInterface: eth0}]
          """);
      eventually(() ->
          assertThat(json("CiliumBGPNodeConfig", "uf-1"))
              .doesNotContain("\"localPort\"")
              .contains("\"future\":{\"a\":1}", "\"peerInterface\":\"eth0\""));
      assertThat(operator.alive()).isTrue();
    }
  }

  private String json(String kind, String name) {
    GenericKubernetesResource found =
        client.genericKubernetesResources("cilium.io/v2", kind).withName(name).get();
    found.getMetadata().setManagedFields(List.of());
    return Serialization.asJson(found);
  }

  private void define(String kind, boolean keeps) throws IOException {
    var definition =
        Serialization.unmarshal(
            Files.readString(Chart.FOLDER.resolve("crds/" + kind + ".cilium.io.yaml")),
            CustomResourceDefinition.class);
    if (keeps) {
      for (var version : definition.getSpec().getVersions()) {
        var spec = property(version.getSchema().getOpenAPIV3Schema(), "spec");
        var instance = property(spec, "bgpInstances").getItems().getSchema();
        var peer = property(instance, "peers").getItems().getSchema();
        for (var each : List.of(spec, instance, peer)) {
          each.setXKubernetesPreserveUnknownFields(true);
        }
      }
    }
    client.resource(definition).forceConflicts().serverSideApply();
  }

  private static JSONSchemaProps property(JSONSchemaProps schema, String name) {
    return Objects.requireNonNull(schema.getProperties().get(name));
  }

  private static void eventually(ThrowingRunnable assertion) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions()
        .untilAsserted(assertion);
  }
}
