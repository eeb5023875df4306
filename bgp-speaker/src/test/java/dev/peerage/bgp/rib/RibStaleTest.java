package dev.peerage.bgp.rib;

import static dev.peerage.bgp.rib.Ribs.SETTINGS;
import static dev.peerage.bgp.rib.Ribs.T0;
import static dev.peerage.bgp.rib.Ribs.announce;
import static dev.peerage.bgp.rib.Ribs.attributes;
import static dev.peerage.bgp.rib.Ribs.peer;
import static dev.peerage.bgp.rib.Ribs.prefix;
import static dev.peerage.bgp.rib.Ribs.withdraw;
import static dev.peerage.bgp.wire.AddressFamily.IPV4_UNICAST;
import static dev.peerage.bgp.wire.AddressFamily.IPV6_UNICAST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.RouteChanges;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.PathAttribute;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.PrefixList;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Routes that are kept while a peer is away or sends everything again; import policy. */
class RibStaleTest {
  private static final Instant T1 = T0.plusSeconds(1);
  private static final ExportPolicy ALL = new ExportPolicy.All();
  private static final Set<AddressFamily> BOTH = Set.of(AddressFamily.values());
  private static final Prefix VIP = prefix("20.0.10.100/32");
  private static final Prefix POD = prefix("10.244.1.0/24");
  private static final Prefix POD6 = prefix("fd00:1::/64");
  private static final RibPeer A = peer("a", 65001, "10.0.0.1", ALL);
  private static final PathAttributes FROM_A = attributes(AsPath.of(65001));

  private final Rib rib = new Rib(SETTINGS);

  @BeforeEach
  void aSendsRoutesOfBothFamilies() {
    rib.peerUp(A, T0);
    rib.peerUp(peer("watcher", 65009, "10.0.0.9", ALL), T0);
    rib.received("a", announce(FROM_A, VIP, POD, POD6), T0);
    Ribs.drain(rib, "watcher", T0);
  }

  private List<Prefix> locRib(AddressFamily family) {
    return Ribs.locRib(rib, family).stream().map(Route::prefix).toList();
  }

  @Test
  void keepsTheRoutesOfSomeFamiliesOfAPeerThatIsAway() { // RFC 4724 section 4.2
    rib.peerStale("a", Set.of(IPV4_UNICAST), T1);
    assertThat(locRib(IPV4_UNICAST)).containsExactly(POD, VIP);
    assertThat(locRib(IPV6_UNICAST)).isEmpty();
    assertThat(rib.peers()).containsExactly("watcher");
    assertThat(rib.receivedCount("a", IPV4_UNICAST)).isEqualTo(2);
    assertThat(rib.holds("a")).as("its routes can be shown").isTrue();
    assertThat(rib.holds("nobody")).isFalse();
    RouteChanges changes = Ribs.drain(rib, "watcher", T1);
    assertThat(changes.withdrawals()).containsExactly(PrefixList.of(POD6));
    assertThat(changes.announcements()).isEmpty();
  }

  @Test
  void purgesWhatWasNotSentAgain() { // RFC 4724 section 4.2
    rib.peerStale("a", BOTH, T1);
    rib.peerUp(A, T1);
    rib.received("a", announce(FROM_A, VIP), T1);
    assertThat(locRib(IPV4_UNICAST)).containsExactly(POD, VIP);
    rib.purgeStale("a", IPV4_UNICAST, T1);
    assertThat(locRib(IPV4_UNICAST)).containsExactly(VIP);
    assertThat(locRib(IPV6_UNICAST)).as("it has its own End-of-RIB").containsExactly(POD6);
    RouteChanges changes = Ribs.drain(rib, "watcher", T1);
    assertThat(changes.withdrawals()).containsExactly(PrefixList.of(POD));
    assertThat(changes.announcements()).as("the same route again").isEmpty();
    assertThat(Ribs.adjRibIn(rib, "a", IPV4_UNICAST)).extracting(Route::since).containsExactly(T0);
  }

