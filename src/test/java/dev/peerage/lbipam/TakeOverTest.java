package dev.peerage.lbipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.apiserver.CuttableConnection;
import dev.peerage.proof.Rounds;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The leader is cut off without having given up the lease, while Services come and go; another one
 * takes over. The pool has hardly more addresses than there are Services, so that each one that
 * comes gets the address of one that has gone.
 */
@Tag("cluster")
@Tag("proof")
final class TakeOverTest {
  private final ApiServer server = ApiServer.start();
  private final List<AutoCloseable> opened = new ArrayList<>();

  /** An operator and its way to the API server. */
  private record Replica(IpamOperator operator, CuttableConnection way) {}

  @Test
  void noAddressIsGivenTwice() throws Exception {
    var client = server.client();
    var number = Rounds.of(300, 1_000);
    var last = number + 9;
    server.apply(
        """
        apiVersion: cilium.io/v2
        kind: CiliumLoadBalancerIPPool
        metadata: {name: p}
        spec: {blocks: [{start: 172.16.0.0, stop: 172.16.%d.%d}]}
        """
            .formatted(last / 256, last % 256));
    ManyServices.create(client, number);
    try (var history = ServiceHistory.of(client)) {
      var leader = replica();
      leader.operator.awaitLead();
      var standby = replica();
      history.await(number, ServiceHistory::isSatisfied);

      var created = new AtomicInteger(number);
      for (var cut = 0; cut < Rounds.of(2, 10); cut++) {
        var calm = new AtomicBoolean();
        var first = created.get();
        var churn =
            Thread.ofVirtual()
                .start(() -> {
                  while (!calm.get()) {
                    var next = created.getAndIncrement();
                    var gone = client.services().inNamespace("default");
                    var _ = gone.withName("s-" + (next - number)).delete();
                    var _ = client.resource(ManyServices.of("s-" + next)).create();
                  }
                });
        Awaitility.await("some Services have come and gone")
            .until(() -> created.get() > first + 20);
        var before = leader;
        before.way.cut();
        leader = standby;
        leader.operator.awaitLead();
        before.way.mend(); // It may believe until then that it leads.
        standby = replica();
        var led = created.get();
        Awaitility.await("more Services have come and gone").until(() -> created.get() > led + 20);
        calm.set(true);
        churn.join();
        history.await(number, ServiceHistory::isSatisfied);
        assertThat(history.faults()).isEmpty();
      }
    } finally {
      for (var each : opened) {
        each.close();
      }
    }
  }

  private Replica replica() {
    var port = URI.create(server.client().getMasterUrl().toString()).getPort();
    var way = new CuttableConnection(port);
    opened.add(way);
    var operator = IpamOperator.elected(server, "https://127.0.0.1:" + way.port());
    opened.add(operator);
    return new Replica(operator, way);
  }
}
