package dev.peerage.bgp.rib;

import static dev.peerage.bgp.rib.Ribs.LOCAL;
import static dev.peerage.bgp.rib.Ribs.SETTINGS;
import static dev.peerage.bgp.rib.Ribs.T0;
import static dev.peerage.bgp.rib.Ribs.announce;
import static dev.peerage.bgp.rib.Ribs.attributes;
import static dev.peerage.bgp.rib.Ribs.peer;
import static dev.peerage.bgp.rib.Ribs.prefix;
import static dev.peerage.bgp.rib.Ribs.withdraw;
import static dev.peerage.bgp.wire.AddressFamily.IPV4_UNICAST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.RouteChanges;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.Malformed;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.PathAttribute;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.Update;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Routes from peers and from here, through the loc-rib, to peers. */
class RibTest {
  private static final Instant T1 = T0.plusSeconds(1);
  private static final ExportPolicy ALL = new ExportPolicy.All();
  private static final Prefix VIP = prefix("20.0.10.100/32");
  private static final Prefix POD = prefix("10.244.1.0/24");
  private static final Prefix POD6 = prefix("fd00:1::/64");

  private final Rib rib = new Rib(SETTINGS);

  @Test
  void keepsAndCountsLoopedRoutesWithoutUsingThem() {
    rib.peerUp(peer("a", 65001, "10.0.0.1", ALL), T0);
    rib.received("a", announce(attributes(AsPath.of(65001, 65000)), VIP), T0);
    rib.received("a", announce(attributes(AsPath.of(65001)), POD), T0);
    assertThat(rib.receivedCount("a", IPV4_UNICAST)).isEqualTo(2);
    assertThat(rib.acceptedCount("a", IPV4_UNICAST)).isEqualTo(1);
    assertThat(rib.size(IPV4_UNICAST)).isEqualTo(1);
    assertThat(Ribs.adjRibIn(rib, "a", IPV4_UNICAST))
        .extracting(Route::prefix, Route::selection)
        .containsExactly(tuple(POD, Selection.BEST), tuple(VIP, Selection.REJECTED));
    // The path becomes good, and bad again: the route comes and goes.
    rib.received("a", announce(attributes(AsPath.of(65001)), VIP), T0);
    assertThat(rib.size(IPV4_UNICAST)).isEqualTo(2);
    rib.received("a", announce(attributes(AsPath.of(65001, 65000)), VIP), T0);
    assertThat(rib.size(IPV4_UNICAST)).isEqualTo(1);
    assertThat(rib.acceptedCount("a", IPV4_UNICAST)).isEqualTo(1);
  }

  @Test
  void doesNotUseRoutesThatPointBackHere() {
    rib.peerUp(peer("a", 65001, "10.0.0.1", ALL), T0);
    rib.received(
        "a", announce(attributes(AsPath.of(65001), new PathAttribute.NextHop(LOCAL)), VIP), T0);
    assertThat(rib.receivedCount("a", IPV4_UNICAST)).isEqualTo(1);
    assertThat(rib.size(IPV4_UNICAST)).isZero();
  }

  @Test
  void countsRoutesThatImportPolicyRejects() {
    rib.peerUp(peer("a", 65001, "10.0.0.1", "10.0.0.1", ALL, false), T0);
    rib.received("a", announce(attributes(AsPath.of(65001)), VIP, POD), T0);
    assertThat(rib.receivedCount("a", IPV4_UNICAST)).isEqualTo(2);
    assertThat(rib.acceptedCount("a", IPV4_UNICAST)).isZero();
    assertThat(rib.size(IPV4_UNICAST)).isZero();
    rib.received("a", withdraw(VIP, VIP, prefix("1.0.0.0/8")), T0);
    assertThat(rib.receivedCount("a", IPV4_UNICAST)).isEqualTo(1);
  }

