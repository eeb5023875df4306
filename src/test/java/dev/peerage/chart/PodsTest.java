package dev.peerage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.chart.Chart.Rendered;
import dev.peerage.snapshot.SnapshotFile;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
  void theRightToListenBelow1024IsTheAgentsByValueAndNoOther() {
    Rendered chart = Chart.render("agent.bindPrivilegedPorts=true");

    var user = chart.agent().getSpec().getSecurityContext();
    assertThat(user.getRunAsNonRoot()).isTrue();
    assertThat(user.getRunAsUser()).isEqualTo(65532);
    Container agent = Chart.container(chart.agent());
    assertThat(agent.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(agent.getSecurityContext().getCapabilities().getAdd())
        .containsExactly("NET_BIND_SERVICE");
    assertThat(agent.getSecurityContext().getAllowPrivilegeEscalation())
        .as("else the kernel ignores the capability of the file")
        .isTrue();
    assertThat(agent.getCommand())
        .startsWith("/usr/libexec/peerage/low-ports")
        .endsWith("/usr/bin/peerage");
    assertThat(agent.getArgs()).startsWith("agent");
    var operator = Chart.container(chart.operator());
    assertThat(operator.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(operator.getSecurityContext().getCapabilities().getAdd()).isEmpty();
    assertThat(operator.getCommand()).isEmpty();
    assertThat(Chart.container(Chart.render().agent()).getCommand()).isEmpty();
  }

  @Test
  void onlyTheAgentsFoldersForTemporaryFilesAndSnapshotAreWritableAndNothingOfTheHostIsMounted() {
    Rendered chart = Chart.render();

    assertThat(chart.agent().getSpec().getVolumes())
        .allSatisfy(volume -> assertThat(volume.getEmptyDir().getSizeLimit()).isNotNull())
        .extracting(Volume::getName)
        .containsExactly("tmp", "snapshot");
    assertThat(mounts(chart)).containsExactly("/tmp", "/var/lib/peerage");
    // kubectl drain refuses to evict a pod that has an emptyDir.
    assertThat(chart.operator().getSpec().getVolumes()).isEmpty();
    assertThat(Chart.container(chart.operator()).getVolumeMounts()).isEmpty();
  }

  private static List<String> mounts(Rendered chart) {
    return Chart.container(chart.agent()).getVolumeMounts().stream()
        .map(VolumeMount::getMountPath)
        .toList();
  }

  @Test
  void theSnapshotIsOnTheHostOrNowhereByValue() {
    Rendered onHost = Chart.render("agent.snapshot.hostPath=/var/lib/peerage");
    assertThat(onHost.agent().getSpec().getVolumes())
        .filteredOn(volume -> volume.getName().equals("snapshot"))
        .singleElement()
        .satisfies(volume -> {
          assertThat(volume.getEmptyDir()).isNull();
          assertThat(volume.getHostPath().getPath()).isEqualTo("/var/lib/peerage");
          assertThat(volume.getHostPath().getType()).isEqualTo("DirectoryOrCreate");
        });

    Rendered off = Chart.render("agent.snapshot.enabled=false");
    assertThat(mounts(off)).containsExactly("/tmp");
    assertThat(Chart.container(off.agent()).getEnv())
        .noneMatch(each -> each.getName().startsWith("PEERAGE_SNAPSHOT"));
  }

  @Test
  void theLongestSnapshotFitsTwiceIntoItsVolume() {
    assertThat(
            Quantity.getAmountInBytes(
                    Chart.render()
                        .agent()
                        .getSpec()
                        .getVolumes()
                        .getLast()
                        .getEmptyDir()
                        .getSizeLimit())
                .longValue())
        .isGreaterThan(2 * SnapshotFile.LONGEST);
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
      assertThat(container.getArgs()).contains("--http-address=127.0.0.1:" + port.getKey());
      assertThat(port(container, "http")).isEqualTo(port.getKey());
      asks(container, "127.0.0.1");
    }
  }

  @Test
  void thePodOfAnOperatorWithoutTheHostsNetworkIsProbedFromOutside() {
    Container container = Chart.container(Chart.render("operator.hostNetwork=false").operator());

    assertThat(container.getArgs()).contains("--http-address=0.0.0.0:17904");
    asks(container, null);
  }

  private static void asks(Container container, @Nullable String host) {
    // They would restart a container whose port another program of the node has.
    assertThat(container.getLivenessProbe()).isNull();
    assertThat(container.getStartupProbe()).isNull();
    assertThat(container.getReadinessProbe()).satisfies(probe -> asks(probe, host, "/readyz"));
  }

  private static void asks(Probe probe, @Nullable String host, String path) {
    assertThat(probe.getHttpGet().getHost()).isEqualTo(host);
    assertThat(probe.getHttpGet().getPath()).isEqualTo(path);
    assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("http");
  }

  private static int port(Container container, String name) {
    return container.getPorts().stream()
        .filter(port -> port.getName().equals(name))
        .mapToInt(ContainerPort::getContainerPort)
        .findFirst()
        .orElse(0);
  }

  @Test
  void theLookingGlassIsForTheNodeAloneAndFoundByItsName() {
    Container container = Chart.container(Chart.render("agent.lookingGlassPort=18000").agent());

    assertThat(container.getArgs()).contains("--api-address=127.0.0.1:18000");
    assertThat(port(container, "looking-glass")).isEqualTo(18000);
  }

  @Test
  void theCommandFindsTheAgentsUnderAnyName() {
    PodTemplateSpec agent = Chart.renderAs("edge", "fullnameOverride=bgp").agent();

    assertThat(agent.getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/name", "peerage")
        .containsEntry("app.kubernetes.io/component", "agent");
  }
}
