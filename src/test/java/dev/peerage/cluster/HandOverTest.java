package dev.peerage.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.operator.Fleet;
import dev.peerage.operator.OperatorProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An operator that is stopped gives the lease up, so that the next one need not wait for it. */
@Tag("cluster")
final class HandOverTest {
  @Test
  void theNextOneWritesAfterTheLeaderWasStopped() {
    var server = ApiServer.start();
    var fleet = new Fleet(server);
    try (var first = OperatorProcess.start(server).awaitLeading();
        var second = OperatorProcess.start(server).awaitReady()) {
      fleet.grow(0, 3);
      fleet.awaitNodeConfigs(3);
      assertThat(second.leads()).isFalse();
      var before = fleet.versions();

      assertThat(first.terminate()).isEqualTo(143);
      assertThat(first.log())
          .contains("Gave the lease peerage-system/peerage-operator up", "Stopped");
      fleet.grow(3, 4);

      fleet.awaitNodeConfigs(4);
      assertThat(second.awaitLeading().alive()).isTrue();
      assertThat(fleet.versions()).containsAllEntriesOf(before);
    }
  }
}