  @Test
  void fallsBackToTheNextBestPathWhenAPeerGoesDown() {
    rib.peerUp(peer("a", 65001, "10.0.0.1", ALL), T0);
    rib.peerUp(peer("b", 65002, "10.0.0.2", ALL), T0);
    rib.peerUp(peer("watcher", 65003, "10.0.0.3", ALL), T0);
    rib.received("a", announce(attributes(AsPath.of(65001)), VIP, POD), T0);
    rib.received("b", announce(attributes(AsPath.of(65002, 9)), VIP), T0);
    assertThat(Ribs.drain(rib, "watcher", T0).announcements())
        .map(each -> each.attributes().asPath())
        .containsExactly(AsPath.of(65000, 65001));
    rib.peerDown("a", T1);
    RouteChanges changes = Ribs.drain(rib, "watcher", T1);
    assertThat(changes.withdrawals()).containsExactly(PrefixList.of(POD));
    assertThat(changes.announcements())
        .map(each -> each.attributes().asPath())
        .containsExactly(AsPath.of(65000, 65002, 9));
    assertThatThrownBy(() -> Ribs.drain(rib, "a", T1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("peer a is not up");
    rib.peerDown("a", T1); // nothing happens
  }

  @Test
  void tellsNothingAboutAPrefixThatIsAsItWas() {
    rib.peerUp(peer("a", 65001, "10.0.0.1", ALL), T0);
    rib.originate(PrefixSet.of(VIP), T0);
    Ribs.drain(rib, "a", T0);
    rib.originate(PrefixSet.of(), T1);
    rib.originate(PrefixSet.of(VIP), T1);
    assertThat(rib.hasPending("a")).isTrue();
    assertThat(Ribs.drain(rib, "a", T1).isEmpty()).isTrue();
    rib.originate(PrefixSet.of(VIP), T1);
    assertThat(rib.hasPending("a")).isFalse();
  }

  @Test
  void tellsEverythingAgainOnRefreshAndStillWithdraws() {
    rib.peerUp(peer("a", 65001, "10.0.0.1", ALL), T0);
    rib.originate(PrefixSet.of(VIP, POD, POD6), T0);
    Ribs.drain(rib, "a", T0);
    rib.originate(PrefixSet.of(VIP, POD6), T0);
    rib.refresh("a", IPV4_UNICAST);
    RouteChanges changes = Ribs.drain(rib, "a", T1);
    assertThat(changes.withdrawals()).containsExactly(PrefixList.of(POD));
    assertThat(changes.announcements())
        .map(Update.Announcement::prefixes)
        .containsExactly(PrefixList.of(VIP));
    assertThat(Ribs.adjRibOut(rib, "a", IPV4_UNICAST))
        .extracting(Route::since)
        .as("a refresh does not make a route younger")
        .containsExactly(T0);
  }

  @Test
  void listsTheLocRibWithTheBestRouteFirst() {
    rib.peerUp(peer("a", 65001, "10.0.0.1", ALL), T0);
    rib.peerUp(peer("b", 65002, "10.0.0.2", ALL), T0);
    rib.peerUp(peer("c", 65003, "10.0.0.3", ALL), T0);
    rib.received("c", announce(attributes(AsPath.of(65003, 1)), VIP), T0);
    rib.received("b", announce(attributes(AsPath.of(65002)), VIP), T0);
    rib.received("a", announce(attributes(AsPath.of(65001)), VIP), T1);
    rib.originate(PrefixSet.of(POD), T1);
    rib.received("a", announce(attributes(AsPath.of(65001), Origin.IGP), VIP), T1.plusSeconds(9));
    assertThat(Ribs.locRib(rib, IPV4_UNICAST))
        .extracting(Route::prefix, Route::peer, Route::selection, Route::since)
        .containsExactly(
            tuple(POD, "", Selection.BEST, T1),
            tuple(VIP, "a", Selection.BEST, T1),
            tuple(VIP, "b", Selection.MULTIPATH, T0),
            tuple(VIP, "c", Selection.VALID, T0));
  }

  @Test
  void treatsTheRoutesOfAMalformedUpdateAsWithdrawn() {
    rib.peerUp(peer("a", 65001, "10.0.0.1", ALL), T0);
    rib.received("a", announce(attributes(AsPath.of(65001)), VIP), T0);
    Update good = announce(attributes(AsPath.of(65001)), VIP);
    rib.received(
        "a",
        new Update(
            good.withdrawn(),
            good.attributes(),
            good.announced(),
            List.of(
                new Malformed.TreatAsWithdraw(
                    1, NotificationCode.INVALID_ORIGIN_ATTRIBUTE, "ORIGIN 3"))),
        T1);
    assertThat(rib.size(IPV4_UNICAST)).isZero();
  }

  @Test
  void withdrawsBeforeItAnnouncesWithinOneUpdate() {
    rib.peerUp(peer("a", 65001, "10.0.0.1", ALL), T0);
    rib.received(
        "a", new Update(PrefixList.of(VIP), attributes(AsPath.of(65001)), PrefixList.of(VIP)), T0);
    assertThat(rib.size(IPV4_UNICAST)).isEqualTo(1);
  }
}
