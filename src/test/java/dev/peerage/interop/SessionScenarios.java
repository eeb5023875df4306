package dev.peerage.interop;

import static dev.peerage.interop.Waits.LATER;
import static dev.peerage.interop.Waits.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

/** How sessions come up, are refused, stay, and end with a word. */
final class SessionScenarios {
  private final Peering peering;
  private final Router router;
  private final Peerage peerage;

  SessionScenarios(Peering peering) {
    this.peering = peering;
    this.router = peering.router();
    this.peerage = peering.peerage();
  }

  void collision() {
    Session session = Session.BOTH;
    peering.up(session);
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
      peering.up(session);
    }
    String incarnation = router.incarnation(session);
    eventually(
        "one connection",
        () -> assertThat(peering.ground().connections(session.address())).hasSize(1));
    peering.ipv4BothWays(session);
    assertThat(router.incarnation(session)).isEqualTo(incarnation);
  }

  void wrongPassword() {
    Session session = Session.REKEYED;
    peering.up(Session.MD5DIALS);
    String other = router.incarnation(Session.MD5DIALS);
    awaitWrongSignature(session);
    eventually(
        "said to the user", () -> assertThat(peerage.lastError(session)).as("error").isNotEmpty());

    password(session, "batterystaple");
    peering.ipv4BothWays(session);

    password(session, "wrong");
    eventually("not Established", () -> assertThat(peerage.established(session)).isFalse());
    awaitWrongSignature(session);
    password(session, "batterystaple");
    router.enable(session);
    peering.up(session);
    assertThat(router.incarnation(Session.MD5DIALS)).as("the other session").isEqualTo(other);
  }

  private void password(Session session, String password) {
    peerage.peer(session).put("password", password);
    peerage.apply();
  }

  /** Waits until a kernel has dropped a further segment with a wrong signature: no session. */
  private void awaitWrongSignature(Session session) {
    long before = peering.ground().wrongSignatures();
    eventually(
        LATER,
        "a wrong signature seen by a kernel, and no session",
        () -> {
          assertThat(peering.ground().wrongSignatures()).isGreaterThan(before);
          assertThat(router.established(session)).as("established in the router").isFalse();
          assertThat(peerage.established(session)).as("established in Peerage").isFalse();
        });
  }

  void wrongAsn() {
    Session session = Session.FOUROCTET;
    peering.up(session);
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
    long refused = peerage.notificationsSent(session);
    router.enable(session);
    eventually(
        LATER,
        "refused by Peerage again",
        () -> {
          assertThat(router.established(session)).as("with a wrong ASN").isFalse();
          assertThat(peerage.lastError(session)).contains("64999");
          assertThat(peerage.notificationsSent(session)).isGreaterThan(refused);
        });

    peerage.peer(session).put("peerASN", 65000);
    peerage.apply();
    router.enable(session);
    peering.up(session);
  }

  /** With the shortest hold time that there is (RFC 4271 §4.2), beside a table that takes long. */
  void fastTimers() {
    peering.up(Session.FAST);
    peering.up(Session.LOAD);
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
        LATER,
        "the large table in the router",
        () -> assertThat(router.received(Session.LOAD)).isEqualTo(router.largeTable()));
    peerage.instance(Session.LOAD).set("routes", routes);
    peerage.apply();
    eventually(
        LATER,
        "the small table in the router",
        () -> assertThat(router.received(Session.LOAD)).isEqualTo(2));
    assertThat(router.established(Session.FAST)).isTrue();
    assertThat(router.incarnation(Session.FAST)).as("the session itself").isEqualTo(before);
    assertThat(peerage.lastError(Session.FAST)).isEqualTo(error);
  }

  void textFromRouter() {
    Session session = Session.TEXT;
    peering.up(session);
    String text = "works on rack 7, back at noon";
    router.shutDown(session, text);
    eventually(
        "the text",
        () -> {
          assertThat(peerage.established(session)).isFalse();
          assertThat(peerage.lastError(session)).contains(text);
        });
    router.enable(session);
    peering.up(session);
  }

  void textFromPeerage() {
    Session session = Session.TEXT;
    peering.up(session);
    peerage.stop();
    eventually(
        "the text",
        () -> {
          assertThat(router.established(session)).isFalse();
          assertThat(router.lastError(session)).containsIgnoringCase("peerage");
        });
    peerage.start();
    router.enable(session);
    peering.up(session);
  }
}
