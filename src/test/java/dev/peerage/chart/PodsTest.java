package dev.peerage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.chart.Chart.Rendered;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * How the pods of operator and agent run: user and rights on the host, network, updates, probes.
 */
class PodsTest {
  @Test
  void podsRunAsAnOrdinaryUserWithoutAnyPrivilege() {
    Rendered chart = Chart.render();

    for (PodTemplateSpec pod : List.of(chart.operator(), chart.agent())) {
      var user = pod.getSpec().getSecurityContext();
      assertThat(user.getRunAsNonRoot()).isTrue();
      assertThat(user.getRunAsUser()).isEqualTo(65532);
      assertThat(user.getRunAsGroup()).isEqualTo(65532);
      assertThat(user.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
      var rights = Chart.container(pod).getSecurityContext();
      assertThat(rights.getAllowPrivilegeEscalation()).isFalse();
      assertThat(rights.getReadOnlyRootFilesystem()).isTrue();
      assertThat(rights.getPrivileged()).isNull();
      assertThat(rights.getCapabilities().getDrop()).containsExactly("ALL");
      assertThat(rights.getCapabilities().getAdd()).isEmpty();
    }
  }

  @Test
  void onlyTheAgentsFolderForTemporaryFilesIsWritableAndNothingOfTheHostIsMounted() {
    Rendered chart = Chart.render();

    assertThat(chart.agent().getSpec().getVolumes())
        .singleElement()
        .extracting(Volume::getEmptyDir)
        .isNotNull();
    assertThat(Chart.container(chart.agent()).getVolumeMounts())
        .singleElement()
        .satisfies(mount -> assertThat(mount.getMountPath()).isEqualTo("/tmp"));
    // kubectl drain refuses to evict a pod that has an emptyDir.
    assertThat(chart.operator().getSpec().getVolumes()).isEmpty();
    assertThat(Chart.container(chart.operator()).getVolumeMounts()).isEmpty();
  }

  @Test
  void agentsRunOnEveryNodeOnItsNetworkAndFollowOneAfterTheOther() {
    Rendered chart = Chart.render();

    var pod = chart.agent().getSpec();
    assertThat(pod.getHostNetwork()).isTrue();
    assertThat(pod.getDnsPolicy()).isEqualTo("ClusterFirstWithHostNet");
    assertThat(pod.getTolerations())
        .containsExactly(new Toleration(null, null, "Exists", null, null));
    assertThat(
            chart
                .only(DaemonSet.class, "agent")
                .getSpec()
                .getUpdateStrategy()
                .getRollingUpdate()
                .getMaxUnavailable()
                .getIntVal())
        .isEqualTo(1);
  }

  @Test
  void theOperatorLeavesADrainedNode() {
    assertThat(Chart.render().operator().getSpec().getTolerations())
        .isNotEmpty()
        .allSatisfy(toleration -> assertThat(toleration.getKey()).isNotEmpty())
        .noneMatch(toleration -> "node.kubernetes.io/unschedulable".equals(toleration.getKey()));
  }

  @Test
  void aRollingUpdateOfTheOperatorFreesItsPortFirst() {
    var strategy = Chart.render().only(Deployment.class, "operator").getSpec().getStrategy();

    assertThat(strategy.getRollingUpdate().getMaxSurge().getIntVal()).isZero();
  }

  @Test
  void imageComesFromTheValues() {
    Rendered chart =
        Chart.render(
            "image.repository=registry.example/peerage", "image.tag=v7", "image.pullPolicy=Never");

    for (PodTemplateSpec pod : List.of(chart.operator(), chart.agent())) {
      assertThat(Chart.container(pod).getImage()).isEqualTo("registry.example/peerage:v7");
      assertThat(Chart.container(pod).getImagePullPolicy()).isEqualTo("Never");
    }
  }

  @Test
  void probesAskTheHttpServerThatTheProgramIsToldToStart() {
    Rendered chart = Chart.render("agent.httpPort=19878", "operator.httpPort=19879");

    for (var port : Map.of(19878, chart.agent(), 19879, chart.operator()).entrySet()) {
      Container container = Chart.container(port.getValue());
      assertThat(container.getArgs()).contains("--http-address=0.0.0.0:" + port.getKey());
      assertThat(container.getPorts())
          .singleElement()
          .returns(port.getKey(), ContainerPort::getContainerPort)
          .returns("http", ContainerPort::getName);
      assertThat(container.getLivenessProbe()).satisfies(probe -> asks(probe, "/healthz"));
      assertThat(container.getStartupProbe()).satisfies(probe -> asks(probe, "/healthz"));
      assertThat(container.getReadinessProbe()).satisfies(probe -> asks(probe, "/readyz"));
      assertThat(port.getValue().getMetadata().getAnnotations())
          .containsEntry("prometheus.io/port", String.valueOf(port.getKey()));
    }
  }

  private static void asks(Probe probe, String path) {
    assertThat(probe.getHttpGet().getPath()).isEqualTo(path);
    assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("http");
  }

  @Test
  void theCommandFindsTheAgentsUnderAnyName() {
    PodTemplateSpec agent = Chart.renderAs("edge", "fullnameOverride=bgp").agent();

    assertThat(agent.getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/name", "peerage")
        .containsEntry("app.kubernetes.io/component", "agent");
  }
}
