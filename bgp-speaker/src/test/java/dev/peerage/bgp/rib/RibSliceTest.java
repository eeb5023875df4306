package dev.peerage.bgp.rib;

import static dev.peerage.bgp.rib.Ribs.T0;
import static dev.peerage.bgp.rib.Ribs.prefix;
import static dev.peerage.bgp.wire.AddressFamily.IPV4_UNICAST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.ExportStatement;
import dev.peerage.bgp.export.RouteChanges;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.PrefixList;
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What concerns many prefixes is done a few at a time. */
class RibSliceTest {
  private static final int SLICE = 1_000;

  /** What a slice may be longer: the prefixes of a leaf of each of two sets. */
  private static final int MORE = 64;

  private static final int MANY = 20_000;
  private static final Prefix BASE = prefix("10.2.0.0/32");
  private static final ExportPolicy ALL = new ExportPolicy.All();

  private int arisen;
  private final Rib rib = new Rib(Ribs.SETTINGS, SLICE, () -> arisen++);

  private int finish() {
    int slices = 0;
    while (rib.hasWork()) {
      rib.work(T0);
      slices++;
    }
    return slices;
  }

  private void up(String name, int number, ExportPolicy policy) {
    rib.peerUp(Ribs.peer(name, 65001 + number, "10.0.0." + number, policy), T0);
  }

  private static ExportPolicy only(PrefixSet prefixes) {
    return Ribs.statements(new ExportStatement("s", prefixes, ExportStatement.Attributes.DEFAULT));
  }

  private Set<Prefix> locRib() {
    Set<Prefix> prefixes = new HashSet<>();
    Ribs.locRib(rib, IPV4_UNICAST).forEach(route -> prefixes.add(route.prefix()));
    return prefixes;
  }

  private Set<Prefix> told(String name) {
    Map<Prefix, PathAttributes> told = new HashMap<>();
    Ribs.apply(Ribs.drain(rib, name, T0), told, true);
    while (rib.hasWork()) {
      rib.work(T0);
      Ribs.apply(Ribs.drain(rib, name, T0), told, true);
    }
    return told.keySet();
  }

  private void receive(String name, int number) {
    for (int i = 0; i < MANY; i += 100) {
      Prefix[] prefixes =
          PrefixSet.range(new Prefix(IPV4_UNICAST, (0x0b00_0000L + i) << 32, 0, 32), 100)
              .toArray(Prefix[]::new);
      rib.received(name, Ribs.announce(Ribs.attributes(AsPath.of(65001 + number)), prefixes), T0);
    }
  }

  @Test
  void noCallDealsWithMoreThanASlice() {
    PrefixSet routes = PrefixSet.range(BASE, MANY);
    rib.originate(routes, T0);
    assertThat(arisen).isPositive();
    assertThat(finish()).isBetween(MANY / SLICE - 2, MANY / SLICE + 2);

    up("a", 1, ALL);
    up("b", 2, only(PrefixSet.range(BASE, MANY / 2)));
    up("c", 3, ALL);
    assertThat(told("a")).hasSize(MANY);
    assertThat(told("b")).hasSize(MANY / 2);

    rib.exportPolicyChanged("b", only(routes));
    assertThat(told("b")).hasSize(MANY / 2);

    receive("c", 3);
    assertThat(told("a")).hasSize(MANY);
    rib.importPolicyChanged("c", false, false, T0);
    assertThat(finish()).isGreaterThan(MANY / SLICE - 2);
    assertThat(rib.acceptedCount("c", IPV4_UNICAST)).isZero();
    rib.importPolicyChanged("c", true, false, T0);
    finish();
    assertThat(rib.acceptedCount("c", IPV4_UNICAST)).isEqualTo(MANY);

    rib.peerStale("c", Set.of(IPV4_UNICAST), T0);
    finish();
    rib.longLived("c", IPV4_UNICAST, T0);
    finish();
    assertThat(rib.receivedCount("c", IPV4_UNICAST)).isEqualTo(MANY);
    rib.purgeStale("c", IPV4_UNICAST, T0);
    assertThat(rib.size(IPV4_UNICAST)).isGreaterThan(MANY);
    assertThat(finish()).isGreaterThan(MANY / SLICE - 2);
    assertThat(rib.size(IPV4_UNICAST)).isEqualTo(MANY);
    assertThat(rib.holds("c")).isFalse();

    up("c", 3, ALL);
    receive("c", 3);
    rib.peerDown("c", T0);
    finish();
    assertThat(rib.holds("c")).isFalse();
    rib.originate(PrefixSet.EMPTY, T0);
    finish();
    assertThat(rib.size(IPV4_UNICAST)).isZero();
    Ribs.drain(rib, "a", T0);
    finish();
    assertThat(rib.advertisedCount("a", IPV4_UNICAST)).isZero();

    assertThat(rib.mostAtOnce()).isBetween(SLICE / 2, SLICE + MORE);
  }

