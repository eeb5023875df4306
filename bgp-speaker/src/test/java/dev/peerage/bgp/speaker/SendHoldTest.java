package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.listening;
import static dev.peerage.bgp.speaker.Desired.passive;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.speaker;
import static dev.peerage.bgp.speaker.Desired.timers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.Prefix;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** RFC 9687 on real sockets: a peer that says KEEPALIVE and reads nothing. */
class SendHoldTest {
  private static final String NODE = "10.0.0.1";
  private static final String READER = "10.0.0.2";
  private static final String SLEEPER = "10.0.0.3";
  private static final int ROUTES = 300_000;
  private static final int HOLD = 9;

  private final Loopback loopback = new Loopback();
  private final Speaker node =
      Speaker.start(
          new SpeakerSettings(
              loopback,
              InstantSource.system(),
              new SimpleMeterRegistry(),
              false,
              new SessionLimits(Duration.ofMillis(1), Duration.ofMinutes(6))));

  @AfterEach
  void close() {
    node.close(Shutdown.CEASE).join();
  }

  @Test
  void dropsAPeerThatTakesNothingAndNoOther() throws IOException {
    Set<Prefix> routes = new HashSet<>();
    for (int i = 0; i < ROUTES; i++) {
      routes.add(new Prefix(AddressFamily.IPV4_UNICAST, (0x6400_0000L + i) << 32, 0, 32));
    }
    // The send hold time is twice the hold time. This thread must get to a KEEPALIVE in half of it.
    node.apply(
            speaker(
                listening(
                    NODE,
                    65001,
                    routes,
                    timers(passive(peer(NODE, SLEEPER, 65003)), 5, HOLD, 1),
                    passive(peer(NODE, READER, 65002)))))
        .join();
    try (RawPeer sleeper = dial(SLEEPER);
        RawPeer reader = dial(READER)) {
      reader.establish(RawPeer.open(65002, READER, 0));
      reader.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);
      long since = System.nanoTime();
      sleeper.establish(RawPeer.open(65003, SLEEPER, HOLD));

      await()
          .pollInterval(Duration.ofMillis(500))
          .atMost(Duration.ofSeconds(120))
          .ignoreException(UncheckedIOException.class) // The connection is reset in the end.
          .until(() -> {
            if (state(SLEEPER).error() instanceof SessionError.Sent) {
              return true;
            }
            sleeper.send(Keepalive.KEEPALIVE);
            return false;
          });

      assertThat(state(SLEEPER).lastError()).contains("Send Hold Timer Expired (8/0)");
      SessionError.Sent error = (SessionError.Sent) state(SLEEPER).error();
      assertThat(error.notification().is(NotificationCode.SEND_HOLD_TIMER_EXPIRED)).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - since))
          .isGreaterThan(Duration.ofSeconds(2 * HOLD));
      assertThat(state(READER).phase()).isInstanceOf(PeerState.Phase.Up.class);
    }
  }

  private PeerState state(String address) {
    return node.state().instances().getFirst().peers().stream()
        .filter(peer -> peer.address().equals(ip(address)))
        .findFirst()
        .orElseThrow();
  }

  private RawPeer dial(String from) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(
            () -> RawPeer.dial(loopback.toSocket(ip(from), 0), loopback.toSocket(ip(NODE), 179)),
            _ -> true);
  }
}
