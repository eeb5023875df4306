package dev.peerage.interop;

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
  private final Results results = new Results();
  private @Nullable Ground ground;
  private Router router;
  private Peerage peerage;
  private Peering peering;
  private SessionScenarios sessions;
  private RouteScenarios routes;
  private RestartScenarios restarts;

  /** The router of this class, not yet started. */
  abstract Router router(Ground ground);

  @BeforeAll
  void start() {
    ground = Ground.open(getClass().getSimpleName());
    router = router(ground);
    router.start(Router.Start.FRESH);
    peerage = new Peerage(ground);
    peerage.start();
    peering = new Peering(ground, router, peerage);
    sessions = new SessionScenarios(peering);
    routes = new RouteScenarios(peering);
    restarts = new RestartScenarios(peering);
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
      case DIALS_IPV4 -> peering.up(Session.DIALS4);
      case LISTENS_IPV4 -> peering.up(Session.LISTENS4);
      case DIALS_IPV6 -> peering.up(Session.DIALS6);
      case LISTENS_IPV6 -> peering.up(Session.LISTENS6);
      case IPV4_OVER_IPV4 -> peering.ipv4BothWays(Session.DIALS4, Session.LISTENS4);
      case IPV6_OVER_IPV4 -> peering.ipv6BothWays(Session.DIALS4, Session.LISTENS4);
      case IPV4_OVER_IPV6 -> peering.ipv4BothWays(Session.DIALS6, Session.LISTENS6);
      case IPV6_OVER_IPV6 -> peering.ipv6BothWays(Session.DIALS6, Session.LISTENS6);
      case FOUR_OCTETS -> routes.fourOctets();
      case LOCAL_PREFERENCE -> routes.localPreference();
      case COMMUNITIES -> routes.communities();
      case LARGE_COMMUNITIES -> routes.largeCommunities();
      case WITHDRAW -> routes.withdraw();
      case REFRESH -> routes.refresh();
      case ENHANCED_REFRESH -> routes.enhancedRefresh();
      case COLLISION -> sessions.collision();
      case MD5_DIALS -> peering.ipv4BothWays(Session.MD5DIALS);
      case MD5_LISTENS -> peering.ipv6BothWays(Session.MD5LISTENS);
      case WRONG_PASSWORD -> sessions.wrongPassword();
      case WRONG_ASN -> sessions.wrongAsn();
      case FAST_TIMERS -> sessions.fastTimers();
      case TEXT_FROM_ROUTER -> sessions.textFromRouter();
      case TEXT_FROM_PEERAGE -> sessions.textFromPeerage();
      case PEERAGE_RESTARTS -> restarts.peerageRestarts();
      case ROUTER_RESTARTS -> restarts.routerRestarts();
    }
  }
}
