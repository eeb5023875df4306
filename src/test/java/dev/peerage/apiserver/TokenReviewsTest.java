package dev.peerage.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.chart.Chart;
import dev.peerage.chart.Chart.Rendered;
import dev.peerage.http.ScrapeAccess.Verdict;
import dev.peerage.http.TokenReviews;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may read the metrics, asked of a real API server with the rights of the chart. */
@ResourceLock(ApiServer.OBJECTS)
class TokenReviewsTest {
  private static final ApiServer server = ApiServer.running();

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @BeforeAll
  static void grantAsTheChartDoes() {
    Rendered chart = tls();
    chart.all(ClusterRole.class).stream()
        .filter(role -> role.getMetadata().getName().startsWith("peerage-metrics-"))
        .forEach(role -> server.client().resource(role).serverSideApply());
    chart.all(ClusterRoleBinding.class).stream()
        .filter(binding -> binding.getMetadata().getName().startsWith("peerage-metrics-"))
        .forEach(binding -> server.client().resource(binding).serverSideApply());
  }

  private static KubernetesClient agent() throws IOException {
    return new KubernetesClientBuilder()
        .withConfig(
            Config.fromKubeconfig(
                Files.readString(server.kubeconfig("peerage-agent", "127.0.0.1"))))
        .build();
  }

  private static String tokenOf(String serviceAccount) {
    return server
        .client()
        .serviceAccounts()
        .inNamespace(ApiServer.NAMESPACE)
        .withName(serviceAccount)
        .tokenRequest(
            new TokenRequestBuilder().withNewSpec().withExpirationSeconds(7200L).endSpec().build())
        .getStatus()
        .getToken();
  }

  @Test
  void onlyWhoeverMayGetTheUrlReadsTheMetrics() throws IOException {
    try (KubernetesClient client = agent()) {
      var reviews = new TokenReviews(client, () -> now);
      String token = tokenOf("peerage-operator");

      assertThat(reviews.of("made up")).isInstanceOf(Verdict.Unauthenticated.class);
      assertThat(reviews.of(token))
          .isEqualTo(
              new Verdict.Forbidden("system:serviceaccount:peerage-system:peerage-operator"));

      var binding =
          new ClusterRoleBindingBuilder()
              .withNewMetadata()
              .withName("prometheus-peerage")
              .endMetadata()
              .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "peerage-metrics-reader")
              .addNewSubject()
              .withKind("ServiceAccount")
              .withName("peerage-operator")
              .withNamespace(ApiServer.NAMESPACE)
              .endSubject()
              .build();
      server.client().resource(binding).serverSideApply();
      try {
        assertThat(reviews.of(token)).as("remembered").isInstanceOf(Verdict.Forbidden.class);
        now = now.plus(Duration.ofMinutes(1));
        // The API server's own caches of bindings follow in a moment.
        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(() -> {
              now = now.plus(Duration.ofMinutes(1));
              assertThat(reviews.of(token)).isEqualTo(new Verdict.Allowed());
            });
      } finally {
        server.client().resource(binding).delete();
      }
    }
  }

  /** Each of the two rights that the chart gives in this mode is needed. */
  @ParameterizedTest
  @ValueSource(strings = {"tokenreviews", "subjectaccessreviews"})
  void withoutARightNobodyIsAllowed(String resource) throws IOException {
    ClusterRole whole = role();
    server
        .client()
        .resource(
            new ClusterRoleBuilder(whole)
                .removeMatchingFromRules(rule -> rule.getResources().contains(resource))
                .build())
        .forceConflicts()
        .serverSideApply();
    try (KubernetesClient client = agent()) {
      String token = tokenOf("peerage-operator");
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> {
            now = now.plus(Duration.ofMinutes(1));
            assertThat(new TokenReviews(client, () -> now).of(token))
                .isEqualTo(new Verdict.Unknown("the API server cannot be asked: it answers 403"));
          });
    } finally {
      server.client().resource(whole).forceConflicts().serverSideApply();
    }
  }

  private static ClusterRole role() {
    return tls().all(ClusterRole.class).stream()
        .filter(role -> role.getMetadata().getName().equals("peerage-metrics-reviews"))
        .findFirst()
        .orElseThrow();
  }

  private static Rendered tls() {
    return Chart.render("metrics.mode=tls", "metrics.tls.secretName=peerage-metrics-tls");
  }

  @Test
  void whereTheApiServerCannotBeAskedNobodyNewIsAnswered() {
    var config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("https://127.0.0.1:1")
            .withRequestRetryBackoffLimit(0)
            .build();
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
      assertThat(new TokenReviews(client, () -> now).of("a token"))
          .isEqualTo(new Verdict.Unknown("the API server cannot be asked: it cannot be reached"));
    }
  }
}
