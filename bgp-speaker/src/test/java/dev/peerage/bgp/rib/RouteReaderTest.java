package dev.peerage.bgp.rib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.PathAttribute;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.Update;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A table is read in order, in pieces, within bounds, and while it changes. */
class RouteReaderTest {
  private static final AddressFamily IPV4 = AddressFamily.IPV4_UNICAST;
  private static final ExportPolicy ALL = new ExportPolicy.All();
  private static final int MANY = 200_000;
  private static final int LIMIT = 4 << 20;

  private final Random random = new Random(4271);

  private static Prefix prefix(AddressFamily family, int number) {
    return switch (family) {
      case IPV4_UNICAST -> new Prefix(family, (0x0b00_0000L + 256L * number) << 32, 0, 24);
      case IPV6_UNICAST -> new Prefix(family, 0x2001_0db8_0000_0000L + number, 0, 64);
    };
  }

  /** What a reader of these bounds returns. */
  private static List<Route> read(RouteReader reader) {
    List<Route> routes = new ArrayList<>();
    while (!reader.isDone()) {
      routes.addAll(reader.next());
    }
    return routes;
  }

  @ParameterizedTest
  @EnumSource(AddressFamily.class)
  void theOrderIsThatOfThePrefixesWhateverTheBounds(AddressFamily family) {
    var rib =
        new LocRib(Ribs.SETTINGS, new RouteBudget(RouteBudget.UNLIMITED), (_, _, _, _, _) -> {});
    rib.up(Ribs.peer("a", 65001, "10.0.0.1", ALL));
    rib.up(Ribs.peer("b", 65002, "10.0.0.2", ALL));
    Set<Prefix> prefixes = new TreeSet<>();
    for (int i = 0; i < 300; i++) {
      Prefix prefix = new Prefix(family, random.nextLong(), 0, 8 + random.nextInt(24));
      prefixes.add(prefix);
      rib.received("a", Ribs.announce(Ribs.attributes(AsPath.of(65001)), prefix), 1);
      if (i % 3 == 0) {
        rib.received("b", Ribs.announce(Ribs.attributes(AsPath.of(65002, 9)), prefix), 1);
      }
    }
    for (int window : new int[] {1, 2, 7, 64, 299, 300, 1000}) {
      List<Route> routes =
          read(new RouteReader(rib.table(family, _ -> true), window, 1 + random.nextInt(50), 5));
      assertThat(routes)
          .isSortedAccordingTo(Comparator.comparing(Route::prefix).thenComparing(Route::selection));
      assertThat(routes.stream().map(Route::prefix).distinct()).containsExactlyElementsOf(prefixes);
      assertThat(
              read(new RouteReader(rib.table(family, path -> path.peer.equals("b")), window, 9, 5)))
          .isEqualTo(routes.stream().filter(route -> route.peer().equals("b")).toList());
    }
  }

  /** Changes between the pieces: what stays is there once, nothing is there twice. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatStaysIsReadOnceWhileAllElseChanges(int seed) {
    var changes = new Random(seed);
    var rib = new Rib(Ribs.SETTINGS, 16, () -> {});
    rib.peerUp(Ribs.peer("a", 65001, "10.0.0.1", ALL), Ribs.T0);
    rib.peerUp(Ribs.peer("told", 65002, "10.0.0.2", ALL), Ribs.T0);
    // One in three stays, from the first to the last.
    Set<Prefix> staying = new TreeSet<>();
    for (int i = 0; i < 3_000; i++) {
      rib.received("a", update(changes, i), Ribs.T0);
      if (i % 3 == 0) {
        staying.add(prefix(IPV4, i));
      }
    }
    tell(rib);
    List<Read> all =
        List.of(
            new Read("loc-rib", rib.readLocRib(IPV4), new ArrayList<>()),
            new Read("in", rib.readAdjRibIn("a", IPV4), new ArrayList<>()),
            new Read("out", rib.readAdjRibOut("told", IPV4), new ArrayList<>()));
    while (all.stream().anyMatch(each -> !each.reader.isDone())) {
      for (Read each : all) {
        if (!each.reader.isDone()) {
          each.reader.next().forEach(route -> each.prefixes.add(route.prefix()));
        }
      }
      for (int n = 0; n < 40; n++) {
        int i = changes.nextInt(3_000);
        boolean gone = i % 3 != 0 && changes.nextBoolean();
        rib.received("a", gone ? Ribs.withdraw(prefix(IPV4, i)) : update(changes, i), Ribs.T0);
      }
      tell(rib);
    }
    for (Read each : all) {
      assertThat(each.prefixes).as(each.table).isSorted().doesNotHaveDuplicates();
      assertThat(each.prefixes).as(each.table).containsAll(staying);
    }
  }

  /** Until the peer knows all. */
  private static void tell(Rib rib) {
    while (rib.hasPending("told")) {
      Ribs.drain(rib, "told", Ribs.T0);
      rib.work(Ribs.T0);
    }
  }

