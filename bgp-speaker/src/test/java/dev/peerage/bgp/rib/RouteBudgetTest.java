package dev.peerage.bgp.rib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.Bytes;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.ExtendedCommunity;
import dev.peerage.bgp.wire.LargeCommunity;
import dev.peerage.bgp.wire.PathAttribute;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.Prefix;
import java.lang.management.ManagementFactory;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What received routes take of memory is counted, bounded, and given back. */
class RouteBudgetTest {
  private static final AddressFamily IPV4 = AddressFamily.IPV4_UNICAST;
  private static final long MIB = 1 << 20;
  private static final ExportPolicy NOTHING = new ExportPolicy.Statements("nothing", List.of());

  private static RibPeer peer(String name, boolean accept) {
    RibPeer peer = Ribs.peer(name, 65001, "10.0.0." + name, NOTHING);
    return peer.withImport(accept, false);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void whateverPeersDoAllIsGivenBack(int seed) {
    var random = new Random(seed);
    var budget = new RouteBudget(seed % 2 == 0 ? 20_000 : RouteBudget.UNLIMITED);
    var rib = new Rib(Ribs.SETTINGS, budget, 8, () -> {});
    List<String> names = List.of("1", "2", "3");
    names.forEach(name -> rib.peerUp(peer(name, random.nextBoolean()), Ribs.T0));
    for (int i = 0; i < 3000; i++) {
      String name = names.get(random.nextInt(names.size()));
      boolean up = rib.peers().contains(name);
      switch (random.nextInt(12)) {
        case 0 -> {
          if (up) {
            rib.peerStale(name, random.nextBoolean() ? Set.of(IPV4) : Set.of(), Ribs.T0);
          }
        }
        case 1 -> rib.importPolicyChanged(name, random.nextBoolean(), false, Ribs.T0);
        case 2 -> rib.longLived(name, IPV4, Ribs.T0);
        case 3 -> rib.purgeStale(name, IPV4, Ribs.T0);
        case 4 -> rib.work(Ribs.T0);
        default -> {
          if (!up) {
            rib.peerUp(peer(name, random.nextBoolean()), Ribs.T0);
          } else if (random.nextInt(3) == 0) {
            rib.received(name, Ribs.withdraw(prefixes(random)), Ribs.T0);
          } else {
            rib.received(name, Ribs.announce(attributes(random), prefixes(random)), Ribs.T0);
          }
        }
      }
      if (i % 100 == 0) {
        while (rib.hasWork()) {
          rib.work(Ribs.T0);
        }
        assertThat(budget.used())
            .isEqualTo(names.stream().mapToLong(each -> rib.received(each).bytes()).sum());
      }
    }
    // Half of them withdraw all they sent, the others go.
    for (String name : names) {
      if (random.nextBoolean() && rib.peers().contains(name)) {
        IntStream.range(0, 200)
            .forEach(n -> rib.received(name, Ribs.withdraw(prefix(n), ipv6(n)), Ribs.T0));
      } else {
        rib.peerDown(name, Ribs.T0);
      }
    }
    while (rib.hasWork()) {
      rib.work(Ribs.T0);
    }

    assertThat(budget.used()).isZero();
    names.forEach(name -> assertThat(rib.received(name).bytes()).isZero());
  }

  @Test
  void ofRoutesThatAreNotUsedNoMoreIsKeptThanThereIsRoomFor() {
    var budget = new RouteBudget(4 * MIB);
    var rib = new Rib(Ribs.SETTINGS, budget, Integer.MAX_VALUE, () -> {});
    rib.peerUp(peer("1", false), Ribs.T0);
    for (int i = 0; i < 20_000; i++) {
      rib.received("1", Ribs.announce(large(i), prefix(i)), Ribs.T0);
      assertThat(budget.used()).isLessThan(2 * MIB);
    }

    ReceivedRoutes received = rib.received("1");
    assertThat(received.prefixes()).isEqualTo(20_000);
    assertThat(received.withoutAttributes()).isTrue();
    assertThat(received.notKept()).isZero();
    List<Route> shown = Ribs.adjRibIn(rib, "1", IPV4);
    assertThat(shown).hasSize(20_000);
    assertThat(shown)
        .filteredOn(route -> route.selection() == Selection.REJECTED)
        .hasSizeGreaterThan(20)
        .allMatch(route -> route.attributes().communities().size() == 1000);
    assertThat(shown)
        .filteredOn(route -> route.selection() == Selection.NOT_KEPT)
        .allMatch(route -> route.attributes().isEmpty());

    for (int i = 20_000; i < 100_000; i++) {
      rib.received("1", Ribs.announce(large(i % 10), prefix(i)), Ribs.T0);
    }
    assertThat(budget.used()).isLessThan(2 * MIB + MIB / 8);
    assertThat(rib.received("1").notKept())
        .isEqualTo(100_000 - rib.received("1").prefixes())
        .isPositive();

    for (int i = 0; i < 100_000; i++) {
      rib.received("1", Ribs.withdraw(prefix(i)), Ribs.T0);
    }
    assertThat(budget.used()).isZero();
  }

  @Test
  void fivePeersTogetherGetNoMoreThanThereIs() {
    var budget = new RouteBudget(2 * MIB);
    var rib = new Rib(Ribs.SETTINGS, budget, Integer.MAX_VALUE, () -> {});
    for (int name = 1; name <= 5; name++) {
      rib.peerUp(peer("" + name, false), Ribs.T0);
    }
    for (int i = 0; i < 30_000; i++) {
      for (int name = 1; name <= 5; name++) {
        rib.received("" + name, Ribs.announce(large(i), prefix(i)), Ribs.T0);
      }
    }

    assertThat(budget.used()).isBetween(MIB, 2 * MIB + MIB / 8);
  }

  @Test
  void whatIsNotKeptIsNeverUsedWhateverThePolicyBecomes() {
    var budget = new RouteBudget(100_000);
    var rib = new Rib(Ribs.SETTINGS, budget, Integer.MAX_VALUE, () -> {});
    rib.peerUp(peer("1", false), Ribs.T0);
    for (int i = 0; i < 100; i++) {
      rib.received("1", Ribs.announce(large(i), prefix(i)), Ribs.T0);
    }
    rib.importPolicyChanged("1", true, false, Ribs.T0);

    assertThat(rib.received("1").complete()).isFalse();
    assertThat(rib.size(IPV4)).isZero();

    rib.askedAgain("1");
    for (int i = 0; i < 100; i++) {
      rib.received("1", Ribs.announce(large(i), prefix(i)), Ribs.T0);
    }
    assertThat(rib.size(IPV4)).isEqualTo(100);
    assertThat(rib.received("1").complete()).isTrue();
    assertThat(budget.isOver()).as("of routes that are used everything is kept").isTrue();
  }

  /** Attribute sets of every size, and many prefixes with few of them. */
  @ParameterizedTest
  @ValueSource(strings = {"large sets", "small sets", "prefixes"})
  void theCountIsWhatTheHeapSays(String what) {
    var budget = new RouteBudget(RouteBudget.UNLIMITED);
    var rib = new Rib(Ribs.SETTINGS, budget, Integer.MAX_VALUE, () -> {});
    rib.peerUp(peer("1", true), Ribs.T0);
    int count =
        switch (what) {
          case "large sets" -> 2_000;
          case "small sets" -> 60_000;
          default -> 300_000;
        };
    long before = live();
    var random = new Random(1);
    for (int i = 0; i < count; i++) {
      PathAttributes attributes =
          switch (what) {
            case "large sets" -> large(i);
            case "small sets" ->
                attributes(random)
                    .with(new PathAttribute.Med(i))
                    .with(AsPath.of(65001, 70_000 + i));
            default -> Ribs.attributes(AsPath.of(65001));
          };
      rib.received("1", Ribs.announce(attributes, prefix(i)), Ribs.T0);
    }
    long grown = live() - before;

    assertThat((double) budget.used()).isBetween(0.9 * grown, 1.5 * grown);
    assertThat(rib.receivedCount("1", IPV4)).isEqualTo(count);
  }

  private static PathAttributes large(int number) {
    List<Community> communities = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      communities.add(new Community((long) number << 12 | i));
    }
    return Ribs.attributes(AsPath.of(65001), new PathAttribute.Communities(communities));
  }

