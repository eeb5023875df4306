package dev.peerage.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peerage.agent.EmptyStatuses;
import dev.peerage.chart.Chart;
import dev.peerage.cli.PeerageCommand;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import picocli.CommandLine;

/** What {@code helm uninstall} runs at its end, with the rights that the chart gives it. */
@Tag("cluster")
@ResourceLock(ApiServer.OBJECTS)
final class UninstallTest {
  private final ApiServer server = ApiServer.running();

  private static List<HasMetadata> hooks(String... values) {
    return Chart.render(values).objects().stream()
        .filter(each ->
            each.getMetadata().getAnnotations() != null
                && "post-delete".equals(each.getMetadata().getAnnotations().get("helm.sh/hook")))
        .toList();
  }

  @Test
  void theyExistOnlyWhileItRuns() {
    assertThat(hooks())
        .hasSize(4)
        .allSatisfy(each ->
            assertThat(each.getMetadata().getAnnotations())
                .containsEntry("helm.sh/hook", "post-delete")
                .containsEntry(
                    "helm.sh/hook-delete-policy",
                    "before-hook-creation,hook-succeeded,hook-failed"));
    assertThat(hooks("uninstall.emptyStatus=false")).isEmpty();
  }

  @Test
  void theJobIsAnOrdinaryUsersAndRunsACommandThatThereIs() {
    Job job =
        hooks().stream()
            .filter(Job.class::isInstance)
            .map(Job.class::cast)
            .findFirst()
            .orElseThrow();
    PodSpec pod = job.getSpec().getTemplate().getSpec();
    PodSpec operator = server.chart().operator().getSpec();

    assertThat(pod.getSecurityContext()).isEqualTo(operator.getSecurityContext());
    Container container = pod.getContainers().getFirst();
    assertThat(container.getSecurityContext())
        .isEqualTo(operator.getContainers().getFirst().getSecurityContext());
    assertThat(container.getImage()).isEqualTo(operator.getContainers().getFirst().getImage());
    assertThat(new CommandLine(new PeerageCommand()).getSubcommands())
        .containsKeys(container.getArgs().toArray(String[]::new));
  }

  @Test
  void itsAccountEmptiesEveryStatusAndMayDoNothingElse() throws IOException {
    try (KubernetesClient client = client()) {
      server.apply(
          """
          apiVersion: cilium.io/v2
          kind: CiliumBGPNodeConfig
          metadata: {name: uninstall-test}
          spec: {bgpInstances: [{name: one, localASN: 65001}]}
          """);
      server
          .client()
          .load(
              new ByteArrayInputStream(
                  """
                  apiVersion: cilium.io/v2
                  kind: CiliumBGPNodeConfig
                  metadata: {name: uninstall-test}
                  spec: {bgpInstances: [{name: one, localASN: 65001}]}
                  status:
                    bgpInstances: [{name: one, localASN: 65001}]
                    conditions:
                    - {type: example.org/Other, status: 'True', reason: Any, message: '', lastTransitionTime: '2025-01-01T00:00:00Z'}
                  """
                      .getBytes(StandardCharsets.UTF_8)))
          .items()
          .forEach(each -> server.client().resource(each).updateStatus());
      assertThat(status()).contains("bgpInstances");

      assertThat(EmptyStatuses.in(client)).isGreaterThanOrEqualTo(1);

      assertThat(status()).doesNotContain("bgpInstances").contains("example.org/Other");
      assertThat(EmptyStatuses.in(client)).isZero();
      assertThatThrownBy(() -> client.nodes().list())
          .isInstanceOfSatisfying(
              KubernetesClientException.class,
              refused -> assertThat(refused.getCode()).isEqualTo(403));
    } finally {
      server
          .client()
          .genericKubernetesResources("cilium.io/v2", "CiliumBGPNodeConfig")
          .withName("uninstall-test")
          .delete();
    }
  }

  private KubernetesClient client() throws IOException {
    String kubeconfig = Files.readString(server.kubeconfig("peerage-uninstall", "127.0.0.1"));
    return new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(kubeconfig)).build();
  }

  private String status() {
    return String.valueOf(
        server
            .client()
            .genericKubernetesResources("cilium.io/v2", "CiliumBGPNodeConfig")
            .withName("uninstall-test")
            .get()
            .getAdditionalProperties()
            .get("status"));
  }
}
