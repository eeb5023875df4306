package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.listening;
import static dev.peerage.bgp.speaker.Desired.passive;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.speaker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.Update;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many routes, and a peer that does not read them. */
class LargeTableTest {
  private static final String NODE = "10.0.0.1";
  private static final String READER = "10.0.0.2";
  private static final String SLEEPER = "10.0.0.3";
  private static final int ROUTES = 300_000;

  private final Loopback loopback = new Loopback();
  private final Speaker node =
      Speaker.start(
          new SpeakerSettings(loopback, InstantSource.system(), new SimpleMeterRegistry(), false));
  private final Set<Prefix> routes = new HashSet<>();

  LargeTableTest() {
    for (int i = 0; i < ROUTES; i++) {
      routes.add(new Prefix(AddressFamily.IPV4_UNICAST, (0x6400_0000L + i) << 32, 0, 32));
    }
    apply();
  }

  private void apply() {
    node.apply(state(routes)).join();
  }

  private static DesiredSpeaker state(Set<Prefix> routes) {
    return speaker(
        listening(
            NODE,
            65001,
            routes,
            passive(peer(NODE, READER, 65002)),
            passive(peer(NODE, SLEEPER, 65003))));
  }

  @AfterEach
  void close() {
    node.close(Shutdown.CEASE).join();
  }

  @Test
  void aPeerThatDoesNotReadDelaysOnlyItself() throws IOException {
    try (RawPeer sleeper = dial(SLEEPER);
        RawPeer reader = dial(READER)) {
      sleeper.establish(RawPeer.open(65003, SLEEPER, 0));
      reader.establish(RawPeer.open(65002, READER, 0));

      List<Update> updates = reader.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);
      assertThat(updates.stream().mapToInt(update -> update.announced().size()).sum())
          .isEqualTo(ROUTES);
      // 4096 octets hold 4039 octets of NLRI or more: 807 of these prefixes.
      assertThat(updates).hasSizeLessThanOrEqualTo(ROUTES / 800);

      Prefix gone = new Prefix(AddressFamily.IPV4_UNICAST, 0x6400_0007L << 32, 0, 32);
      routes.remove(gone);
      apply();
      assertThat(RawPeer.withdrawn(reader.expect(Update.class))).containsExactly(gone);

      // Once it reads, the sleeper gets the table as it is then. What the sockets between them
      // hold is from before, the withdrawal comes right behind it.
      List<Update> late = sleeper.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);
      Set<Prefix> known = new HashSet<>();
      for (Update update : late) {
        RawPeer.withdrawn(update).forEach(known::remove);
        known.addAll(RawPeer.announced(update));
      }
      assertThat(known).isEqualTo(routes);
    }
  }

  @Test
  void aStateThatIsAppliedWhileAnotherIsTakenOverIsTheOneThatPeersHearOf() throws IOException {
    try (RawPeer reader = dial(READER)) {
      reader.establish(RawPeer.open(65002, READER, 0));
      assertThat(reader.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST)).isNotEmpty();

      Prefix kept = new Prefix(AddressFamily.IPV4_UNICAST, 0x6400_0000L << 32, 0, 32);
      Prefix added = new Prefix(AddressFamily.IPV4_UNICAST, 0x6300_0000L << 32, 0, 32);
      Set<Prefix> none = Set.of();
      Set<Prefix> last = Set.of(kept, added);
      CompletableFuture<Void> first = node.apply(state(none));
      CompletableFuture<Void> second = node.apply(state(last));
      CompletableFuture.allOf(first, second).join();

      Set<Prefix> gone = new HashSet<>();
      Update update = reader.expect(Update.class);
      while (RawPeer.announced(update).isEmpty()) {
        gone.addAll(RawPeer.withdrawn(update));
        update = reader.expect(Update.class);
      }
      assertThat(RawPeer.announced(update)).containsExactly(added);
      routes.remove(kept);
      assertThat(gone).isEqualTo(routes);
    }
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
