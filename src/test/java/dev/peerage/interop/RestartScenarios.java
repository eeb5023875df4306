package dev.peerage.interop;

import static dev.peerage.interop.Waits.LATER;
import static dev.peerage.interop.Waits.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One side is killed and restarts gracefully (RFC 4724). The other one keeps its routes meanwhile,
 * at every look, and drops those that do not come again.
 */
final class RestartScenarios {
  private final Peering peering;
  private final Router router;
  private final Peerage peerage;

  RestartScenarios(Peering peering) {
    this.peering = peering;
    this.router = peering.router();
    this.peerage = peering.peerage();
  }

  /** The side that restarts. */
  private interface Restarting {
    void kill();

    /** Starts it without its second route. */
    void start();

    /** Lets it announce its second route again. */
    void announceSecond();
  }

  /** The side that keeps the routes: the Receiving Speaker of RFC 4724. */
  private interface Receiving {
    boolean established(Session session);

    /** The first or second route of the restarting side, of the session's own family. */
    Optional<Seen> received(Session session, int number);
  }

  void peerageRestarts() {
    List<Session> sessions = List.of(Session.DIALS4, Session.DIALS6);
    restart(sessions, new PeerageItself(sessions), new AsSeenByRouter());
  }

  void routerRestarts() {
    List<Session> sessions = List.of(Session.DIALS4, Session.LISTENS6);
    for (Session session : sessions) { // Peerage has just restarted; a router that dials may wait
      if (!peerage.established(session)) {
        router.enable(session);
      }
    }
    restart(sessions, new RouterItself(), new AsSeenByPeerage());
  }

  private void restart(List<Session> sessions, Restarting restarting, Receiving receiving) {
    sessions.forEach(peering::up);
    eventually(
        "routes before",
        () ->
            assertThat(sessions)
                .allSatisfy(session -> {
                  assertThat(receiving.received(session, 1)).isPresent();
                  assertThat(receiving.received(session, 2)).isPresent();
                }));
    restarting.kill();
    eventually(
        "down at the other side",
        () -> {
          kept(sessions, receiving);
          assertThat(sessions).allSatisfy(s -> assertThat(receiving.established(s)).isFalse());
        });
    for (Session session : sessions) {
      assertThat(receiving.received(session, 2)).as("stale, but kept").isPresent();
    }
    kept(sessions, receiving);
    restarting.start();
    eventually(
        LATER,
        "up again, and the stale routes gone",
        () -> {
          kept(sessions, receiving);
          for (Session session : sessions) {
            assertThat(receiving.established(session)).as(session + " Established").isTrue();
            assertThat(receiving.received(session, 2)).as("stale route").isEmpty();
          }
        });
    // What is announced now comes after all that the restart has caused: the first route stays.
    restarting.announceSecond();
    eventually(
        "a route of the time after the restart",
        () -> {
          kept(sessions, receiving);
          assertThat(sessions)
              .allSatisfy(session -> assertThat(receiving.received(session, 2)).isPresent());
        });
    kept(sessions, receiving);
  }

  private static void kept(List<Session> sessions, Receiving receiving) {
    for (Session session : sessions) {
      // Not an AssertionError: once the route is missing, no later look makes that good.
      if (receiving.received(session, 1).isEmpty()) {
        throw new IllegalStateException(
            "a route of " + session + " that should be kept is missing");
      }
    }
  }

  private final class PeerageItself implements Restarting {
    private final List<Session> sessions;
    private final List<JsonNode> routes = new ArrayList<>();

    PeerageItself(List<Session> sessions) {
      this.sessions = sessions;
    }

    @Override
    public void kill() {
      peerage.kill();
    }

    @Override
    public void start() {
      for (Session session : sessions) {
        routes.add(peerage.withoutRoutes(session, Set.of(session.ipv4(2), session.ipv6(2))));
      }
      peerage.start();
    }

    @Override
    public void announceSecond() {
      for (int i = 0; i < sessions.size(); i++) {
        peerage.instance(sessions.get(i)).set("routes", routes.get(i));
      }
      peerage.apply();
    }
  }

  private final class RouterItself implements Restarting {
    @Override
    public void kill() {
      router.kill();
    }

    @Override
    public void start() {
      router.start(Router.Start.AGAIN);
    }

    @Override
    public void announceSecond() {
      router.more(true);
    }
  }

  private final class AsSeenByRouter implements Receiving {
    @Override
    public boolean established(Session session) {
      return router.established(session);
    }

    @Override
    public Optional<Seen> received(Session session, int number) {
      return router.received(session, session.own(number));
    }
  }

  private final class AsSeenByPeerage implements Receiving {
    @Override
    public boolean established(Session session) {
      return peerage.established(session);
    }

    @Override
    public Optional<Seen> received(Session session, int number) {
      String first = session.overIpv6() ? Router.IPV6 : Router.IPV4;
      String second = session.overIpv6() ? Router.MORE_IPV6 : Router.MORE_IPV4;
      return peerage.received(session, number == 1 ? first : second);
    }
  }
}
