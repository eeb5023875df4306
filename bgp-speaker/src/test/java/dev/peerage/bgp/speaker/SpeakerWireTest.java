package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.exporting;
import static dev.peerage.bgp.speaker.Desired.gracefulRestart;
import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.only;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.routes;
import static dev.peerage.bgp.speaker.Desired.timers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.Open;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.PathAttribute;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.RouteRefresh;
import dev.peerage.bgp.wire.Update;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a speaker says of its routes, and what a change of configuration makes it say. */
class SpeakerWireTest extends WireScenario {
  SpeakerWireTest() throws IOException {}

  @Test
  void announcesAllRoutesThenEndOfRib() throws IOException {
    apply(routes(A.toString(), B.toString()), router());
    RawPeer peer = established();

    List<Update> updates = peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    assertThat(updates).hasSize(1);
    assertThat(RawPeer.announced(updates.getFirst())).containsExactlyInAnyOrder(A, B);
    assertThat(updates.getFirst().attributes().asPath().text()).isEqualTo("65001");
    assertThat(updates.getFirst().attributes().nextHop()).contains(ip(NODE));
  }

  @Test
  void oneRouteIsFoundByItsPrefixOrByAnAddressInIt() throws IOException {
    apply(
        routes("172.20.0.0/16", "172.20.1.0/24"),
        exporting(router(), only("172.20.0.0/16", "172.20.1.0/24")));
    RawPeer peer = established();
    peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);
    String instance = node.state().instances().getFirst().name();
    for (RouteTable table :
        List.of(new RouteTable.LocRib(), new RouteTable.AdjRibOut(router().name()))) {
      assertThat(lookup(node.routes(instance, table, Prefix.parse("172.20.1.0/24"))))
          .containsExactly("172.20.1.0/24");
      assertThat(lookup(node.routes(instance, table, Prefix.parse("172.20.1.0/25")))).isEmpty();
      assertThat(lookup(node.longestMatch(instance, table, Prefix.parse("172.20.1.9/32"))))
          .containsExactly("172.20.1.0/24");
      assertThat(lookup(node.longestMatch(instance, table, Prefix.parse("172.20.2.9/32"))))
          .containsExactly("172.20.0.0/16");
      assertThat(lookup(node.longestMatch(instance, table, Prefix.parse("10.0.0.1/32")))).isEmpty();
      assertThat(lookup(node.longestMatch("none", table, Prefix.parse("172.20.1.9/32")))).isEmpty();
    }
  }

  private static List<String> lookup(CompletableFuture<List<RouteView>> found) {
    return found.join().stream().map(each -> each.prefix().toString()).toList();
  }

  @Test
  void sendsOnlyWhatChanged() throws IOException {
    apply(routes(A.toString(), B.toString()), router());
    RawPeer peer = established();
    peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    apply(routes(A.toString()), router());
    Update update = peer.expect(Update.class);
    assertThat(RawPeer.withdrawn(update)).containsExactly(B);
    assertThat(RawPeer.announced(update)).isEmpty();

    // The same again sends nothing: the next thing heard is the one after it.
    apply(routes(A.toString()), router());
    apply(routes(A.toString(), C.toString()), router());
    update = peer.expect(Update.class);
    assertThat(RawPeer.announced(update)).containsExactly(C);
    assertThat(RawPeer.withdrawn(update)).isEmpty();
  }

  @Test
  void sendsWithdrawalsBeforeAnnouncements() throws IOException {
    apply(routes(A.toString()), router());
    RawPeer peer = established();
    peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    apply(routes(B.toString()), router());

    assertThat(RawPeer.withdrawn(peer.expect(Update.class))).containsExactly(A);
    assertThat(RawPeer.announced(peer.expect(Update.class))).containsExactly(B);
  }

  @Test
  void aChangedExportPolicySendsTheDifferenceOnly() throws IOException {
    Set<Prefix> all = routes(A.toString(), B.toString(), C.toString());
    apply(all, exporting(router(), only(A.toString(), B.toString())));
    RawPeer peer = established();
    peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    apply(all, exporting(router(), only(B.toString(), C.toString())));

    assertThat(RawPeer.withdrawn(peer.expect(Update.class))).containsExactly(A);
    assertThat(RawPeer.announced(peer.expect(Update.class))).containsExactly(C);
  }

  @Test
  void aRouteRefreshBringsAllRoutesAgain() throws IOException {
    apply(routes(A.toString()), router());
    RawPeer peer = established();
    peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    // Not negotiated: ignored.
    peer.send(RouteRefresh.of(AddressFamily.IPV6_UNICAST, RouteRefresh.REQUEST));
    peer.send(RouteRefresh.of(AddressFamily.IPV4_UNICAST, RouteRefresh.REQUEST));

    assertThat(RawPeer.announced(peer.expect(Update.class))).containsExactly(A);
  }

  @Test
  void aRemovedPeerIsToldSo() throws IOException {
    apply(Set.of(), router());
    RawPeer peer = established();
    peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    apply(Set.of());

    peer.expectNotification(NotificationCode.PEER_DE_CONFIGURED);
  }

  @Test
  void changedTimersRestartTheSessionOnce() throws IOException {
    apply(Set.of(), router());
    RawPeer peer = established();
    peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    apply(Set.of(), gracefulRestart(timers(router(), 5, 30, 10), 15));

    peer.expectNotification(NotificationCode.OTHER_CONFIGURATION_CHANGE);
    Open again = accept().establish(ROUTER_OPEN);
    assertThat(again.holdTime()).isEqualTo(30);
    assertThat(again.announces(Capability.GracefulRestart.class)).isTrue();
  }

  @Test
  void aChangedConnectRetryDisturbsNobody() throws IOException {
    apply(Set.of(), router());
    RawPeer peer = established();
    peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    apply(Set.of(), timers(router(), 60, 90, 30));
    apply(routes(A.toString()), timers(router(), 60, 90, 30));

    assertThat(RawPeer.announced(peer.expect(Update.class))).containsExactly(A);
  }

  @Test
  void aNewPeerLeavesTheOthersAlone() throws IOException {
    apply(Set.of(), router());
    RawPeer peer = established();
    peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);

    apply(Set.of(), router(), peer(NODE, "10.0.0.77", 65077));
    apply(routes(A.toString()), router());

    assertThat(RawPeer.announced(peer.expect(Update.class))).containsExactly(A);
  }

  @Test
  void messagesMayArriveByteByByte() throws IOException {
    apply(routes(A.toString()), router());
    RawPeer peer = accept();
    peer.sendSlowly(ROUTER_OPEN);
    peer.expect(Open.class);
    peer.sendSlowly(Keepalive.KEEPALIVE);

    assertThat(peer.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST)).hasSize(1);
  }

  @Test
  void usesRoutesWithAnotherAsInFrontOnlyFromARouteServer() throws IOException { // RFC 7947
    apply(Set.of(), router());
    RawPeer peer = established();
    peer.send(
        new Update(
            PrefixList.empty(AddressFamily.IPV4_UNICAST),
            PathAttributes.of(
                Origin.IGP, AsPath.of(65077), new PathAttribute.NextHop(ip("10.0.0.77"))),
            PrefixList.of(A)));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> table(new RouteTable.AdjRibIn(router().name())).equals(List.of(A)));
    assertThat(table(new RouteTable.LocRib())).isEmpty();

    apply(Set.of(), router().withImportPolicy(DesiredPeer.ImportPolicy.ACCEPT_FROM_ROUTE_SERVER));
    assertThat(table(new RouteTable.LocRib())).containsExactly(A);
  }

  private List<Prefix> table(RouteTable table) {
    return node.routes("as65001", table, AddressFamily.IPV4_UNICAST).join().stream()
        .map(RouteView::prefix)
        .toList();
  }
}