  private record Read(String table, RouteReader reader, List<Prefix> prefixes) {}

  private static Update update(Random random, int i) {
    return Ribs.announce(
        Ribs.attributes(AsPath.of(65001), new PathAttribute.Med(random.nextInt(5))),
        prefix(IPV4, i));
  }

  /**
   * However large the table is, no step makes more than some routes, nor takes more memory than
   * they and the window need: so nothing else can be held from one step to the next.
   */
  @Test
  void aStepTakesABoundedAmountOfMemory() {
    var rib = new Rib(Ribs.SETTINGS, 8_192, () -> {});
    rib.peerUp(Ribs.peer("a", 65001, "10.0.0.1", ALL), Ribs.T0);
    rib.peerUp(Ribs.peer("told", 65002, "10.0.0.2", ALL), Ribs.T0);
    List<Prefix> prefixes =
        new ArrayList<>(IntStream.range(0, MANY).mapToObj(i -> prefix(IPV4, i)).toList());
    Collections.shuffle(prefixes, random);
    for (int from = 0; from < MANY; from += 500) {
      rib.received(
          "a",
          Ribs.announce(
              Ribs.attributes(AsPath.of(65001), new PathAttribute.Med(from)),
              prefixes.subList(from, from + 500).toArray(Prefix[]::new)),
          Ribs.T0);
    }
    tell(rib);
    for (RouteReader reader :
        List.of(
            rib.readLocRib(IPV4), rib.readAdjRibIn("a", IPV4), rib.readAdjRibOut("told", IPV4))) {
      int read = 0;
      while (!reader.isDone()) {
        long before = allocated();
        List<Route> piece = reader.next();
        assertThat(allocated() - before).isLessThan(LIMIT);
        assertThat(piece).hasSizeLessThanOrEqualTo(1_024);
        read += piece.size();
      }
      assertThat(read).isEqualTo(MANY);
    }
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  @Test
  void aPeerThatGoesLeavesNothingMoreToRead() {
    var rib = new Rib(Ribs.SETTINGS);
    assertThat(read(rib.readAdjRibIn("a", IPV4))).isEmpty();
    assertThat(read(rib.readAdjRibOut("a", IPV4))).isEmpty();
    rib.originate(PrefixSet.of(prefix(IPV4, 7)), Ribs.T0);
    rib.peerUp(Ribs.peer("a", 65001, "10.0.0.1", ALL), Ribs.T0);
    rib.received(
        "a",
        new Update(
            PrefixList.empty(IPV4),
            Ribs.attributes(AsPath.of(65001), Origin.IGP),
            PrefixList.of(prefix(IPV4, 8))),
        Ribs.T0);
    Ribs.drain(rib, "a", Ribs.T0);
    RouteReader in = rib.readAdjRibIn("a", IPV4);
    RouteReader out = rib.readAdjRibOut("a", IPV4);
    in.next();
    out.next();
    rib.peerDown("a", Ribs.T0);
    assertThat(read(in)).isEmpty();
    assertThat(read(out)).isEmpty();
  }
}
