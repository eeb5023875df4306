package dev.peerage.bgp.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.speaker.UpdateCase.From;
import dev.peerage.bgp.speaker.UpdateCase.Outcome;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.PathAttribute;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.Prefix;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * Sends tables of updates from each kind of peer, all that must not end the session in one session,
 * and checks what became of each.
 */
final class UpdateCaseChecks implements AutoCloseable {
  private final Map<From, UpdateCaseSession.Result> results = new EnumMap<>(From.class);
  private final Map<From, UpdateCaseSession> nodes = new EnumMap<>(From.class);

  static List<UpdateCase> lasting(List<UpdateCase> cases) {
    return cases.stream().filter(each -> !(each.outcome() instanceof Outcome.Reset)).toList();
  }

  static List<UpdateCase> resets(List<UpdateCase> cases) {
    return cases.stream().filter(each -> each.outcome() instanceof Outcome.Reset).toList();
  }

  static Stream<Arguments> perPeer(List<UpdateCase> cases) {
    return Arrays.stream(From.values())
        .flatMap(from ->
            cases.stream()
                .filter(each -> each.peers().contains(from))
                .map(each -> Arguments.of(from, each)));
  }

  void send(List<UpdateCase> lasting) throws IOException {
    for (From from : From.values()) {
      UpdateCaseSession session = new UpdateCaseSession(from);
      nodes.put(from, session);
      results.put(
          from,
          session.send(lasting.stream().filter(each -> each.peers().contains(from)).toList()));
    }
  }

  void lasts(From from, UpdateCase sent) {
    UpdateCaseSession.Result result = of(results, from);
    assertThat(result.in().keySet()).noneMatch(route -> route.address().isMulticastAddress());
    for (Prefix route : sent.routes()) {
      switch (sent.outcome()) {
        case Outcome.Withdraw() -> {
          assertThat(result.in()).doesNotContainKey(route);
          assertThat(result.out()).doesNotContainKey(route);
        }
        case Outcome.Discard(int type) -> {
          assertThat(of(result.out(), route).has(type)).as("attribute " + type).isFalse();
          RouteView in = of(result.in(), route);
          if (type == 5) {
            assertThat(in.localPref()).isEqualTo(-1);
          }
        }
        case Outcome.Keep(int type, String value) ->
            keeps(type, value, of(result.in(), route), of(result.out(), route));
        case Outcome.Reset _ -> throw new AssertionError(sent);
      }
    }
  }

  private static <K, V> V of(Map<K, V> map, K key) {
    V value = map.get(key);
    if (value == null) {
      throw new AssertionError(key + " is missing");
    }
    return value;
  }

  private static void keeps(int type, String value, RouteView in, PathAttributes out) {
    if (type == 4) { // goes to no other AS
      assertThat(in.med()).isEqualTo(Long.parseLong(value));
    } else if (type >= 0) {
      assertThat(out.has(type)).as("attribute " + type).isTrue();
      out.find(PathAttribute.Unknown.class)
          .ifPresent(unknown -> assertThat(unknown.flags() & 0x20).as("Partial").isNotZero());
      if (!value.isEmpty()) {
        assertThat(out.communities()).extracting(Object::toString).containsExactly(value);
      }
    }
  }

  void ends(From from, UpdateCase sent) throws IOException {
    Notification answer = of(nodes, from).reset(sent);

    assertThat(new Outcome.Reset(answer.code(), answer.subcode())).isEqualTo(sent.outcome());
  }

  @Override
  public void close() {
    nodes.values().forEach(UpdateCaseSession::close);
  }
}
