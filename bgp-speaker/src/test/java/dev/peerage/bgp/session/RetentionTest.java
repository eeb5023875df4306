package dev.peerage.bgp.session;

import static dev.peerage.bgp.wire.AddressFamily.IPV4_UNICAST;
import static dev.peerage.bgp.wire.AddressFamily.IPV6_UNICAST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.session.Retention.Change;
import dev.peerage.bgp.session.Retention.Step;
import dev.peerage.bgp.session.Retention.Step.Depreference;
import dev.peerage.bgp.session.Retention.Step.Keep;
import dev.peerage.bgp.session.Retention.Step.Mark;
import dev.peerage.bgp.session.Retention.Step.Purge;
import dev.peerage.bgp.session.Retention.Step.Retain;
import dev.peerage.bgp.session.Retention.Step.Start;
import dev.peerage.bgp.session.Retention.Step.Stop;
import dev.peerage.bgp.session.SessionConfig.Restart;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.Open;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 4724 section 4.2, RFC 8538 section 2, RFC 9494 section 4.2, RFC 7313 section 4. */
class RetentionTest {
  private static final Duration LONGEST = Duration.ofSeconds(360);
  private static final Set<AddressFamily> BOTH = Set.of(IPV4_UNICAST, IPV6_UNICAST);

  private Retention retention = Retention.NONE;

  private List<Step> take(Change change) {
    retention = change.next();
    return change.steps();
  }

  /** A session with graceful restart of 120 s for both families. */
  private static Negotiated session(Set<AddressFamily> forwarding, Capability... more) {
    return session(120, forwarding, more);
  }

  private static Negotiated session(
      int restartTime, Set<AddressFamily> forwarding, Capability... more) {
    Capability restart =
        new Capability.GracefulRestart(
            false,
            true,
            restartTime,
            Stream.of(AddressFamily.values())
                .map(family ->
                    new Capability.GracefulRestart.FamilyState(
                        Capability.Family.of(family), forwarding.contains(family)))
                .toList());
    return plain(Stream.concat(Stream.of(restart), Stream.of(more)).toArray(Capability[]::new));
  }

  private static Negotiated plain(Capability... more) {
    Open open =
        Sessions.with(
            Sessions.PEER_OPEN,
            Stream.concat(
                    Stream.of(
                        Capability.Multiprotocol.of(IPV6_UNICAST),
                        new Capability.EnhancedRouteRefresh()),
                    Stream.of(more))
                .toArray(Capability[]::new));
    SessionConfig config =
        Sessions.withRestart(
            Sessions.withFamilies(Sessions.CONFIG, BOTH), new Restart.On(15, false, false, 3600));
    return Sessions.agreed(config, OptionalParameters.ALL, open);
  }

  private static Capability longLived(AddressFamily family, boolean forwarding, int seconds) {
    return new Capability.LongLivedGracefulRestart(
        List.of(
            new Capability.LongLivedGracefulRestart.FamilyTime(
                Capability.Family.of(family), forwarding, seconds)));
  }

  private static Start start(AddressFamily family, int seconds) {
    return new Start(family, Duration.ofSeconds(seconds));
  }

  @Test
  @DisplayName("RFC 4724 §4.2: routes stay for the restart time that the peer announced")
  void staleUntilTheRestartTimeIsOver() {
    assertThat(take(retention.down(session(BOTH), BOTH, LONGEST)))
        .containsExactly(
            new Keep(BOTH, Set.of()), start(IPV4_UNICAST, 120), start(IPV6_UNICAST, 120));
    assertThat(take(retention.expired(IPV4_UNICAST)))
        .containsExactly(new Stop(IPV4_UNICAST), new Purge(IPV4_UNICAST));
    assertThat(take(retention.expired(IPV6_UNICAST)))
        .containsExactly(new Stop(IPV6_UNICAST), new Purge(IPV6_UNICAST));
    assertThat(retention).isEqualTo(Retention.NONE);
  }

