package dev.peerage.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.operator.Fleet;
import dev.peerage.operator.OperatorProcess;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A selector that no longer selects any node takes no network down before somebody can see it. */
@Tag("cluster")
final class DeletionsHeldBackTest {
  private static final int NODES = 200;

  @Test
  void aMistypedSelectorIsToldAndDoneSlowlyAndCanBePutRight() {
    var server = ApiServer.start();
    var fleet = new Fleet(server);
    fleet.grow(0, NODES);
    try (var operator = OperatorProcess.start(server)) {
      fleet.awaitNodeConfigs(NODES);
      fleet.awaitQuiet();
      var before = fleet.versions();

      var begin = System.nanoTime();
      select(server, "ye");
      eventually(() -> assertThat(held(server)).isEqualTo("True TooManyAtOnce"));
      eventually(() ->
          assertThat(
                  server.client().events().v1().events().inNamespace("default").list().getItems())
              .extracting(Event::getReason)
              .contains("NodeConfigDeletionsHeldBack"));
      var metrics = operator.get("/metrics");
      var left = new TreeMap<>(fleet.versions());
      // One a second and the first at once, however fast or slow this machine is.
      var seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
      assertThat(NODES - left.size()).isBetween(1, Math.toIntExact(seconds) + 2);
      assertThat(heldBack(metrics)).isBetween(NODES - seconds - 2, (long) NODES);

      // A further operator holds them back as well.
      operator.kill();
      try (var next = OperatorProcess.start(server)) {
        next.awaitLeading();
        eventually(() -> assertThat(next.log()).contains("More than 1"));
        select(server, "yes");
        fleet.awaitNodeConfigs(NODES);
        eventually(() -> assertThat(held(server)).isEmpty());
        fleet.awaitQuiet();
        var after = fleet.versions();
        var same =
            before.entrySet().stream()
                .filter(it -> it.getValue().equals(after.get(it.getKey())))
                .count();
        // Each of those that were deleted went once, and each operator deleted one a second.
        var all = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
        assertThat(same).isGreaterThanOrEqualTo(NODES - all - 4);
      }
    }
  }

  private static long heldBack(String metrics) {
    var gauge =
        Pattern.compile("(?m)^peerage_operator_nodeconfigs_deletions_held ([0-9]+)")
            .matcher(metrics);
    assertThat(gauge.find()).as("the gauge of what is held back").isTrue();
    return Long.parseLong(gauge.group(1));
  }

  @Test
  void anOperatorReadsTheNodeOnceMoreBeforeItDeletes() {
    var server = ApiServer.start();
    var fleet = new Fleet(server);
    fleet.grow(0, 2);
    try (var _ = OperatorProcess.start(server)) {
      fleet.awaitNodeConfigs(2);
      server.client().nodes().withName(Fleet.name(1)).delete();
      fleet.awaitNodeConfigs(1);
    }
    // While nobody leads a Node goes: its NodeConfig is what is left.
    server.client().nodes().withName(Fleet.name(0)).delete();
    try (var _ = OperatorProcess.start(server)) {
      fleet.awaitNodeConfigs(0);
    }
  }

  private static void select(ApiServer server, String label) {
    var _ =
        server
            .client()
            .resources(CiliumBGPClusterConfig.class)
            .withName("fleet")
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"spec\": {\"nodeSelector\": {\"matchLabels\": {\"fleet\": \""
                    + label
                    + "\"}}}}");
  }

  private static String held(ApiServer server) {
    return server
        .client()
        .resources(CiliumBGPClusterConfig.class)
        .withName("fleet")
        .get()
        .getStatus()
        .conditions()
        .stream()
        .filter(it -> it.type().equals("peerage.dev/NodeConfigDeletionsHeldBack"))
        .map(it -> it.status() + " " + it.reason())
        .findFirst()
        .orElse("");
  }

  private static void eventually(ThrowingRunnable assertion) {
    await()
        .atMost(OperatorProcess.LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .untilAsserted(assertion);
  }
}
