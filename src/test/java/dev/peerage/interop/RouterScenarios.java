package dev.peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * All scenarios with one router. The router and Peerage start once, with all sessions; a scenario
 * looks at its own, so that none disturbs another. Those that kill a process come last.
 */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RouterScenarios {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration LATER = Duration.ofSeconds(90);
  private static final Duration WHILE_DOWN = Duration.ofSeconds(2);
  private static final String ROUTERS_IPV4 = "10.50.1.0/24";
  private static final String ROUTERS_IPV6 = "fd50:1::/48";
  private static final String MORE_IPV4 = "10.50.2.0/24";
  private static final String MORE_IPV6 = "fd50:2::/48";

  private final Results results = new Results();
  private @Nullable Ground ground;
  private Router router;
  private Peerage peerage;

  /** The router of this class, not yet started. */
  abstract Router router(Ground ground);

  @BeforeAll
  void start() {
    ground = Ground.open(getClass().getSimpleName());
    router = router(ground);
    router.start(Router.Start.FRESH);
    peerage = new Peerage(ground);
    peerage.start();
  }

  @AfterAll
  void end() {
    if (ground != null) {
      ground.close();
    }
    if (router != null) {
      results.write(router.title());
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void with(Scenario scenario) {
    String lacking = router.lacks().get(scenario);
    if (lacking != null) {
      results.lacks(scenario, lacking);
      Assumptions.abort(router.title() + ": " + lacking);
    }
    results.failed(scenario);
    if (!peerage.alive()) { // an earlier scenario has failed between its kill and its start
      peerage.start();
    }
    if (!router.alive()) {
      router.start(Router.Start.FRESH);
    }
    play(scenario);
    results.passed(scenario);
  }

  private void play(Scenario scenario) {
    switch (scenario) {
      case DIALS_IPV4 -> up(Session.DIALS4);
      case LISTENS_IPV4 -> up(Session.LISTENS4);
      case DIALS_IPV6 -> up(Session.DIALS6);
      case LISTENS_IPV6 -> up(Session.LISTENS6);
      case IPV4_OVER_IPV4 -> ipv4BothWays(Session.DIALS4, Session.LISTENS4);
      case IPV6_OVER_IPV4 -> ipv6BothWays(Session.DIALS4, Session.LISTENS4);
      case IPV4_OVER_IPV6 -> ipv4BothWays(Session.DIALS6, Session.LISTENS6);
      case IPV6_OVER_IPV6 -> ipv6BothWays(Session.DIALS6, Session.LISTENS6);
      case FOUR_OCTETS -> fourOctets();
      case LOCAL_PREFERENCE -> localPreference();
      case COMMUNITIES -> communities();
      case LARGE_COMMUNITIES -> largeCommunities();
      case WITHDRAW -> withdraw();
      case REFRESH -> refresh();
      case ENHANCED_REFRESH -> enhancedRefresh();
      case COLLISION -> collision();
      case MD5_DIALS -> ipv4BothWays(Session.MD5DIALS);
      case MD5_LISTENS -> ipv6BothWays(Session.MD5LISTENS);
      case WRONG_PASSWORD -> wrongPassword();
      case WRONG_ASN -> wrongAsn();
      case FAST_TIMERS -> fastTimers();
      case TEXT_FROM_ROUTER -> textFromRouter();
      case TEXT_FROM_PEERAGE -> textFromPeerage();
      case PEERAGE_RESTARTS -> peerageRestarts();
      case ROUTER_RESTARTS -> routerRestarts();
    }
  }

  private void up(Session session) {
    eventually(
        LATER,
        session + " Established",
        () -> {
          assertThat(peerage.state(session).path("state").asText())
              .as("state in Peerage; last error: " + peerage.lastError(session))
              .isEqualTo("established");
          assertThat(router.established(session))
              .as("established in the router; last error: " + router.lastError(session))
              .isTrue();
        });
  }

  private void ipv4BothWays(Session... sessions) {
    for (Session session : sessions) {
      up(session);
      bothWays(session, session.ipv4(1), ROUTERS_IPV4);
    }
  }

  private void ipv6BothWays(Session... sessions) {
    for (Session session : sessions) {
      up(session);
      bothWays(session, session.ipv6(1), ROUTERS_IPV6);
    }
  }

  private void bothWays(Session session, String ours, String theirs) {
    String routerAddress = session.overIpv6() ? "fd99::1" : "10.99.0.1";
    eventually(
        ours + " and " + theirs + " over " + session,
        () -> {
          assertThat(router.received(session, ours))
              .as("%s in the router", ours)
              .get()
              .satisfies(seen -> {
                assertThat(seen.asPath()).isEqualTo("65001");
                // IPv6 routes over IPv4 carry the IPv4 address mapped into IPv6.
                assertThat(seen.nextHop()).isIn(session.address(), "::ffff:" + session.address());
              });
          assertThat(peerage.received(session, theirs))
              .as("%s in Peerage", theirs)
              .get()
              .satisfies(seen -> {
                assertThat(seen.asPath()).isEqualTo("65000");
                assertThat(seen.nextHop())
                    .isIn(routerAddress, "::ffff:" + routerAddress, "fd99::1");
              });
        });
  }

  private void fourOctets() {
    Session session = Session.FOUROCTET;
    up(session);
    eventually(
        "an AS path of four octets",
        () ->
            assertThat(router.received(session, session.ipv4(1)))
                .get()
                .extracting(Seen::asPath)
                .isEqualTo("4200000020"));
  }

  private void localPreference() {
    Session session = Session.INSIDE;
    up(session);
    eventually(
        "local preference",
        () -> {
          assertThat(router.received(session, session.ipv4(1)))
              .get()
              .satisfies(seen -> {
                assertThat(seen.asPath()).isEmpty();
                assertThat(seen.localPreference()).isEqualTo(150);
              });
          assertThat(peerage.received(session, ROUTERS_IPV4))
              .get()
              .satisfies(seen -> {
                assertThat(seen.asPath()).isEmpty();
                assertThat(seen.localPreference()).isEqualTo(100);
              });
        });
  }

  private void communities() {
    Session session = Session.DIALS4;
    eventually(
        "communities",
        () -> {
          assertThat(router.received(session, session.ipv4(1)))
              .get()
              .extracting(Seen::communities)
              .isEqualTo(Set.of("65001:100", "65001:200"));
          assertThat(router.received(session, session.ipv4(2)))
              .get()
              .extracting(Seen::communities)
              .isEqualTo(Set.of());
          assertThat(peerage.received(session, ROUTERS_IPV4))
              .get()
              .extracting(Seen::communities)
              .isEqualTo(Set.of("65000:100", "65000:200"));
        });
  }

  private void largeCommunities() {
    Session session = Session.DIALS4;
    eventually(
        "large communities",
        () -> {
          assertThat(router.received(session, session.ipv4(1)))
              .get()
              .extracting(Seen::largeCommunities)
              .isEqualTo(Set.of("65001:1:100"));
          assertThat(router.received(session, session.ipv4(2)))
              .get()
              .extracting(Seen::largeCommunities)
              .isEqualTo(Set.of());
          assertThat(peerage.received(session, ROUTERS_IPV4))
              .get()
              .extracting(Seen::largeCommunities)
              .isEqualTo(Set.of("65000:1:100"));
        });
  }

  private void withdraw() {
    Session session = Session.LISTENS4;
    eventually("all routes", () -> presence(session, true));
    router.more(false);
    Set<String> second = Set.of(session.ipv4(2), session.ipv6(2));
    ArrayNode routes = peerage.withoutRoutes(session, second);
    peerage.apply();
    eventually("withdrawn", () -> presence(session, false));
    assertThat(router.received(session, session.ipv4(1))).isPresent();
    assertThat(peerage.received(session, ROUTERS_IPV4)).isPresent();

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
    for (String prefix : List.of(MORE_IPV4, MORE_IPV6)) {
      assertThat(peerage.received(session, prefix).isPresent())
          .as(prefix + " in Peerage")
          .isEqualTo(there);
    }
  }

  private void refresh() {
    Session session = Session.DIALS4;
    up(session);
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

  private void enhancedRefresh() {
    assertThat(router.enhancedRefresh(Session.DIALS4)).as("announced by both").isTrue();
    refresh();
    // A router that has seen the end of a refresh drops what was not sent again; a second refresh
    // is answered only if the first has ended in its eyes.
    refresh();
    assertThat(peerage.established(Session.DIALS4)).isTrue();
  }

  private void collision() {
    Session session = Session.BOTH;
    up(session);
    for (int round = 0; round < 3; round++) {
      String before = router.incarnation(session);
      router.shutDown(session, "again");
      // One that dials again at once may be back before anybody looks.
      eventually(
          "down",
          () ->
              assertThat(
                      !peerage.established(session) || !router.incarnation(session).equals(before))
                  .isTrue());
      router.enable(session);
      up(session);
    }
    String incarnation = router.incarnation(session);
    eventually(
        "one connection",
        () -> assertThat(requireGround().connections(session.address())).hasSize(1));
    bothWays(session, session.ipv4(1), ROUTERS_IPV4);
    assertThat(router.incarnation(session)).isEqualTo(incarnation);
  }

  private void wrongPassword() {
    Session session = Session.REKEYED;
    up(Session.MD5DIALS);
    String other = router.incarnation(Session.MD5DIALS);
    never("Established with a wrong password", () -> router.established(session));
    assertThat(peerage.established(session)).isFalse();
    assertThat(peerage.lastError(session)).as("said to the user").isNotEmpty();

    peerage.peer(session).put("password", "batterystaple");
    peerage.apply();
    up(session);
    bothWays(session, session.ipv4(1), ROUTERS_IPV4);

    peerage.peer(session).put("password", "wrong");
    peerage.apply();
    eventually("not Established", () -> assertThat(peerage.established(session)).isFalse());
    never("Established with a wrong password", () -> peerage.established(session));
    peerage.peer(session).put("password", "batterystaple");
    peerage.apply();
    router.enable(session);
    up(session);
    assertThat(router.incarnation(Session.MD5DIALS)).as("the other session").isEqualTo(other);
  }

  private void wrongAsn() {
    Session session = Session.FOUROCTET;
    up(session);
    peerage.instance(session).put("localASN", 65009);
    peerage.apply();
    eventually(
        "refused by the router",
        () -> assertThat(peerage.lastError(session)).containsIgnoringCase("bad peer as"));
    assertThat(router.established(session)).isFalse();

    peerage.instance(session).put("localASN", 4200000020L);
    peerage.peer(session).put("peerASN", 64999);
    peerage.apply();
    router.enable(session); // once: GoBGP starts to wait anew each time
    eventually(
        "refused by Peerage", () -> assertThat(peerage.lastError(session)).contains("64999"));
    if (router.tellsOfRefusedOpen()) {
      eventually(
          "refused by Peerage, in the router's words",
          () ->
              assertThat(router.lastError(session))
                  .matches("(?is).*(bad peer as|AS unacceptable|\\(2,2\\)).*"));
    }
    never("Established with a wrong ASN", () -> router.established(session));

    peerage.peer(session).put("peerASN", 65000);
    peerage.apply();
    router.enable(session);
    up(session);
  }

  private void fastTimers() {
    up(Session.FAST);
    up(Session.LOAD);
    String before = router.incarnation(Session.FAST);
    String error = peerage.lastError(Session.FAST);
    JsonNode routes = peerage.instance(Session.LOAD).path("routes");
    peerage
        .instance(Session.LOAD)
        .set(
            "routes",
            Peerage.json(
                "[{\"prefixes\": {\"base\": \"10.128.0.0/32\", \"count\": "
                    + router.largeTable()
                    + "}, \"communities\": [\"65001:100\"]}]"));
    peerage.apply();
    eventually(
        Duration.ofSeconds(180),
        "the large table in the router",
        () -> assertThat(router.received(Session.LOAD)).isEqualTo(router.largeTable()));
    peerage.instance(Session.LOAD).set("routes", routes);
    peerage.apply();
    eventually(
        Duration.ofSeconds(180),
        "the small table in the router",
        () -> assertThat(router.received(Session.LOAD)).isEqualTo(2));
    assertThat(router.established(Session.FAST)).isTrue();
    assertThat(router.incarnation(Session.FAST)).as("the session itself").isEqualTo(before);
    assertThat(peerage.lastError(Session.FAST)).isEqualTo(error);
  }

  private void textFromRouter() {
    Session session = Session.TEXT;
    up(session);
    String text = "works on rack 7, back at noon";
    router.shutDown(session, text);
    eventually(
        "the text",
        () -> {
          assertThat(peerage.established(session)).isFalse();
          assertThat(peerage.lastError(session)).contains(text);
        });
    router.enable(session);
    up(session);
  }

  private void textFromPeerage() {
    Session session = Session.TEXT;
    up(session);
    peerage.stop();
    eventually(
        "the text",
        () -> {
          assertThat(router.established(session)).isFalse();
          assertThat(router.lastError(session)).containsIgnoringCase("peerage");
        });
    peerage.start();
    router.enable(session);
    up(session);
  }

  private void peerageRestarts() {
    List<Session> sessions = List.of(Session.DIALS4, Session.DIALS6);
    sessions.forEach(this::up);
    eventually(
        "routes before",
        () ->
            assertThat(sessions)
                .allSatisfy(session -> {
                  assertThat(router.received(session, session.own(1))).isPresent();
                  assertThat(router.received(session, session.own(2))).isPresent();
                }));
    peerage.kill();
    sessions.forEach(
        session -> peerage.withoutRoutes(session, Set.of(session.ipv4(2), session.ipv6(2))));
    eventually(
        "down in the router",
        () -> assertThat(sessions).allSatisfy(s -> assertThat(router.established(s)).isFalse()));
    always("kept by the router", WHILE_DOWN, () -> sessions.forEach(this::keptByRouter));
    peerage.start();
    eventually(
        "up again, and the stale routes gone",
        () -> {
          sessions.forEach(this::keptByRouter);
          for (Session session : sessions) {
            assertThat(router.established(session)).as(session + " Established").isTrue();
            assertThat(router.received(session, session.own(2))).as("stale route").isEmpty();
          }
        });
    always("kept by the router", WHILE_DOWN, () -> sessions.forEach(this::keptByRouter));
  }

  private void keptByRouter(Session session) {
    kept(session, router.received(session, session.own(1)));
  }

  private void routerRestarts() {
    List<Session> sessions = List.of(Session.DIALS4, Session.LISTENS6);
    for (Session session : sessions) { // Peerage has just restarted; a router that dials may wait
      if (!peerage.established(session)) {
        router.enable(session);
      }
    }
    sessions.forEach(this::up);
    eventually(
        "routes before",
        () ->
            assertThat(sessions)
                .allSatisfy(session -> {
                  assertThat(peerage.received(session, theirs(session))).isPresent();
                  assertThat(peerage.received(session, more(session))).isPresent();
                }));
    router.kill();
    eventually(
        "down in Peerage",
        () -> assertThat(sessions).allSatisfy(s -> assertThat(peerage.established(s)).isFalse()));
    always("kept by Peerage", WHILE_DOWN, () -> sessions.forEach(this::keptByPeerage));
    router.start(Router.Start.AGAIN);
    eventually(
        LATER,
        "up again, and the stale routes gone",
        () -> {
          sessions.forEach(this::keptByPeerage);
          for (Session session : sessions) {
            assertThat(peerage.established(session)).as(session + " Established").isTrue();
            assertThat(peerage.received(session, more(session))).as("stale route").isEmpty();
          }
        });
    always("kept by Peerage", WHILE_DOWN, () -> sessions.forEach(this::keptByPeerage));
  }

  private void keptByPeerage(Session session) {
    kept(session, peerage.received(session, theirs(session)));
  }

  /** The router's route that stays, of the session's own family. */
  private static String theirs(Session session) {
    return session.overIpv6() ? ROUTERS_IPV6 : ROUTERS_IPV4;
  }

  /** The router's route that goes, of the session's own family. */
  private static String more(Session session) {
    return session.overIpv6() ? MORE_IPV6 : MORE_IPV4;
  }

  private static void kept(Session session, Optional<Seen> route) {
    // Not an AssertionError: once the route is missing, no later look makes that good.
    if (route.isEmpty()) {
      throw new IllegalStateException("a route of " + session + " that should be kept is missing");
    }
  }

  private Ground requireGround() {
    if (ground == null) {
      throw new IllegalStateException("no namespaces");
    }
    return ground;
  }

  private static void eventually(String what, ThrowingRunnable proof) {
    eventually(SOON, what, proof);
  }

  private static void eventually(Duration limit, String what, ThrowingRunnable proof) {
    await(what).atMost(limit).pollInterval(Duration.ofMillis(150)).untilAsserted(proof);
  }

  private static void always(String what, Duration time, Runnable proof) {
    await(what)
        .during(time)
        .atMost(time.multipliedBy(3))
        .pollInterval(Duration.ofMillis(150))
        .until(() -> {
          proof.run();
          return true;
        });
  }

  private static void never(String what, Callable<Boolean> seen) {
    await("not " + what)
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(9))
        .pollInterval(Duration.ofMillis(150))
        .until(() -> !seen.call());
  }
}