  @Test
  @DisplayName("this side's limit is shorter than the peer's restart time")
  void ownLimit() {
    assertThat(take(retention.down(session(BOTH), Set.of(IPV4_UNICAST), Duration.ofSeconds(7))))
        .containsExactly(new Keep(Set.of(IPV4_UNICAST), Set.of()), start(IPV4_UNICAST, 7));
  }

  @Test
  @DisplayName("RFC 4724 §4: a normal end keeps nothing")
  void nothingKept() {
    assertThat(take(retention.down(session(BOTH), Set.of(), LONGEST)))
        .containsExactly(new Keep(Set.of(), Set.of()));
    assertThat(retention).isEqualTo(Retention.NONE);
  }

  @Test
  @DisplayName("RFC 4724 §4.2: a restart time of 0 keeps nothing")
  void restartTimeZero() {
    assertThat(take(retention.down(session(0, BOTH), BOTH, LONGEST)))
        .containsExactly(new Keep(Set.of(), Set.of()));
  }

  @Test
  @DisplayName("RFC 4724 §4.2: End-of-RIB removes what is still stale, family by family")
  void endOfRib() {
    take(retention.down(session(BOTH), BOTH, LONGEST));
    assertThat(take(retention.up(session(BOTH), LONGEST)))
        .containsExactlyInAnyOrder(
            new Retain(BOTH), start(IPV4_UNICAST, 360), start(IPV6_UNICAST, 360));
    assertThat(take(retention.endOfRib(IPV6_UNICAST)))
        .containsExactly(new Stop(IPV6_UNICAST), new Purge(IPV6_UNICAST));
    assertThat(take(retention.endOfRib(IPV6_UNICAST))).isEmpty();
    assertThat(take(retention.endOfRib(IPV4_UNICAST)))
        .containsExactly(new Stop(IPV4_UNICAST), new Purge(IPV4_UNICAST));
  }

  @Test
  @DisplayName("RFC 4724 §4.2: an End-of-RIB that never comes has an upper bound")
  void endOfRibOverdue() {
    take(retention.down(session(BOTH), Set.of(IPV4_UNICAST), LONGEST));
    take(retention.up(session(BOTH), LONGEST));
    assertThat(take(retention.expired(IPV4_UNICAST)))
        .containsExactly(new Stop(IPV4_UNICAST), new Purge(IPV4_UNICAST));
  }

  @Test
  @DisplayName("RFC 4724 §4.2: without the F bit the family's routes go at once")
  void forwardingNotKept() {
    take(retention.down(session(BOTH), BOTH, LONGEST));
    assertThat(take(retention.up(session(Set.of(IPV6_UNICAST)), LONGEST)))
        .containsExactlyInAnyOrder(
            new Retain(Set.of(IPV6_UNICAST)), new Stop(IPV4_UNICAST), start(IPV6_UNICAST, 360));
  }

  @Test
  @DisplayName("RFC 4724 §4.2: without the capability all stale routes go at once")
  void capabilityGone() {
    take(retention.down(session(BOTH), BOTH, LONGEST));
    assertThat(take(retention.up(plain(), LONGEST)))
        .containsExactlyInAnyOrder(
            new Retain(Set.of()), new Stop(IPV4_UNICAST), new Stop(IPV6_UNICAST));
    assertThat(retention).isEqualTo(Retention.NONE);
  }

  @Test
  @DisplayName("RFC 4724 §4.2: in consecutive restarts only the last routes stay")
  void consecutiveRestarts() {
    take(retention.down(session(BOTH), Set.of(IPV4_UNICAST), LONGEST));
    take(retention.up(session(BOTH), LONGEST));
    assertThat(take(retention.down(session(BOTH), Set.of(IPV4_UNICAST), LONGEST)))
        .containsExactly(new Keep(Set.of(IPV4_UNICAST), Set.of()), start(IPV4_UNICAST, 120));
  }

