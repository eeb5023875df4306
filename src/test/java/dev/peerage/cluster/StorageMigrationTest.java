package dev.peerage.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.chart.Chart;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** On a copy of a definition of the chart, in a group of its own. */
@Tag("cluster")
@ResourceLock(ApiServer.OBJECTS)
final class StorageMigrationTest {
  private static final String GROUP = "migration.test.peerage.dev";
  private static final String NAME = "ciliumbgpclusterconfigs." + GROUP;

  private final ApiServer server = ApiServer.running();
  private final KubernetesClient client = server.client();
  private final StorageMigration migration = new StorageMigration(client, List.of(NAME));

  @AfterEach
  void clear() {
    var definition = client.apiextensions().v1().customResourceDefinitions().withName(NAME);
    definition.delete();
    await().atMost(Duration.ofSeconds(90)).until(() -> definition.get() == null);
  }

  @Test
  void rewritesWhatIsStoredInTheOldVersionOnce() throws IOException {
    define("v2alpha1", "v2alpha1", "v2");
    for (var i = 0; i < 600; i++) { // More than a page.
      var stored = object("v2alpha1", "c" + i);
      client.resource(stored).create();
    }
    define("v2", "v2alpha1", "v2");
    assertThat(storedVersions()).containsExactly("v2alpha1", "v2");

    migration.migrate(NAME);

    assertThat(storedVersions()).containsExactly("v2");
    define("v2", "v2"); // The API server would not read v2alpha1 any more.
    var objects = client.genericKubernetesResources(GROUP + "/v2", "CiliumBGPClusterConfig");
    assertThat(objects.list().getItems()).hasSize(600);
    var kept = objects.withName("c7").get();
    assertThat(Serialization.asJson(kept.getAdditionalProperties().get("spec")))
        .contains("\"peerConfigRef\":{\"name\":\"p\"}", "\"future\":{\"field\":[1,2]}");
    var version = kept.getMetadata().getResourceVersion();

    migration.migrate(NAME);

    assertThat(objects.withName("c7").get().getMetadata().getResourceVersion()).isEqualTo(version);
  }

  @Test
  void leavesADefinitionAloneThatStillStoresTheOldVersion() throws IOException {
    define("v2alpha1", "v2alpha1", "v2");
    client.resource(object("v2alpha1", "c")).create();

    migration.migrate(NAME);

    assertThat(storedVersions()).containsExactly("v2alpha1");
  }

  @Test
  void theChartsOwnNeedNothing() {
    for (var definition :
        client.apiextensions().v1().customResourceDefinitions().list().getItems()) {
      if (definition.getSpec().getGroup().equals("cilium.io")) {
        migration.migrate(definition.getMetadata().getName());
        assertThat(definition.getStatus().getStoredVersions()).containsExactly("v2");
      }
    }
  }

  /** Group and kind of the reference were fields of v2alpha1 only. */
  private static GenericKubernetesResource object(String version, String name) {
    return Serialization.unmarshal(
        """
        apiVersion: %s/%s
        kind: CiliumBGPClusterConfig
        metadata: {name: %s}
        spec:
          future: {field: [1, 2]}
          bgpInstances:
          - name: i
            peers: [{name: tor, peerConfigRef: {group: cilium.io, kind: CiliumBGPPeerConfig, name: p}}]
        """
            .formatted(GROUP, version, name),
        GenericKubernetesResource.class);
  }

  private List<String> storedVersions() {
    return client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(NAME)
        .get()
        .getStatus()
        .getStoredVersions();
  }

  /** Like the chart's, as a newer version might have it: unknown fields of the spec stay. */
  private void define(String storage, String... served) throws IOException {
    var definition =
        Serialization.unmarshal(
            Files.readString(Chart.FOLDER.resolve("crds/ciliumbgpclusterconfigs.cilium.io.yaml")),
            CustomResourceDefinition.class);
    definition.getMetadata().setName(NAME);
    definition.getSpec().setGroup(GROUP);
    definition.getSpec().getNames().setShortNames(List.of());
    definition.getSpec().getVersions().removeIf(it -> !List.of(served).contains(it.getName()));
    for (var version : definition.getSpec().getVersions()) {
      version.setStorage(version.getName().equals(storage));
      Objects.requireNonNull(version.getSchema().getOpenAPIV3Schema().getProperties().get("spec"))
          .setXKubernetesPreserveUnknownFields(true);
    }
    var applied = client.resource(definition).forceConflicts().serverSideApply();
    var path = "/apis/" + GROUP + "/" + storage + "/ciliumbgpclusterconfigs";
    await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .until(() -> applied.getMetadata() != null && client.raw(path) != null);
  }
}
