package dev.peerage.interop;

import static dev.peerage.interop.Waits.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What routes carry, that they go and come, and that they are sent again on request. */
final class RouteScenarios {
  private final Peering peering;
  private final Router router;
  private final Peerage peerage;

  RouteScenarios(Peering peering) {
    this.peering = peering;
    this.router = peering.router();
    this.peerage = peering.peerage();
  }

  void fourOctets() {
    Session session = Session.FOUROCTET;
    peering.up(session);
    eventually(
        "an AS path of four octets",
        () ->
            assertThat(router.received(session, session.ipv4(1)))
                .get()
                .extracting(Seen::asPath)
                .isEqualTo("4200000020"));
  }

  void localPreference() {
    Session session = Session.INSIDE;
    peering.up(session);
    eventually(
        "local preference",
        () -> {
          assertThat(router.received(session, session.ipv4(1)))
              .get()
              .satisfies(seen -> {
                assertThat(seen.asPath()).isEmpty();
                assertThat(seen.localPreference()).isEqualTo(150);
              });
          assertThat(peerage.received(session, Router.IPV4))
              .get()
              .satisfies(seen -> {
                assertThat(seen.asPath()).isEmpty();
                assertThat(seen.localPreference()).isEqualTo(100);
              });
        });
  }

  void communities() {
    carried(
        Seen::communities,
        Set.of("65001:100", "65001:200"),
        Set.of("65000:100", "65000:200"),
        "communities");
  }

  void largeCommunities() {
    carried(
        Seen::largeCommunities, Set.of("65001:1:100"), Set.of("65000:1:100"), "large communities");
  }

  /** The first route of each side carries its own; Peerage's second carries none. */
  private void carried(
      Function<Seen, Set<String>> which, Set<String> ours, Set<String> theirs, String what) {
    Session session = Session.DIALS4;
    eventually(
        what,
        () -> {
          assertThat(router.received(session, session.ipv4(1)))
              .get()
              .extracting(which)
              .isEqualTo(ours);
          assertThat(router.received(session, session.ipv4(2)))
              .get()
              .extracting(which)
              .isEqualTo(Set.of());
          assertThat(peerage.received(session, Router.IPV4))
              .get()
              .extracting(which)
              .isEqualTo(theirs);
        });
  }

  void withdraw() {
    Session session = Session.LISTENS4;
    eventually("all routes", () -> presence(session, true));
    router.more(false);
    Set<String> second = Set.of(session.ipv4(2), session.ipv6(2));
    ArrayNode routes = peerage.withoutRoutes(session, second);
    peerage.apply();
    eventually("withdrawn", () -> presence(session, false));
    assertThat(router.received(session, session.ipv4(1))).isPresent();
    assertThat(peerage.received(session, Router.IPV4)).isPresent();

    router.more(true);
    peerage.instance(session).set("routes", routes);
    peerage.apply();
    eventually("announced again", () -> presence(session, true));
  }

  /** Whether the second route of both sides and both families is there, or gone. */
  private void presence(Session session, boolean there) {
    for (String prefix : List.of(session.ipv4(2), session.ipv6(2))) {
      assertThat(router.received(session, prefix).isPresent())
          .as(prefix + " in the router")
          .isEqualTo(there);
    }
    for (String prefix : List.of(Router.MORE_IPV4, Router.MORE_IPV6)) {
      assertThat(peerage.received(session, prefix).isPresent())
          .as(prefix + " in Peerage")
          .isEqualTo(there);
    }
  }

  void refresh() {
    Session session = Session.DIALS4;
    peering.up(session);
    eventually(
        "routes before", () -> assertThat(router.received(session, session.ipv4(2))).isPresent());
    String before = router.incarnation(session);
    long updates = router.updates(session);
    router.askRefresh(session);
    eventually(
        "the routes again",
        () -> assertThat(router.updates(session)).isGreaterThanOrEqualTo(updates + 1));
    assertThat(router.received(session, session.ipv4(1))).isPresent();
    assertThat(router.received(session, session.ipv4(2))).isPresent();
    assertThat(router.incarnation(session)).isEqualTo(before);
  }

  void enhancedRefresh() {
    assertThat(router.enhancedRefresh(Session.DIALS4)).as("announced by both").isTrue();
    refresh();
    // A router that has seen the end of a refresh drops what was not sent again; a second refresh
    // is answered only if the first has ended in its eyes.
    refresh();
    assertThat(peerage.established(Session.DIALS4)).isTrue();
  }
}