  @Test
  @DisplayName("a session that ends for good while routes are stale: all go, no timer is left")
  void hardResetAfterARestart() {
    take(retention.down(session(BOTH), BOTH, LONGEST));
    take(retention.up(session(BOTH), LONGEST));
    assertThat(take(retention.down(session(BOTH), Set.of(), LONGEST)))
        .containsExactly(
            new Keep(Set.of(), Set.of()), new Stop(IPV4_UNICAST), new Stop(IPV6_UNICAST));
  }

  @Test
  @DisplayName("RFC 9494 §4.2: the long-lived time follows the restart time")
  void longLivedFollows() {
    Negotiated session = session(BOTH, longLived(IPV4_UNICAST, true, 600));
    take(retention.down(session, BOTH, LONGEST));
    assertThat(take(retention.expired(IPV4_UNICAST)))
        .containsExactly(new Depreference(IPV4_UNICAST), start(IPV4_UNICAST, 600));
    assertThat(take(retention.expired(IPV6_UNICAST)))
        .containsExactly(new Stop(IPV6_UNICAST), new Purge(IPV6_UNICAST));
    assertThat(take(retention.expired(IPV4_UNICAST)))
        .containsExactly(new Stop(IPV4_UNICAST), new Purge(IPV4_UNICAST));
  }

  @Test
  @DisplayName("RFC 9494 §4.2: with a restart time of 0 it begins at once")
  void longLivedAtOnce() {
    Negotiated session = session(0, BOTH, longLived(IPV4_UNICAST, true, 600));
    assertThat(take(retention.down(session, BOTH, LONGEST)))
        .containsExactly(
            new Keep(Set.of(IPV4_UNICAST), Set.of()),
            new Depreference(IPV4_UNICAST),
            start(IPV4_UNICAST, 600));
  }

  @Test
  @DisplayName("RFC 9494 §4.2: the time runs on until the peer's table is complete")
  void longLivedTimeIsNotRenewed() {
    Negotiated session = session(BOTH, longLived(IPV4_UNICAST, true, 600));
    take(retention.down(session, Set.of(IPV4_UNICAST), LONGEST));
    take(retention.expired(IPV4_UNICAST));
    assertThat(take(retention.up(session, LONGEST)))
        .containsExactly(new Retain(Set.of(IPV4_UNICAST)));
    assertThat(take(retention.down(session, Set.of(IPV4_UNICAST), LONGEST)))
        .as("neither deleted nor given more time")
        .containsExactly(
            new Keep(Set.of(IPV4_UNICAST), Set.of(IPV4_UNICAST)), new Depreference(IPV4_UNICAST));
    take(retention.up(session, LONGEST));
    assertThat(take(retention.endOfRib(IPV4_UNICAST)))
        .containsExactly(new Stop(IPV4_UNICAST), new Purge(IPV4_UNICAST));
  }

  @Test
  @DisplayName("RFC 9494 §4.2: without its F bit or entry the long-lived routes go at once")
  void longLivedForwardingNotKept() {
    for (Negotiated back :
        List.of(session(BOTH, longLived(IPV4_UNICAST, false, 600)), session(BOTH))) {
      retention = Retention.NONE;
      take(
          retention.down(
              session(BOTH, longLived(IPV4_UNICAST, true, 600)), Set.of(IPV4_UNICAST), LONGEST));
      take(retention.expired(IPV4_UNICAST));
      assertThat(take(retention.up(back, LONGEST)))
          .containsExactly(new Retain(Set.of()), new Stop(IPV4_UNICAST));
    }
  }

  @Test
  @DisplayName("RFC 7313 §4: routes that do not come again between BoRR and EoRR go")
  void refresh() {
    take(retention.up(plain(), LONGEST));
    assertThat(take(retention.refreshBegins(IPV4_UNICAST, plain(), LONGEST)))
        .containsExactly(new Mark(IPV4_UNICAST), start(IPV4_UNICAST, 360));
    assertThat(take(retention.refreshEnds(IPV6_UNICAST))).isEmpty();
    assertThat(take(retention.refreshEnds(IPV4_UNICAST)))
        .containsExactly(new Stop(IPV4_UNICAST), new Purge(IPV4_UNICAST));
    assertThat(take(retention.refreshEnds(IPV4_UNICAST))).as("EoRR without BoRR").isEmpty();
  }

