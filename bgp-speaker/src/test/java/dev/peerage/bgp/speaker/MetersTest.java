package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.listening;
import static dev.peerage.bgp.speaker.Desired.passive;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.routes;
import static dev.peerage.bgp.speaker.Desired.speaker;
import static dev.peerage.bgp.speaker.SessionChanges.A;
import static dev.peerage.bgp.speaker.SessionChanges.B;
import static dev.peerage.bgp.speaker.SessionChanges.NODE;
import static dev.peerage.bgp.speaker.SessionChanges.OWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.bgp.speaker.SessionChanges.Row;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever changes, there are the meters that a speaker has that never knew anything else. */
class MetersTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Loopback loopback = new Loopback();

  private Speaker start(MeterRegistry metrics) {
    return Speaker.start(new SpeakerSettings(loopback, InstantSource.system(), metrics, false));
  }

  private static DesiredInstance before() {
    return listening(
        NODE, 65001, Set.of(OWN), SessionChanges.exporting(A), SessionChanges.exporting(B));
  }

  /** The rows of the sessions' changes, and those that concern no session. */
  static Stream<Row> rows() {
    return Stream.concat(
        SessionChanges.rows(),
        Stream.of(
            Row.peer(
                "limits", p -> p.withLimits(new ReceiveLimits(7, 0)), SessionChanges.NOTHING)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void staysWhatIsThere(Row row) {
    DesiredInstance first = row.before().apply(before());
    DesiredInstance second = row.change().apply(first);
    var changed = new SimpleMeterRegistry();
    Speaker node = start(changed);
    node.apply(speaker(first)).join();
    Set<String> original = names(changed);
    node.apply(speaker(second)).join();
    Set<String> after = names(changed);
    node.apply(speaker(first)).join();
    Set<String> back = names(changed);
    node.close(Shutdown.CEASE).join();

    var fresh = new SimpleMeterRegistry();
    Speaker other = start(fresh);
    other.apply(speaker(second)).join();
    assertThat(after).isEqualTo(names(fresh));
    assertThat(back).isEqualTo(original).isNotEmpty();
    other.close(Shutdown.CEASE).join();
    assertThat(names(changed)).isEmpty();
  }

  /** Name and labels of the meters that belong to what is configured, and not to what happened. */
  private static Set<String> names(MeterRegistry registry) {
    Set<String> names = new TreeSet<>();
    for (Meter meter : registry.getMeters()) {
      if (!meter.getId().getName().contains("transitions")) {
        names.add(meter.getId().getName() + meter.getId().getTags());
      }
    }
    return names;
  }

  @ParameterizedTest
  @ValueSource(
      classes = {DesiredInstance.class, DesiredPeer.class, Endpoint.class, SessionTerms.class})
  void everyFieldIsChangedInSomeRow(Class<?> type) {
    for (RecordComponent field : type.getRecordComponents()) {
      assertThat(
              rows()
                  .anyMatch(row -> {
                    DesiredInstance first = row.before().apply(before());
                    return differs(field, first, row.change().apply(first));
                  }))
          .as("a change of %s.%s", type.getSimpleName(), field.getName())
          .isTrue();
    }
  }

  private static boolean differs(
      RecordComponent field, DesiredInstance one, DesiredInstance other) {
    Class<?> type = field.getDeclaringRecord();
    Function<DesiredInstance, Object> of =
        type == DesiredInstance.class
            ? each -> each
            : type == DesiredPeer.class
                ? each -> each.peers().getFirst()
                : type == Endpoint.class
                    ? each -> each.peers().getFirst().endpoint()
                    : each -> each.peers().getFirst().session();
    return !Objects.equals(value(field, of.apply(one)), value(field, of.apply(other)));
  }

  private static Object value(RecordComponent field, Object of) {
    try {
      return field.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(
          Arrays.toString(field.getDeclaringRecord().getRecordComponents()), e);
    }
  }

  @Test
  void aPeerWithAnotherAsnCountsItsMessages() {
    Speaker router = start(new SimpleMeterRegistry());
    router
        .apply(speaker(listening(A, 65000, routes("10.9.0.0/24"), passive(peer(A, NODE, 65001)))))
        .join();
    var metrics = new SimpleMeterRegistry();
    Speaker node = start(metrics);
    try {
      for (long asn : new long[] {65000, 0}) {
        node.apply(speaker(listening(NODE, 65001, Set.of(OWN), peer(NODE, A, asn)))).join();
        await()
            .atMost(LIMIT)
            .untilAsserted(() -> {
              PeerState seen = node.state().instances().getFirst().peers().getFirst();
              assertThat(seen.phase()).isInstanceOf(PeerState.Phase.Up.class);
              // A route and the End-of-RIB; and our own route, if it came before the End-of-RIB
              // left.
              assertThat(seen.received().updates()).isGreaterThanOrEqualTo(2);
              assertThat(
                      metrics
                          .get("peerage.bgp.messages")
                          .tag("neighbor", ip(A).getHostAddress() + ":179")
                          .tag("direction", "in")
                          .tag("type", "update")
                          .functionCounter()
                          .count())
                  .isEqualTo(seen.received().updates());
            });
      }
    } finally {
      node.close(Shutdown.CEASE).join();
      router.close(Shutdown.CEASE).join();
    }
  }
}
