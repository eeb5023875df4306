package dev.peerage.lbipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.apiserver.CuttableConnection;
import dev.peerage.operator.RunningOperator;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import java.net.URI;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two operators whose clocks differ by a minute, which is four times as long as a lease. */
@Order(2)
@Tag("cluster")
final class SkewTest {
  /** Every two seconds one: longer than a lease lasts. */
  private static final int RENEWALS = 12;

  private static final String POOL =
      """
      apiVersion: cilium.io/v2
      kind: CiliumLoadBalancerIPPool
      metadata: {name: p}
      spec: {blocks: [{cidr: 172.16.0.0/24}]}
      """;

  private final ApiServer server = ApiServer.start();

  @ParameterizedTest
  @ValueSource(longs = {60, -60})
  void theOtherOneFollowsAsLongAsTheLeaderRenews(long skew) {
    server.apply(POOL);
    try (var history = ServiceHistory.of(server.client());
        var way = new CuttableConnection(port());
        var leaders = IpamOperator.client(server, Optional.of(url(way)));
        var others = IpamOperator.client(server, Optional.empty());
        var _ = RunningOperator.start(leaders, Duration.ZERO)) {
      awaitHolder(Set.of());
      var leader = lease().getHolderIdentity();
      try (var _ = RunningOperator.start(others, Duration.ofSeconds(skew))) {
        assertThat(renewals()).as("the holder of %s renewals", RENEWALS).containsOnly(leader);
        ManyServices.create(server.client(), 3);
        history.await(3, ServiceHistory::isSatisfied);

        way.cut();
        awaitHolder(Set.of(leader));
        way.mend(); // It follows, and takes nothing back.
        var next = lease().getHolderIdentity();
        assertThat(renewals()).containsOnly(next);
        assertThat(lease().getLeaseTransitions()).isOne();
        var _ = server.client().resource(ManyServices.of("later")).create();
        history.await(4, ServiceHistory::isSatisfied);
        assertThat(history.faults()).isEmpty();
      }
    }
  }

  private int port() {
    return URI.create(server.client().getMasterUrl().toString()).getPort();
  }

  private static String url(CuttableConnection way) {
    return "https://127.0.0.1:" + way.port();
  }

  private LeaseSpec lease() {
    return server
        .client()
        .leases()
        .inNamespace(ApiServer.NAMESPACE)
        .withName("peerage-operator")
        .get()
        .getSpec();
  }

  private void awaitHolder(Set<String> exceptions) {
    await("a leader")
        .atMost(Duration.ofMinutes(3))
        .ignoreExceptions()
        .until(() ->
            lease().getHolderIdentity() != null
                && !exceptions.contains(lease().getHolderIdentity()));
  }

  /** Who holds the lease while it is renewed some times. */
  private Set<String> renewals() {
    var holders = new HashSet<String>();
    var times = new HashSet<ZonedDateTime>();
    await("renewals")
        .atMost(Duration.ofMinutes(5))
        .until(() -> {
          var now = lease();
          holders.add(now.getHolderIdentity());
          times.add(now.getRenewTime());
          return times.size() > RENEWALS;
        });
    return holders;
  }
}
