package dev.peerage.lbipam;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What they bring is tested on a real API server. */
class FreshListsTest {
  private Instant now = Instant.EPOCH;

  @Test
  void asksAgainEverMoreSeldomAndNeverGivesUp() throws IOException {
    int closed;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    var config =
        new ConfigBuilder()
            .withMasterUrl("http://127.0.0.1:" + closed)
            .withRequestRetryBackoffLimit(0)
            .build();
    try (var client = new KubernetesClientBuilder().withConfig(config).build()) {
      var lists = new FreshLists(client, () -> now, new Addresses(Responsibility.DEFAULT));
      var delays = new ArrayList<Long>();
      for (var attempt = 0; attempt < 8; attempt++) {
        var delay = lists.fill(it -> it);
        now = now.plus(delay.dividedBy(2));
        assertThat(lists.fill(it -> it)).as("not yet").isEqualTo(delay.dividedBy(2));
        now = now.plus(delay);
        delays.add(delay.toSeconds());
      }
      assertThat(delays).isEqualTo(List.of(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L));
    }
    assertThat(Duration.between(Instant.EPOCH, now)).isPositive();
  }
}
