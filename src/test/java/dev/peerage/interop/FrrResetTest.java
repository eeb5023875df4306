package dev.peerage.interop;

import static dev.peerage.interop.Waits.LATER;
import static dev.peerage.interop.Waits.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What becomes of a node's routes in FRR's table when a change resets its session, where both sides
 * keep routes over NOTIFICATIONs: the rows of docs/sessions.md.
 */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class FrrResetTest {
  private static final Session SESSION = Session.DIALS4;
  private static final String ROUTE = SESSION.ipv4(1);

  private Ground ground;
  private Frr router;
  private Peerage peerage;
  private Peering peering;

  @BeforeAll
  void start() {
    ground = Ground.open(getClass().getSimpleName());
    router = new Frr(ground, List.of());
    router.start(Router.Start.FRESH);
    peerage = new Peerage(ground);
    peerage.start();
    peering = new Peering(ground, router, peerage);
  }

  @AfterAll
  void end() {
    ground.close();
  }

  private void upWithTheRoute() {
    peering.up(SESSION);
    eventually("the route", () -> assertThat(router.received(SESSION, ROUTE)).isPresent());
  }

  /** Not an AssertionError: once the route is missing, no later look makes that good. */
  private void kept() {
    if (router.received(SESSION, ROUTE).isEmpty()) {
      throw new IllegalStateException("the route that should be kept is missing");
    }
  }

  /** Changes the instance or its peer, and waits until another session is up. */
  private void resets(Runnable change) {
    String before = router.incarnation(SESSION);
    change.run();
    peerage.apply();
    eventually(
        LATER,
        "another session",
        () -> {
          kept();
          assertThat(router.incarnation(SESSION)).isNotEqualTo(before);
          assertThat(router.established(SESSION)).isTrue();
        });
  }

  @ParameterizedTest(name = "{1}: {2}")
  @Order(1)
  @CsvSource({
    "/, routerID, 10.99.9.11, 10.99.0.11",
    "/peers/0, ebgpMultihop, 2, 1",
    "/peers/0/timers, holdTimeSeconds, 27, 30",
  })
  void theRoutesStay(String where, String field, String value, String before) {
    upWithTheRoute();
    ObjectNode object =
        where.equals("/")
            ? peerage.instance(SESSION)
            : (ObjectNode) peerage.instance(SESSION).at(where);

    resets(() -> put(object, field, value));
    resets(() -> put(object, field, before));
    upWithTheRoute();
    kept();
  }

  private static void put(ObjectNode object, String field, String value) {
    if (value.matches("\\d+")) {
      object.put(field, Integer.parseInt(value));
    } else {
      object.put(field, value);
    }
  }

  @Test
  @Order(2)
  void theRoutesStayWhileOnlyOneSideHasThePassword() {
    upWithTheRoute();
    peerage.peer(SESSION).put("password", "correcthorse");
    peerage.apply();
    eventually(
        "no session, and the route stale",
        () -> {
          kept();
          assertThat(router.established(SESSION)).isFalse();
          assertThat(router.stale(SESSION, ROUTE)).isTrue();
        });

    resets(() -> peerage.peer(SESSION).remove("password"));
    eventually("fresh", () -> assertThat(router.stale(SESSION, ROUTE)).isFalse());
    kept();
  }

  @Test
  @Order(2)
  void aFamilyLessTakesItsOwnRoutesOnly() {
    upWithTheRoute();
    eventually(
        "the IPv6 route", () -> assertThat(router.received(SESSION, SESSION.ipv6(1))).isPresent());
    JsonNode both = peerage.peer(SESSION).path("families");
    resets(() -> peerage.peer(SESSION).putArray("families").add(both.path(0)));
    eventually(
        "no IPv6 route",
        () -> {
          kept();
          assertThat(router.received(SESSION, SESSION.ipv6(1))).isEmpty();
        });

    resets(() -> peerage.peer(SESSION).set("families", both));
    upWithTheRoute();
    kept();
  }

  @Test
  @Order(4)
  void theRoutesOfAnotherAsnGo() {
    upWithTheRoute();
    peerage.instance(SESSION).put("localASN", 65009);
    peerage.apply();
    eventually("no route", () -> assertThat(router.received(SESSION, ROUTE)).isEmpty());

    peerage.instance(SESSION).put("localASN", 65001);
    peerage.apply();
    upWithTheRoute();
  }

  @Test
  @Order(5)
  void theRoutesOfAnotherSourceAddressGo() {
    upWithTheRoute();
    peerage.peer(SESSION).put("localAddress", Session.TEXT.address());
    peerage.apply();
    eventually("no route", () -> assertThat(router.received(SESSION, ROUTE)).isEmpty());
  }
}
