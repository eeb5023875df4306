package dev.peerage.interop;

import static dev.peerage.interop.Waits.LATER;
import static dev.peerage.interop.Waits.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;

/**
 * A router and Peerage that peer with each other over all sessions, and what most scenarios ask of
 * them.
 *
 * @param ground where both run
 * @param router the router, running
 * @param peerage Peerage, running
 */
record Peering(Ground ground, Router router, Peerage peerage) {

  /** Waits until both sides say that the session is Established. */
  void up(Session session) {
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

  /** Waits until each of the sessions is up and both sides have an IPv4 route of the other. */
  void ipv4BothWays(Session... sessions) {
    for (Session session : sessions) {
      up(session);
      bothWays(session, session.ipv4(1), Router.IPV4);
    }
  }

  /** Waits until each of the sessions is up and both sides have an IPv6 route of the other. */
  void ipv6BothWays(Session... sessions) {
    for (Session session : sessions) {
      up(session);
      bothWays(session, session.ipv6(1), Router.IPV6);
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
                // IPv6 routes over IPv4 have the IPv6 address of the interface.
                assertThat(seen.nextHop())
                    .matches(
                        ours.contains(":") ? "fd99::[0-9]+" : Pattern.quote(session.address()));
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
}
