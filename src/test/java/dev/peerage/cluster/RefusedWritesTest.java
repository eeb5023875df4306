package dev.peerage.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.lbipam.FaultyWrites;
import dev.peerage.operator.Fleet;
import dev.peerage.operator.RunningOperator;
import dev.peerage.proof.Rounds;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Writes that the API server refuses, or that others overtake, are made in the end. */
@Tag("cluster")
@Tag("proof")
final class RefusedWritesTest {
  private static final int LATE = -1;
  private static final List<Integer> ANSWERS = List.of(409, 429, 500, LATE, 503);

  @Test
  void allIsRightAfterTheApiServerHasRefusedForSomeTime() {
    var server = ApiServer.start();
    var fleet = new Fleet(server);
    fleet.grow(0, 40);
    var end = System.nanoTime() + Duration.ofSeconds(Rounds.of(10, 180)).toNanos();
    try (var faults =
            new FaultyWrites(server, write -> System.nanoTime() < end ? answer(write) : 0);
        var client =
            RedirectedClient.of(server, path -> path.startsWith("/apis/cilium.io"), faults.url());
        var operator = RunningOperator.start(client, RunningOperator.Options.DEFAULT)) {
      fleet.awaitNodeConfigs(40);
      awaitObserved(server);
      assertThat(operator.alive()).isTrue();
      assertThat(faults.writes()).isGreaterThan(41);
    }
  }

  private static int answer(int write) {
    int answer = ANSWERS.get(write % ANSWERS.size());
    if (answer == LATE) {
      try {
        Thread.sleep(Duration.ofSeconds(2));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return 0;
    }
    return answer;
  }

  @Test
  void aSpecThatChangesDuringAStatusWriteIsNotMissed() {
    var server = ApiServer.start();
    var fleet = new Fleet(server);
    fleet.grow(0, 1);
    var changes = new AtomicInteger();
    var wanted = Rounds.of(20, 200);
    try (var faults =
            new FaultyWrites(
                server,
                write -> {
                  if (changes.incrementAndGet() <= wanted) {
                    // Before our write, so that it is overtaken, or about at the same time.
                    var change = Thread.ofVirtual().start(() -> changeSpec(server, write));
                    if (write % 2 == 0) {
                      join(change);
                    }
                  }
                  return 0;
                });
        var client =
            RedirectedClient.of(
                server,
                path -> path.endsWith("/ciliumbgpclusterconfigs/fleet/status"),
                faults.url());
        var operator = RunningOperator.start(client, RunningOperator.Options.DEFAULT)) {
      await("all changes")
          .atMost(Duration.ofMinutes(10))
          .pollInterval(Duration.ofMillis(100))
          .until(() -> changes.get() > wanted);
      awaitObserved(server);
      assertThat(operator.alive()).isTrue();
    }
  }

  private static void changeSpec(ApiServer server, int number) {
    var _ =
        server
            .client()
            .resources(CiliumBGPClusterConfig.class)
            .withName("fleet")
            .patch(
                PatchContext.of(PatchType.JSON),
                "[{\"op\": \"replace\", \"path\": \"/spec/bgpInstances/0/localASN\", \"value\": "
                    + (65_002 + number)
                    + "}]");
  }

  private static void awaitObserved(ApiServer server) {
    await("the newest generation is observed")
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> {
          var config =
              server.client().resources(CiliumBGPClusterConfig.class).withName("fleet").get();
          assertThat(config.getStatus()).isNotNull();
          assertThat(config.getStatus().conditions())
              .hasSize(3)
              .allSatisfy(condition -> {
                assertThat(condition.status()).isEqualTo("False");
                assertThat(condition.observedGeneration())
                    .isEqualTo(config.getMetadata().getGeneration());
              });
        });
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
