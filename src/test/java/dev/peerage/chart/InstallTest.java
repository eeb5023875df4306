package dev.peerage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.apiserver.ApiServer;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What Helm makes of the chart when it asks a real API server what there is. */
@Tag("cluster")
final class InstallTest {
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
  private static final ApiServer SERVER = ApiServer.start();
  private static final KubernetesClient ADMIN = SERVER.client();

  /** Of another name than the one whose roles are there. */
  private static String helm(String... words) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "bash",
                "-c",
                "source cluster/lib/versions.sh; exec \"$HELM_BIN/helm\" \"$@\"",
                "helm"));
    command.addAll(List.of(words));
    var builder = new ProcessBuilder(command).directory(ROOT.toFile()).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", SERVER.folder().resolve("admin").toString());
    for (String kind : List.of("CACHE", "CONFIG", "DATA")) {
      builder
          .environment()
          .put("HELM_" + kind + "_HOME", SERVER.folder().resolve("helm-" + kind).toString());
    }
    Process process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  /** All that would be created, and the notes. */
  private static String tryOut(String... more) throws IOException, InterruptedException {
    List<String> words =
        new ArrayList<>(
            List.of("install", "edge", "helm/peerage", "-n", "default", "--dry-run=server"));
    words.addAll(List.of(more));
    return helm(words.toArray(String[]::new));
  }

  private static void storedVersions(String... versions) {
    ADMIN
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("ciliumbgppeerconfigs.cilium.io")
        .editStatus(it -> {
          it.getStatus().setStoredVersions(List.of(versions));
          return it;
        });
  }

  @Test
  void storedObjectsAreMigratedOnlyWhereThereMayBeSome() throws Exception {
    assertThat(tryOut()).contains("kind: DaemonSet").doesNotContain("migrate-storage");
    storedVersions("v2alpha1", "v2");
    try {
      assertThat(tryOut()).contains("migrate-storage", "name: edge-peerage-migration");
      assertThat(tryOut("--set", "operator.storageMigration=false"))
          .doesNotContain("migrate-storage");
    } finally {
      storedVersions("v2");
    }
  }

  @Test
  void theNotesSayWhatCiliumDoesItself() throws Exception {
    assertThat(tryOut()).doesNotContain("WARNING", "are Cilium's");
    var map =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withNamespace("kube-system")
            .withName("cilium-config")
            .endMetadata()
            .withData(Map.of("enable-bgp-control-plane", "true"));
    try {
      ADMIN.resource(map.build()).create();
      assertThat(tryOut())
          .contains("WARNING: Cilium's own BGP control plane is on (ConfigMap kube-system/");
      assertThat(tryOut("--set", "cilium.configNamespace=")).doesNotContain("WARNING");

      map.withData(Map.of("enable-bgp-control-plane", "false"));
      ADMIN.resource(map.build()).update();
      assertThat(tryOut()).contains("WARNING: Cilium's operator gives addresses");

      map.withData(Map.of("enable-bgp-control-plane", "false", "enable-lb-ipam", "false"));
      ADMIN.resource(map.build()).update();
      assertThat(tryOut()).doesNotContain("WARNING");
    } finally {
      ADMIN.resource(map.build()).delete();
    }
  }

  @Test
  void definitionsOfCiliumAreUsedAsTheyAre() throws Exception {
    var definition =
        ADMIN
            .apiextensions()
            .v1()
            .customResourceDefinitions()
            .withName("ciliumbgpnodeconfigs.cilium.io");
    definition.edit(it -> {
      it.getMetadata().setLabels(Map.of("io.cilium.k8s.crd.schema.version", "1.32.3"));
      return it;
    });
    var before = definition.get();

    try {
      String output = helm("install", "edge", "helm/peerage", "-n", "default");

      assertThat(output)
          .contains("The custom resource definitions are Cilium's (schema version 1.32.3).");
      assertThat(definition.get().getMetadata().getResourceVersion())
          .isEqualTo(before.getMetadata().getResourceVersion());
      assertThat(
              ADMIN
                  .resources(ValidatingAdmissionPolicy.class)
                  .withName("edge-peerage-agent-status")
                  .get())
          .as("the API server has admission policies, which Helm sees")
          .isNotNull();
      // No controller runs here that would run the hook's Job.
      helm("uninstall", "edge", "-n", "default", "--no-hooks");
    } finally {
      definition.edit(it -> {
        it.getMetadata().setLabels(Map.of());
        return it;
      });
    }
  }
}
