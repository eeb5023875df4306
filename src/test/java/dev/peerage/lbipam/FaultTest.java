package dev.peerage.lbipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.proof.Rounds;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Writes that the API server refuses, for whichever reason, are made in the end. */
@Tag("cluster")
@Tag("proof")
final class FaultTest {
  private static final List<Integer> CODES = List.of(409, 429, 500, 503, 0);

  @Test
  void allServicesGetAddressesInTheEnd() {
    var server = ApiServer.start();
    var client = server.client();
    var number = Rounds.of(50, 500);
    var refused = 4 * number;
    server.apply(
        """
        apiVersion: cilium.io/v2
        kind: CiliumLoadBalancerIPPool
        metadata: {name: p}
        spec: {blocks: [{cidr: 172.16.0.0/16}]}
        """);
    ManyServices.create(client, number);
    try (var history = ServiceHistory.of(client);
        var faults =
            new FaultyWrites(
                server, write -> write < refused ? CODES.get(write % CODES.size()) : 0);
        var _ = IpamOperator.alone(server, Optional.of(faults.url()))) {
      history.await(number, ServiceHistory::isSatisfied);

      assertThat(history.faults()).isEmpty();
      assertThat(history.contradictions()).isEmpty();
      assertThat(faults.writes()).isGreaterThan(number);
    }
  }
}
