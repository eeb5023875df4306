package dev.peerage.interop;

import static dev.peerage.interop.Waits.LATER;
import static dev.peerage.interop.Waits.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The ends of a table, where FRR is known to go wrong: the End-of-RIB of a restart that comes
 * before the routes, and the end of an enhanced refresh (RFC 7313) after which a route that was
 * left out stays. Peerage sends the former after its last route and relies on the latter for no
 * withdrawal; from FRR it takes both for what they say.
 */
@Tag("interop")
abstract class FrrEndings {
  private static final int MANY = 20_000;

  private Ground ground;
  private Router router;
  private Peerage peerage;
  private Peering peering;

  /** FRR, not yet started. */
  abstract Router router(Ground ground);

  @BeforeEach
  void start() {
    ground = Ground.open(getClass().getSimpleName());
    router = router(ground);
    peerage = new Peerage(ground);
    peering = new Peering(ground, router, peerage);
  }

  @AfterEach
  void end() {
    ground.close();
  }

  private void routes(Session session, int count) {
    peerage
        .instance(session)
        .set(
            "routes",
            Peerage.json(
                "[{\"prefixes\": {\"base\": \"10.128.0.0/32\", \"count\": " + count + "}}]"));
  }

  private static String last(int count) {
    int number = count - 1;
    return "10." + (128 + number / 65_536) + "." + number / 256 % 256 + "." + number % 256 + "/32";
  }

  @Test
  void whatIsWithdrawnWhileARefreshIsSentIsGone() {
    Session session = Session.LOAD;
    peerage.peer(session).remove("gracefulRestart");
    routes(session, MANY);
    router.start(Router.Start.FRESH);
    peerage.start();
    peering.up(session);
    assertThat(router.enhancedRefresh(session)).isTrue();
    for (int round = 0; round < 2; round++) {
      eventually(LATER, "all routes", () -> assertThat(router.received(session)).isEqualTo(MANY));
      // Half of them go while the table is sent again, between its beginning and its end.
      router.askRefresh(session);
      routes(session, MANY / 2);
      peerage.apply();
      eventually(
          LATER,
          "half of the routes",
          () -> {
            assertThat(router.received(session)).isEqualTo(MANY / 2);
            assertThat(router.received(session, last(MANY))).isEmpty();
            assertThat(router.received(session, last(MANY / 2))).isPresent();
          });
      routes(session, MANY);
      peerage.apply();
    }
  }

  @Test
  void theEndOfRibOfARestartComesAfterTheLastRoute() {
    Session session = Session.LOAD;
    routes(session, MANY);
    router.start(Router.Start.FRESH);
    peerage.start();
    peering.up(session);
    eventually(LATER, "all routes", () -> assertThat(router.received(session)).isEqualTo(MANY));
    peerage.kill();
    eventually("down", () -> assertThat(router.established(session)).isFalse());
    peerage.start();
    eventually(
        LATER,
        "up again, with all routes sent",
        () -> {
          // What is not there again before End-of-RIB would be dropped: not an AssertionError,
          // for no later look makes that good.
          if (router.received(session, last(MANY)).isEmpty()) {
            throw new IllegalStateException("a stale route is gone before it came again");
          }
          assertThat(router.established(session)).isTrue();
          assertThat(router.received(session)).isEqualTo(MANY);
        });
    // What is left out after the restart goes with End-of-RIB: it has come.
    peerage.kill();
    eventually("down again", () -> assertThat(router.established(session)).isFalse());
    routes(session, MANY / 2);
    peerage.start();
    eventually(
        LATER,
        "the stale half is gone",
        () -> {
          assertThat(router.established(session)).isTrue();
          assertThat(router.received(session)).isEqualTo(MANY / 2);
        });
  }

  @Test
  void whatTheRouterRelearnsAfterItsEndOfRibIsThereAgain() {
    // Inside its AS the router passes on what it has learned from the other session.
    Session inside = Session.INSIDE;
    String relearned = Session.DIALS4.ipv4(1);
    router.start(Router.Start.FRESH);
    peerage.start();
    peering.up(Session.DIALS4);
    peering.up(inside);
    eventually(
        "own and passed on routes",
        () -> {
          assertThat(peerage.received(inside, Router.IPV4)).isPresent();
          assertThat(peerage.received(inside, Router.MORE_IPV4)).isPresent();
          assertThat(peerage.received(inside, relearned)).isPresent();
        });
    router.kill();
    eventually("down", () -> assertThat(peerage.established(inside)).isFalse());
    assertThat(peerage.received(inside, relearned)).as("stale, but kept").isPresent();
    router.start(Router.Start.AGAIN);
    eventually(
        LATER,
        "the table of the restarted router, and nothing else",
        () -> {
          if (peerage.received(inside, Router.IPV4).isEmpty()) {
            throw new IllegalStateException("a route that should be kept is missing");
          }
          assertThat(peerage.established(inside)).isTrue();
          assertThat(peerage.received(inside, relearned)).isPresent();
          assertThat(peerage.received(inside, Router.MORE_IPV4)).as("stale").isEmpty();
        });
  }
}