  private static PathAttributes attributes(Random random) {
    PathAttributes attributes = Ribs.attributes(AsPath.of(65001, 65100 + random.nextInt(5)));
    if (random.nextBoolean()) {
      attributes =
          attributes.with(
              new PathAttribute.LargeCommunities(
                  List.of(new LargeCommunity(65001, random.nextInt(5), 1))));
    }
    if (random.nextBoolean()) {
      attributes =
          attributes.with(
              new PathAttribute.ExtendedCommunities(
                  List.of(new ExtendedCommunity(random.nextInt(5)))));
    }
    if (random.nextInt(4) == 0) {
      attributes =
          attributes.with(
              new PathAttribute.Unknown(0xc0, 99, Bytes.of(new byte[random.nextInt(100)])));
    }
    if (random.nextInt(4) == 0) {
      attributes =
          attributes.with(
              new PathAttribute.Communities(List.of(Community.NO_LLGR, new Community(7))));
    }
    if (random.nextInt(4) == 0) {
      attributes =
          attributes.with(new PathAttribute.Aggregator(65001, Inet4Address.ofLiteral("10.0.0.1")));
    }
    return attributes;
  }

  private static Prefix[] prefixes(Random random) {
    return IntStream.range(0, 1 + random.nextInt(5))
        .map(_ -> random.nextInt(200))
        .distinct()
        .mapToObj(n -> random.nextBoolean() ? prefix(n) : ipv6(n))
        .distinct()
        .toArray(Prefix[]::new);
  }

  private static Prefix prefix(int number) {
    return Prefix.parse(
        "%d.%d.%d.0/24".formatted(20 + (number >> 16), number >> 8 & 0xff, number & 0xff));
  }

  private static Prefix ipv6(int number) {
    return Prefix.parse("2001:db8:%x::/48".formatted(number));
  }

  /** After as many collections as make a difference. */
  private static long live() {
    long used = Long.MAX_VALUE;
    for (int same = 0; same < 3; ) {
      System.gc();
      long now = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      same = now < used - 10_000 ? 0 : same + 1;
      used = Math.min(used, now);
    }
    return used;
  }
}
