package dev.peerage.bgp.rib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.PathAttribute;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * After any sequence of events, what the incremental RIB told its peers is what a RIB would tell
 * them that got only the final state; and no difference is told twice.
 */
class RibModelTest {
  private static final int PREFIXES = 40;
  private static final List<String> NAMES = List.of("a", "b", "c", "d");

  private final Random random = new Random(1);
  private final Rib rib = new Rib(Ribs.SETTINGS);
  private Set<Prefix> originated = Set.of();
  private final Map<String, RibPeer> up = new TreeMap<>();
  private final Map<String, Map<Prefix, PathAttributes>> sent = new TreeMap<>();
  private final Map<String, Map<Prefix, PathAttributes>> told = new TreeMap<>();

  private static Map<Prefix, PathAttributes> of(
      Map<String, Map<Prefix, PathAttributes>> all, String name) {
    return Objects.requireNonNull(all.get(name));
  }

  private Prefix prefix() {
    return prefix(random.nextInt(PREFIXES));
  }

  private static Prefix prefix(int number) {
    return new Prefix(AddressFamily.IPV4_UNICAST, (0x0a000000L + number) << 32, 0, 32);
  }

  private Set<Prefix> prefixes() {
    Set<Prefix> prefixes = new HashSet<>();
    for (int i = random.nextInt(PREFIXES); i > 0; i--) {
      prefixes.add(prefix());
    }
    return prefixes;
  }

  private ExportPolicy policy() {
    if (random.nextInt(3) == 0) {
      return new ExportPolicy.All();
    }
    List<ExportStatement> statements = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      statements.add(
          new ExportStatement(
              "s" + i,
              PrefixSet.of(prefixes()),
              new ExportStatement.Attributes(random.nextInt(3), List.of(), List.of())));
    }
    return new ExportPolicy.Statements("p", statements);
  }

  private PathAttributes attributes() {
    AsPath path =
        switch (random.nextInt(4)) {
          case 0 -> AsPath.of(65001, 65000); // a loop
          case 1 -> AsPath.of(65001);
          case 2 -> AsPath.of(65002, 65003);
          default -> AsPath.of(65002);
        };
    return Ribs.attributes(
        path,
        new PathAttribute.Med(random.nextInt(3)),
        random.nextBoolean() ? Origin.IGP : Origin.EGP);
  }

  private void event(Instant now) {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    int number = NAMES.indexOf(name);
    switch (random.nextInt(10)) {
      case 0 -> {
        originated = prefixes();
        rib.originate(PrefixSet.of(originated), now);
      }
      case 1 -> {
        RibPeer peer =
            Ribs.peer(
                name,
                65000 + number % 3,
                "10.0.1." + number,
                "10.0.1." + number,
                policy(),
                random.nextInt(4) > 0);
        rib.peerUp(peer, now);
        up.put(name, peer);
        sent.put(name, new HashMap<>());
        told.put(name, new HashMap<>());
      }
      case 2 -> {
        rib.peerDown(name, now);
        up.remove(name);
        sent.remove(name);
        told.remove(name);
      }
      case 3 -> {
        if (up.containsKey(name)) {
          RibPeer peer = up.get(name);
          ExportPolicy policy = policy();
          rib.exportPolicyChanged(name, policy);
          up.put(
              name,
              Ribs.peer(
                  name,
                  peer.asn(),
                  peer.address().getHostAddress(),
                  peer.bgpIdentifier().getHostAddress(),
                  policy,
                  peer.importRoutes()));
        }
      }
      case 4, 5, 6 -> {
        if (up.containsKey(name)) {
          PathAttributes attributes = attributes();
          Set<Prefix> prefixes = prefixes();
          rib.received(name, Ribs.announce(attributes, prefixes.toArray(Prefix[]::new)), now);
          prefixes.forEach(each -> of(sent, name).put(each, attributes));
        }
      }
      case 7 -> {
        if (up.containsKey(name)) {
          Set<Prefix> prefixes = prefixes();
          rib.received(name, Ribs.withdraw(prefixes.toArray(Prefix[]::new)), now);
          of(sent, name).keySet().removeAll(prefixes);
        }
      }
      default -> {
        if (up.containsKey(name)) {
          Ribs.apply(rib.drain(name, now), of(told, name));
        }
      }
    }
  }

  /** A RIB that learns the present state in one go. */
  private Rib fresh() {
    Rib fresh = new Rib(Ribs.SETTINGS);
    up.values().forEach(peer -> fresh.peerUp(peer, Ribs.T0));
    sent.forEach((name, routes) ->
        routes.forEach((prefix, attributes) ->
            fresh.received(name, Ribs.announce(attributes, prefix), Ribs.T0)));
    fresh.originate(PrefixSet.of(originated), Ribs.T0);
    return fresh;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void tellsWhatAFreshRibWouldTell(long seed) {
    random.setSeed(seed);
    int checked = 0;
    for (int step = 0; step < 2_000; step++) {
      event(Ribs.T0.plusSeconds(step));
      if (step % 10 == 0) {
        Rib fresh = fresh();
        for (String name : up.keySet()) {
          Map<Prefix, PathAttributes> expected = new HashMap<>();
          Ribs.apply(fresh.drain(name, Ribs.T0), expected);
          Ribs.apply(rib.drain(name, Ribs.T0), of(told, name));
          assertThat(of(told, name))
              .as("seed %d, step %d, %s", seed, step, name)
              .isEqualTo(expected);
          assertThat(Ribs.advertised(rib, name)).isEqualTo(of(told, name));
          assertThat(rib.drain(name, Ribs.T0).isEmpty()).isTrue();
          assertThat(rib.acceptedCount(name, AddressFamily.IPV4_UNICAST))
              .isEqualTo(fresh.acceptedCount(name, AddressFamily.IPV4_UNICAST));
          checked += expected.size();
        }
      }
    }
    assertThat(checked).as("routes compared").isGreaterThan(1_000);
  }

  @Test
  void groupsAllPrefixesOfAnAttributeSetInOneAnnouncement() {
    Set<Prefix> prefixes = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      prefixes.add(prefix(i));
    }
    rib.originate(PrefixSet.of(prefixes), Ribs.T0);
    rib.peerUp(Ribs.peer("a", 65001, "10.0.1.1", new ExportPolicy.All()), Ribs.T0);
    assertThat(rib.drain("a", Ribs.T0).announcements())
        .singleElement()
        .satisfies(each -> assertThat(each.prefixes().size()).isEqualTo(10_000));
  }

  @Test
  void sharesOneAttributeSetAmongThePrefixesOfAnUpdate() {
    AdjRibIn in =
        new AdjRibIn(Ribs.peer("a", 65001, "10.0.1.1", new ExportPolicy.All()), Ribs.SETTINGS);
    for (int i = 0; i < 100; i++) {
      Path path = in.path(Ribs.attributes(AsPath.of(65001, 1 + i % 2)));
      in.put(AddressFamily.IPV4_UNICAST, (0x0a000000L + i) << 32, 0, 32, path, 0);
    }
    assertThat(in.distinctPaths()).isEqualTo(2);
    for (int i = 0; i < 100; i++) {
      in.remove(AddressFamily.IPV4_UNICAST, (0x0a000000L + i) << 32, 0, 32);
    }
    assertThat(in.distinctPaths()).isZero();
  }
}