  @Test
  void dropsFamiliesThatThePeerDidNotKeep() { // RFC 4724 section 4.2: F bit 0, or not listed
    rib.peerStale("a", BOTH, T1);
    rib.peerUp(A, T1);
    rib.retainStale("a", Set.of(IPV6_UNICAST), T1);
    assertThat(locRib(IPV4_UNICAST)).isEmpty();
    assertThat(locRib(IPV6_UNICAST)).containsExactly(POD6);
  }

  @Test
  void forgetsAStalePeerWithItsLastRoute() {
    rib.peerStale("a", BOTH, T1);
    rib.purgeStale("a", IPV4_UNICAST, T1);
    assertThat(locRib(IPV6_UNICAST)).containsExactly(POD6);
    rib.purgeStale("a", IPV6_UNICAST, T1);
    assertThat(Ribs.locRib(rib, IPV6_UNICAST)).isEmpty();
    rib.purgeStale("a", IPV6_UNICAST, T1); // nothing happens
    rib.peerUp(A, T1);
    assertThat(rib.receivedCount("a", IPV4_UNICAST)).isZero();
  }

  @Test
  void dropsStaleRoutesWithThePeer() {
    rib.peerStale("a", BOTH, T1);
    rib.peerDown("a", T1);
    assertThat(rib.size(IPV4_UNICAST) + rib.size(IPV6_UNICAST)).isZero();
  }

  @Test
  void dropsWhatWasStaleWhenTheSessionEndsAgain() { // RFC 4724 section 4.2, consecutive restarts
    rib.peerStale("a", BOTH, T1);
    rib.peerUp(A, T1);
    rib.received("a", announce(FROM_A, VIP), T1);
    rib.peerStale("a", BOTH, T1);
    assertThat(locRib(IPV4_UNICAST)).containsExactly(VIP);
  }

  @Test
  void judgesKeptRoutesByTheNewSession() {
    rib.peerStale("a", BOTH, T1);
    rib.peerUp(A.withImport(false, false), T1);
    assertThat(locRib(IPV4_UNICAST)).isEmpty();
    assertThat(rib.receivedCount("a", IPV4_UNICAST)).isEqualTo(2);
    assertThat(rib.acceptedCount("a", IPV4_UNICAST)).isZero();
    rib.purgeStale("a", IPV4_UNICAST, T1);
    assertThat(rib.receivedCount("a", IPV4_UNICAST)).isZero();
  }

  @Test
  void marksAndPurgesWhileThePeerIsUp() { // RFC 7313 section 4: BoRR and EoRR
    rib.markStale("a", IPV4_UNICAST, T1);
    assertThat(locRib(IPV4_UNICAST)).containsExactly(POD, VIP);
    rib.received("a", announce(FROM_A, POD), T1);
    rib.received("a", withdraw(VIP), T1);
    rib.received("a", announce(FROM_A, VIP), T1);
    rib.purgeStale("a", IPV4_UNICAST, T1);
    assertThat(locRib(IPV4_UNICAST)).containsExactly(POD, VIP);
    rib.markStale("a", IPV4_UNICAST, T1);
    rib.purgeStale("a", IPV4_UNICAST, T1);
    assertThat(locRib(IPV4_UNICAST)).isEmpty();
    assertThat(rib.peers()).contains("a");
  }

  @Test
  void prefersAnythingToALongLivedStaleRoute() { // RFC 9494 section 4.3
    rib.peerUp(peer("b", 65002, "10.0.0.2", ALL), T0);
    rib.received("b", announce(attributes(AsPath.of(65002, 1, 2, 3)), VIP), T0);
    rib.peerStale("a", BOTH, T1);
    assertThat(Ribs.locRib(rib, IPV4_UNICAST))
        .as("a stale route is as good as any other")
        .extracting(Route::prefix, Route::peer, Route::selection)
        .contains(tuple(VIP, "a", Selection.BEST));
    rib.longLived("a", IPV4_UNICAST, T1);
    assertThat(Ribs.locRib(rib, IPV4_UNICAST))
        .extracting(Route::prefix, Route::peer, Route::selection)
        .containsExactly(
            tuple(POD, "a", Selection.BEST),
            tuple(VIP, "b", Selection.BEST),
            tuple(VIP, "a", Selection.VALID));
    assertThat(Ribs.drain(rib, "watcher", T1).announcements())
        .filteredOn(each -> each.prefixes().equals(PrefixList.of(POD)))
        .flatMap(each -> each.attributes().communities())
        .containsExactly(new Community(0xffff_0006L));
    rib.purgeStale("a", IPV4_UNICAST, T1);
    assertThat(locRib(IPV4_UNICAST)).containsExactly(VIP);
  }