  @Test
  void aPolicyThatChangesForVeryManyPrefixesIsStillTakenOverInSlices() {
    PrefixSet routes = PrefixSet.range(BASE, 100_000);
    rib.originate(routes, T0);
    finish();
    up("a", 1, only(PrefixSet.range(BASE, 10)));
    assertThat(told("a")).hasSize(10);
    rib.exportPolicyChanged("a", only(routes));
    assertThat(told("a")).hasSize(100_000 - 10);
    rib.exportPolicyChanged("a", only(PrefixSet.range(BASE, 7)));
    Ribs.drain(rib, "a", T0);
    finish();
    assertThat(Ribs.advertised(rib, "a")).hasSize(7);
    assertThat(rib.mostAtOnce()).isLessThanOrEqualTo(SLICE + MORE);
  }

  /** The slices that are done when a newer set comes: none, some, all but the last. */
  @ParameterizedTest
  @CsvSource({"0", "5", "18"})
  void aNewerSetSupersedesOneThatIsHalfDone(int slices) {
    PrefixSet before = PrefixSet.range(BASE, MANY);
    rib.originate(before, T0);
    finish();
    up("a", 1, ALL);
    assertThat(told("a")).hasSize(MANY);

    PrefixSet second = PrefixSet.range(prefix("10.2.32.0/32"), MANY);
    PrefixSet third = PrefixSet.range(prefix("10.2.48.0/32"), MANY / 2).with(prefix("10.1.0.0/16"));
    rib.originate(second, T0);
    for (int i = 0; i < slices; i++) {
      rib.work(T0);
    }
    assertThat(rib.isOriginating()).isTrue();
    assertThat(Ribs.drain(rib, "a", T0).isEmpty()).isTrue();
    rib.originate(PrefixSet.of(prefix("10.9.0.0/16")), T0);
    rib.originate(third, T0);
    Set<Prefix> announced = new HashSet<>();
    Set<Prefix> withdrawn = new HashSet<>();
    do {
      rib.work(T0);
      RouteChanges changes = Ribs.drain(rib, "a", T0);
      for (PrefixList each : changes.withdrawals()) {
        assertThat(announced).as("withdrawals come first").isEmpty();
        withdrawn.addAll(each.asList());
      }
      changes.announcements().forEach(each -> announced.addAll(each.prefixes().asList()));
    } while (rib.hasWork());

    assertThat(locRib()).isEqualTo(third);
    Set<Prefix> gone = new HashSet<>(before);
    gone.removeAll(third);
    Set<Prefix> added = new HashSet<>(third);
    added.removeAll(before);
    assertThat(withdrawn).isEqualTo(gone);
    assertThat(announced).isEqualTo(added);
    assertThat(rib.mostAtOnce()).isLessThanOrEqualTo(SLICE + MORE);
  }

  @Test
  void endOfRibWaitsForAllRoutesThatAreBeingTakenOver() {
    rib.originate(PrefixSet.range(BASE, MANY), T0);
    up("a", 1, ALL);
    int before = 0;
    while (rib.isOriginating()) {
      assertThat(rib.outbox("a").next(T0)).isEmpty();
      rib.work(T0);
      before++;
    }
    assertThat(before).isGreaterThan(1);
    int messages = 0;
    int last = 0;
    while (rib.hasWork() || rib.hasPending("a")) {
      rib.work(T0);
      for (var next = rib.outbox("a").next(T0); next.isPresent(); next = rib.outbox("a").next(T0)) {
        ByteBuf bytes = next.get();
        last = bytes.readableBytes();
        bytes.release();
        messages++;
      }
    }
    assertThat(messages).isEqualTo((MANY + 806) / 807 + 2); // and End-of-RIB of two families
    assertThat(last).as("End-of-RIB").isLessThan(40);
    assertThat(rib.advertisedCount("a", IPV4_UNICAST)).isEqualTo(MANY);
    rib.peerDown("a", T0);
  }

  /** A peer that sends without pause cannot keep others from being told. */
  @Test
  void changesWithoutEndDelayNobodyWithoutEnd() {
    up("a", 1, ALL);
    up("c", 3, ALL);
    Set<Prefix> heard = new HashSet<>();
    for (int round = 0; round < 10 && heard.isEmpty(); round++) {
      receive("c", 3);
      Ribs.drain(rib, "a", T0)
          .announcements()
          .forEach(each -> heard.addAll(each.prefixes().asList()));
      for (int i = 0; i < MANY / SLICE + 1; i++) {
        rib.work(T0);
      }
      receive("c", 3 + round % 2);
      Ribs.drain(rib, "a", T0)
          .announcements()
          .forEach(each -> heard.addAll(each.prefixes().asList()));
    }
    assertThat(List.copyOf(heard)).isNotEmpty();
  }
}
