package dev.peerage.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peerage.chart.Chart.Rendered;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where and to whom the metrics are served, by mode. */
class MetricsTest {
  private static final String TLS = "metrics.mode=tls";
  private static final String SECRET = "metrics.tls.secretName=peerage-metrics-tls";

  @Test
  void plainMetricsHaveAnAddressOfTheirOwn() {
    Rendered chart =
        Chart.render(
            "agent.metricsPort=19001",
            "operator.metricsPort=19002",
            "metrics.bindAddress=192.168.10.100");

    for (var port : Map.of(19001, chart.agent(), 19002, chart.operator()).entrySet()) {
      Container container = Chart.container(port.getValue());
      assertThat(container.getArgs())
          .contains("--metrics-address=192.168.10.100:" + port.getKey())
          .noneMatch(argument -> argument.startsWith("--metrics-certificates"));
      assertThat(container.getPorts())
          .extracting(ContainerPort::getName, ContainerPort::getContainerPort)
          .contains(org.assertj.core.groups.Tuple.tuple("metrics", port.getKey()));
      assertThat(port.getValue().getMetadata().getAnnotations())
          .containsEntry("prometheus.io/scrape", "true")
          .containsEntry("prometheus.io/scheme", "http")
          .containsEntry("prometheus.io/port", String.valueOf(port.getKey()));
    }
    assertThat(reviews(chart)).isEmpty();
  }

  @Test
  void anIpv6AddressIsWrittenInBrackets() {
    assertThat(Chart.container(Chart.render("metrics.bindAddress=::").agent()).getArgs())
        .contains("--metrics-address=[::]:17903");
  }

  @Test
  void metricsThatAreOffAreNowhere() {
    Rendered chart = Chart.render("metrics.mode=off");

    for (PodTemplateSpec pod : List.of(chart.agent(), chart.operator())) {
      assertThat(Chart.container(pod).getArgs())
          .noneMatch(argument -> argument.startsWith("--metrics"));
      assertThat(Chart.container(pod).getPorts())
          .extracting(ContainerPort::getName)
          .doesNotContain("metrics");
      assertThat(pod.getMetadata().getAnnotations())
          .allSatisfy((name, _) -> assertThat(name).doesNotStartWith("prometheus.io"));
    }
  }

  @Test
  void tlsMountsTheCertificateAndMayAskTheApiServerAboutTokens() {
    Rendered chart = Chart.render(TLS, SECRET);

    for (PodTemplateSpec pod : List.of(chart.agent(), chart.operator())) {
      Container container = Chart.container(pod);
      assertThat(container.getArgs()).contains("--metrics-certificates=/etc/peerage/metrics");
      assertThat(container.getVolumeMounts())
          .filteredOn(mount -> mount.getMountPath().equals("/etc/peerage/metrics"))
          .singleElement()
          .satisfies(mount -> {
            assertThat(mount.getReadOnly()).isTrue();
            assertThat(pod.getSpec().getVolumes())
                .filteredOn(volume -> volume.getName().equals(mount.getName()))
                .singleElement()
                .extracting(Volume::getSecret)
                .satisfies(secret -> {
                  assertThat(secret.getSecretName()).isEqualTo("peerage-metrics-tls");
                  // A Secret that is not there must not keep the sessions from starting.
                  assertThat(secret.getOptional()).isTrue();
                });
          });
      assertThat(pod.getMetadata().getAnnotations()).containsEntry("prometheus.io/scheme", "https");
    }
    assertThat(reviews(chart))
        .hasSize(2)
        .allSatisfy(rule -> assertThat(rule.getVerbs()).containsExactly("create"));
    assertThat(chart.only(ClusterRoleBinding.class, "metrics-reviews").getSubjects())
        .extracting(Subject::getName)
        .containsExactly("peerage-agent", "peerage-operator");
    // Nobody may read them by the chart alone.
    assertThat(chart.only(ClusterRole.class, "metrics-reader").getRules())
        .singleElement()
        .returns(List.of("/metrics"), PolicyRule::getNonResourceURLs)
        .returns(List.of("get"), PolicyRule::getVerbs);
    assertThat(chart.all(ClusterRoleBinding.class))
        .extracting(HasMetadata::getMetadata)
        .noneMatch(meta -> meta.getName().endsWith("reader"));
  }

  private static List<PolicyRule> reviews(Rendered chart) {
    return chart.all(ClusterRole.class).stream()
        .flatMap(role -> role.getRules().stream())
        .filter(rule ->
            rule.getResources().contains("tokenreviews")
                || rule.getResources().contains("subjectaccessreviews"))
        .toList();
  }

  @Test
  void tlsNeedsACertificate() {
    assertThatThrownBy(() -> Chart.render(TLS)).hasMessageContaining("/metrics/tls/secretName");
    assertThatThrownBy(() -> Chart.render("metrics.mode=https"))
        .hasMessageContaining("/metrics/mode");
  }
}
