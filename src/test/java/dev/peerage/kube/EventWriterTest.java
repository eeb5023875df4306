package dev.peerage.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.kube.Warning.Subject;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the rights of the chart, against a real API server. */
@Tag("cluster")
@ResourceLock(ApiServer.OBJECTS)
final class EventWriterTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private final ApiServer server = ApiServer.running();
  private HasMetadata pool;

  @BeforeEach
  void createPool() {
    pool =
        server
            .apply(
                """
                apiVersion: cilium.io/v2
                kind: CiliumLoadBalancerIPPool
                metadata: {name: without-addresses}
                spec: {blocks: []}
                """)
            .getFirst();
  }

  @AfterEach
  void deletePool() {
    server.client().resource(pool).delete();
    server.client().events().v1().events().inNamespace("default").delete();
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent", "operator"})
  void aWarningIsOneEventHoweverOftenItIsSaid(String part) throws IOException {
    Warning warning =
        new Warning(
            new Subject(
                pool.getApiVersion(),
                pool.getKind(),
                pool.getMetadata().getName(),
                pool.getMetadata().getUid()),
            "BGPConfigurationWarning",
            "spec.blocks: the pool has no address to give out; add a block");

    say(part, warning);
    await().atMost(LIMIT).until(() -> events().size() == 1);

    Event event = events().getFirst();
    assertThat(event.getType()).isEqualTo("Warning");
    assertThat(event.getReason()).isEqualTo("BGPConfigurationWarning");
    assertThat(event.getNote()).isEqualTo(warning.note());
    assertThat(event.getReportingController()).isEqualTo("peerage.dev/" + part);
    assertThat(event.getReportingInstance()).isEqualTo("here");
    assertThat(event.getSeries()).isNull();
    // What `kubectl describe` looks for, in the older API too.
    assertThat(
            server
                .client()
                .v1()
                .events()
                .inNamespace("default")
                .withField("involvedObject.kind", "CiliumLoadBalancerIPPool")
                .withField("involvedObject.name", "without-addresses")
                .withField("involvedObject.uid", pool.getMetadata().getUid())
                .list()
                .getItems())
        .hasSize(1);

    say(part, warning); // as after a restart
    await().atMost(LIMIT).until(() -> events().getFirst().getSeries() != null);
    assertThat(events())
        .singleElement()
        .satisfies(again -> assertThat(again.getSeries().getCount()).isEqualTo(2));
  }

  private void say(String part, Warning warning) throws IOException {
    String kubeconfig = Files.readString(server.kubeconfig("peerage-" + part, "127.0.0.1"));
    try (KubernetesClient client =
            new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(kubeconfig)).build();
        EventWriter writer =
            new EventWriter(client, part, "here", InstantSource.system(), Duration.ZERO)) {
      long before = events().stream().filter(each -> each.getSeries() != null).count();
      int written = events().size();
      writer.keep(Set.of(warning));
      await()
          .atMost(LIMIT)
          .until(() ->
              events().size() > written
                  || events().stream().filter(each -> each.getSeries() != null).count() > before);
    }
  }

  /** Those about the pool: other tests leave theirs. */
  private List<Event> events() {
    return server.client().events().v1().events().inNamespace("default").list().getItems().stream()
        .filter(each -> pool.getMetadata().getUid().equals(each.getRegarding().getUid()))
        .toList();
  }
}
