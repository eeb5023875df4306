package dev.peerage.lbipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.proof.Rounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an operator that starts writes, with the rights of the operator's service account. */
@Tag("cluster")
@Tag("proof")
final class StartTest {
  private static final String POOL =
      """
      apiVersion: cilium.io/v2
      kind: CiliumLoadBalancerIPPool
      metadata: {name: %s}
      spec: {blocks: [{cidr: %s}]}
      """;

  @Test
  void writesNothingWhereAllServicesHaveAddresses() {
    var server = ApiServer.start();
    var client = server.client();
    var number = 2_500;
    server.apply(POOL.formatted("p", "172.16.0.0/16"));
    ManyServices.create(client, number);
    try (var history = ServiceHistory.of(client)) {
      try (var _ = IpamOperator.alone(server)) {
        history.await(number, ServiceHistory::isSatisfied);
      }
      var before = ManyServices.versions(client);
      for (var start = 0; start < Rounds.of(5, 20); start++) {
        try (var operator = IpamOperator.alone(server)) {
          await("all Services are decided about")
              .atMost(Duration.ofMinutes(2))
              .pollInterval(Duration.ofMillis(50))
              .until(() -> operator.matching() == number && operator.decided() >= number);
          assertThat(operator.unsatisfied()).isZero();
        }
        assertThat(ManyServices.versions(client)).isEqualTo(before);
      }
      assertThat(history.faults()).isEmpty();
      assertThat(history.contradictions()).isEmpty();
    }
  }

  /** Everything in one {@code kubectl apply}, in any order, while the operator starts. */
  @Test
  void writesNoVerdictThatTheNextMomentTakesBack() {
    var server = ApiServer.start();
    var client = server.client();
    var starts = Rounds.of(3, 50);
    try (var history = ServiceHistory.of(client)) {
      for (var start = 0; start < starts; start++) {
        var objects = new ArrayList<>(objects(start));
        Collections.shuffle(objects, new Random(start));
        var applied = Thread.ofVirtual().start(() -> objects.forEach(server::apply));
        try (var _ = IpamOperator.alone(server)) {
          join(applied);
          history.await(8 * (start + 1), ServiceHistory::isSatisfied);
        }
        assertThat(history.contradictions()).isEmpty();
      }
      assertThat(history.faults()).isEmpty();
    }
  }

  private static List<String> objects(int start) {
    var service =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: %s, namespace: default%s}
        spec: {type: LoadBalancer, allocateLoadBalancerNodePorts: false, ports: [{port: 80}]}
        """;
    var objects =
        new ArrayList<>(
            IntStream.range(0, 6)
                .mapToObj(i -> service.formatted("s-" + start + "-" + i, ""))
                .toList());
    var asks = ", annotations: {lbipam.cilium.io/ips: 172.%d.%d.%d}";
    objects.add(service.formatted("asks-" + start, asks.formatted(16, start, 200)));
    objects.add(service.formatted("asks-other-" + start, asks.formatted(17, start, 200)));
    objects.add(POOL.formatted("p-" + start, "172.16." + start + ".0/24"));
    objects.add(POOL.formatted("q-" + start, "172.17." + start + ".0/24"));
    return objects;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