  @Test
  void aLongLivedRouteThatComesAgainIsAnOrdinaryOne() {
    rib.peerStale("a", BOTH, T1);
    rib.longLived("a", IPV4_UNICAST, T1);
    rib.peerUp(A, T1);
    rib.received("a", announce(FROM_A, VIP, POD), T1);
    rib.purgeStale("a", IPV4_UNICAST, T1);
    assertThat(Ribs.adjRibIn(rib, "a", IPV4_UNICAST))
        .extracting(Route::prefix, Route::attributes)
        .containsExactly(tuple(POD, FROM_A), tuple(VIP, FROM_A));
    assertThat(Ribs.drain(rib, "watcher", T1).isEmpty()).isTrue();
  }

  @Test
  void doesNotKeepForLongWhatMustNotBe() { // RFC 9494 section 4.2: NO_LLGR
    rib.received(
        "a",
        announce(
            FROM_A.with(new PathAttribute.Communities(List.of(new Community(0xffff_0007L)))), VIP),
        T0);
    rib.peerStale("a", BOTH, T1);
    assertThat(locRib(IPV4_UNICAST)).containsExactly(POD, VIP);
    rib.longLived("a", IPV4_UNICAST, T1);
    assertThat(locRib(IPV4_UNICAST)).containsExactly(POD);
  }

  @Test
  void changesImportPolicyWithoutANewSession() {
    rib.importPolicyChanged("a", false, false, T1);
    assertThat(locRib(IPV4_UNICAST)).isEmpty();
    assertThat(rib.receivedCount("a", IPV4_UNICAST)).isEqualTo(2);
    assertThat(rib.acceptedCount("a", IPV4_UNICAST)).isZero();
    assertThat(Ribs.drain(rib, "watcher", T1).withdrawals())
        .flatMap(PrefixList::asList)
        .containsExactlyInAnyOrder(VIP, POD, POD6);
    rib.received("a", withdraw(POD), T1);
    rib.importPolicyChanged("a", true, false, T1);
    assertThat(locRib(IPV4_UNICAST)).containsExactly(VIP);
    assertThat(rib.acceptedCount("a", IPV4_UNICAST)).isEqualTo(1);
    assertThat(Ribs.drain(rib, "watcher", T1).announcements())
        .flatMap(each -> each.prefixes().asList())
        .containsExactlyInAnyOrder(VIP, POD6);
    rib.importPolicyChanged("a", true, false, T1);
    assertThat(rib.hasPending("watcher")).isFalse();
  }

  @Test
  void keepsStaleMarksWhenImportPolicyChanges() {
    rib.markStale("a", IPV4_UNICAST, T1);
    rib.importPolicyChanged("a", false, false, T1);
    rib.importPolicyChanged("a", true, false, T1);
    rib.purgeStale("a", IPV4_UNICAST, T1);
    assertThat(rib.receivedCount("a", IPV4_UNICAST)).isZero();
  }

  @Test
  void takesRoutesOfARouteServerWithoutANewSession() { // RFC 7947 section 2.2.2.1
    rib.received("a", announce(attributes(AsPath.of(65077)), VIP), T0);
    assertThat(locRib(IPV4_UNICAST)).containsExactly(POD);
    rib.importPolicyChanged("a", true, true, T1);
    assertThat(locRib(IPV4_UNICAST)).containsExactly(POD, VIP);
    rib.importPolicyChanged("a", true, false, T1);
    assertThat(locRib(IPV4_UNICAST)).containsExactly(POD);
  }
}