  @Test
  @DisplayName("RFC 7313 §4: a missing EoRR has an upper bound; a second BoRR marks anew")
  void refreshOverdue() {
    take(retention.refreshBegins(IPV4_UNICAST, plain(), LONGEST));
    assertThat(take(retention.refreshBegins(IPV4_UNICAST, plain(), LONGEST)))
        .containsExactly(new Mark(IPV4_UNICAST), start(IPV4_UNICAST, 360));
    assertThat(take(retention.expired(IPV4_UNICAST)))
        .containsExactly(new Stop(IPV4_UNICAST), new Purge(IPV4_UNICAST));
  }

  @Test
  @DisplayName("RFC 7313 §4: with graceful restart BoRR is ignored before End-of-RIB")
  void refreshBeforeEndOfRib() {
    take(retention.up(session(BOTH), LONGEST));
    assertThat(take(retention.refreshBegins(IPV4_UNICAST, session(BOTH), LONGEST))).isEmpty();
    take(retention.endOfRib(IPV4_UNICAST));
    assertThat(take(retention.refreshBegins(IPV4_UNICAST, session(BOTH), LONGEST))).isNotEmpty();
  }

  @Test
  @DisplayName("RFC 7313 §4: an End-of-RIB does not end a refresh")
  void endOfRibInARefresh() {
    take(retention.refreshBegins(IPV4_UNICAST, plain(), LONGEST));
    assertThat(take(retention.endOfRib(IPV4_UNICAST))).isEmpty();
    assertThat(take(retention.refreshEnds(IPV4_UNICAST))).isNotEmpty();
  }

  @Test
  @DisplayName("a session that ends in a refresh keeps what came again")
  void downInARefresh() {
    Negotiated session = session(BOTH);
    take(retention.up(session, LONGEST));
    take(retention.endOfRib(IPV4_UNICAST));
    take(retention.refreshBegins(IPV4_UNICAST, session, LONGEST));
    assertThat(take(retention.down(session, Set.of(IPV4_UNICAST), LONGEST)))
        .containsExactly(new Keep(Set.of(IPV4_UNICAST), Set.of()), start(IPV4_UNICAST, 120));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void nothingStaysStaleWithoutATimer(long seed) {
    Random random = new Random(seed);
    List<Negotiated> sessions =
        List.of(
            plain(),
            session(BOTH),
            session(Set.of(IPV4_UNICAST), longLived(IPV4_UNICAST, true, 600)),
            session(0, BOTH, longLived(IPV4_UNICAST, false, 600)));
    List<AddressFamily> running = new ArrayList<>();
    boolean up = false;
    Negotiated session = plain();
    for (int i = 0; i < 20_000; i++) {
      AddressFamily family = AddressFamily.values()[random.nextInt(2)];
      Change change;
      switch (random.nextInt(up ? 5 : 2)) {
        case 0 -> {
          if (!running.contains(family)) {
            continue;
          }
          running.remove(family);
          change = retention.expired(family);
        }
        case 1 -> {
          if (up) {
            Set<AddressFamily> kept =
                random.nextBoolean() ? session.helping().families() : Set.of();
            change = retention.down(session, kept, LONGEST);
          } else {
            session = sessions.get(random.nextInt(sessions.size()));
            change = retention.up(session, LONGEST);
          }
          up = !up;
        }
        case 2 -> change = retention.endOfRib(family);
        case 3 -> change = retention.refreshBegins(family, session, LONGEST);
        default -> change = retention.refreshEnds(family);
      }
      for (Step step : take(change)) {
        if (step instanceof Start(var of, var after)) {
          assertThat(after).isPositive();
          running.remove(of);
          running.add(of);
        } else if (step instanceof Stop(var of)) {
          running.remove(of);
        }
      }
      assertThat(running).containsExactlyInAnyOrderElementsOf(retention.phases().keySet());
    }
  }
}
