package dev.peerage.bgp.rib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.ExportProbe;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.Prefix;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * After any sequence of events, the loc-rib is what the decision process makes of the model's
 * routes, and what the incremental RIB told its peers is what a RIB would tell them that got only
 * the final state; and no difference is told twice.
 */
class RibModelTest {
  private static void checkLocRib(Rib rib, RibModel model, String where) {
    Map<Prefix, String> bests = model.bests();
    Map<Prefix, String> found = new HashMap<>();
    for (AddressFamily family : AddressFamily.values()) {
      int before = found.size();
      Ribs.locRib(rib, family).stream()
          .filter(route -> route.selection() == Selection.BEST)
          .forEach(route -> found.put(route.prefix(), route.peer()));
      assertThat(rib.size(family)).as(where).isEqualTo(found.size() - before);
    }
    assertThat(found).as(where).isEqualTo(bests);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void tellsWhatAFreshRibWouldTell(long seed) {
    tellsWhatAFreshRibWouldTell(new Rib(Ribs.SETTINGS), seed, false, true);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void tellsPeersThatShareATableWhatAFreshRibWouldTell(long seed) {
    int largestGroup = tellsWhatAFreshRibWouldTell(new Rib(Ribs.SETTINGS), seed, true, false);
    assertThat(largestGroup).isGreaterThan(1);
  }

  /** So few prefixes at a time that most of what happens, happens in the middle of something. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void tellsTheSameWhateverHappensBetweenTwoSlices(long seed) {
    Rib rib = new Rib(Ribs.SETTINGS, 8, () -> {});
    tellsWhatAFreshRibWouldTell(rib, seed, seed % 2 == 0, false);
  }

  /** Returns the size of the largest update group. */
  private static int tellsWhatAFreshRibWouldTell(
      Rib rib, long seed, boolean shared, boolean exact) {
    RibModel model = new RibModel(rib, seed, shared, exact);
    int largestGroup = 0;
    int checked = 0;
    for (int step = 0; step < 3_000; step++) {
      model.event(Ribs.T0.plusSeconds(step));
      for (String name : model.peers()) {
        largestGroup = Math.max(largestGroup, ExportProbe.groupSize(rib.outbox(name)));
      }
      if (step % 10 == 0) {
        String where = "seed " + seed + ", step " + step;
        model.finish();
        checkLocRib(rib, model, where);
        Rib fresh = model.fresh();
        for (String name : model.senders()) {
          for (AddressFamily family : AddressFamily.values()) {
            assertThat(rib.receivedCount(name, family))
                .as(where)
                .isEqualTo(fresh.receivedCount(name, family));
            assertThat(rib.acceptedCount(name, family))
                .as(where)
                .isEqualTo(fresh.acceptedCount(name, family));
          }
        }
        assertThat(rib.peers()).as(where).containsExactlyElementsOf(model.peers());
        for (String name : model.peers()) {
          Map<Prefix, PathAttributes> expected = new HashMap<>();
          Ribs.apply(Ribs.drain(fresh, name, Ribs.T0), expected, true);
          model.drain(name);
          assertThat(model.told(name)).as("%s, %s", where, name).isEqualTo(expected);
          assertThat(Ribs.advertised(rib, name)).isEqualTo(model.told(name));
          assertThat(Ribs.drain(rib, name, Ribs.T0).isEmpty()).isTrue();
          checked += expected.size();
        }
      }
    }
    assertThat(checked).as("routes compared").isGreaterThan(1_000);
    return largestGroup;
  }

  @Test
  void groupsAllPrefixesOfAnAttributeSetInOneAnnouncement() {
    Set<Prefix> prefixes = new HashSet<>();
    for (int i = 0; i < 20_000; i += 2) {
      prefixes.add(RibModel.prefix(i));
    }
    Rib rib = new Rib(Ribs.SETTINGS);
    rib.originate(PrefixSet.of(prefixes), Ribs.T0);
    rib.peerUp(Ribs.peer("a", 65001, "10.0.1.1", new ExportPolicy.All()), Ribs.T0);
    assertThat(Ribs.drain(rib, "a", Ribs.T0).announcements())
        .singleElement()
        .satisfies(each -> assertThat(each.prefixes().size()).isEqualTo(10_000));
  }

  @Test
  void sharesOneAttributeSetAmongThePrefixesOfAPeer() {
    LocRib locRib =
        new LocRib(Ribs.SETTINGS, new RouteBudget(RouteBudget.UNLIMITED), (_, _, _, _, _) -> {});
    locRib.up(Ribs.peer("a", 65001, "10.0.1.1", new ExportPolicy.All()));
    AdjRibIn in = locRib.peer("a");
    for (int i = 0; i < 100; i++) {
      PathAttributes attributes = Ribs.attributes(AsPath.of(65001, 1 + i % 2));
      locRib.received("a", Ribs.announce(attributes, RibModel.prefix(i)), 0);
    }
    assertThat(in.distinctPaths()).isEqualTo(2);
    for (int i = 0; i < 100; i++) {
      locRib.received("a", Ribs.withdraw(RibModel.prefix(i)), 0);
    }
    assertThat(in.distinctPaths()).isZero();
  }
}
