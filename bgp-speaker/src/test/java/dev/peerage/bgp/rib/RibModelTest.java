package dev.peerage.bgp.rib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.ExportProbe;
import dev.peerage.bgp.export.ExportStatement;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.PathAttribute;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * After any sequence of events, the loc-rib is what the decision process makes of the model's
 * routes, and what the incremental RIB told its peers is what a RIB would tell them that got only
 * the final state; and no difference is told twice.
 */
class RibModelTest {
  private static final int PREFIXES = 40;
  private static final List<String> NAMES = List.of("a", "b", "c", "d");

  private final Random random = new Random(1);
  private Rib rib = new Rib(Ribs.SETTINGS);
  private Set<Prefix> originated = Set.of();

  private final List<ExportPolicy> policies = new ArrayList<>();

  /** Whether equal peers are told from one table. */
  private boolean shared;

  /** Whether every change that a peer hears of must be one. */
  private boolean exact = true;

  private int largestGroup;

  /** Up, or away with stale routes. */
  private final Map<String, Sender> senders = new TreeMap<>();

  /** Of the peers that are up. */
  private final Map<String, Map<Prefix, PathAttributes>> told = new TreeMap<>();

  /** What the model knows of a peer. */
  private static final class Sender {
    RibPeer facts;
    final Map<Prefix, PathAttributes> routes = new HashMap<>();
    final Set<Prefix> stale = new HashSet<>();

    Sender(RibPeer facts) {
      this.facts = facts;
    }

    void drop(Predicate<Prefix> which) {
      routes.keySet().removeIf(which);
      stale.removeIf(which);
    }
  }

  private Map<Prefix, PathAttributes> told(String name) {
    return Objects.requireNonNull(told.get(name));
  }

  private Prefix prefix() {
    return prefix(random.nextInt(PREFIXES));
  }

  /** Every other one is IPv6. */
  private static Prefix prefix(int number) {
    return number % 2 == 0
        ? new Prefix(AddressFamily.IPV4_UNICAST, (0x0a000000L + number) << 32, 0, 32)
        : new Prefix(AddressFamily.IPV6_UNICAST, 0xfd00_0000_0000_0000L, number, 128);
  }

  private Set<Prefix> prefixes() {
    Set<Prefix> prefixes = new HashSet<>();
    for (int i = random.nextInt(PREFIXES); i > 0; i--) {
      prefixes.add(prefix());
    }
    return prefixes;
  }

  private AddressFamily family() {
    return AddressFamily.values()[random.nextInt(2)];
  }

  private Set<AddressFamily> families() {
    Set<AddressFamily> families = EnumSet.noneOf(AddressFamily.class);
    for (AddressFamily family : AddressFamily.values()) {
      if (random.nextInt(3) > 0) {
        families.add(family);
      }
    }
    return families;
  }

  private RibPeer peer(
      String name, long asn, String address, String id, ExportPolicy policy, boolean imports) {
    RibPeer peer = Ribs.peer(name, asn, address, id, policy, imports);
    return shared ? peer : Ribs.from("192.168.1." + NAMES.indexOf(name), peer);
  }

  private ExportPolicy policy() {
    if (policies.size() < 2 || !shared) {
      policies.add(anyPolicy());
      return policies.getLast();
    }
    if (random.nextInt(6) == 0) {
      policies.set(random.nextInt(2), anyPolicy());
    }
    return policies.get(random.nextInt(2));
  }

  private ExportPolicy anyPolicy() {
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

  private PathAttributes attributes(long asn) {
    long first = random.nextInt(9) == 0 ? 65009 : asn == 65000 ? 65002 : asn;
    AsPath path =
        switch (random.nextInt(4)) {
          case 0 -> AsPath.of(first, 65000); // a loop
          case 1 -> AsPath.of(first, 65003);
          default -> AsPath.of(first);
        };
    PathAttributes attributes =
        Ribs.attributes(
            path,
            new PathAttribute.Med(random.nextInt(3)),
            random.nextBoolean() ? Origin.IGP : Origin.EGP);
    return switch (random.nextInt(8)) {
      case 0 -> attributes.with(new PathAttribute.Communities(List.of(Path.NO_LLGR)));
      case 1 -> attributes.with(new PathAttribute.Communities(List.of(Path.LLGR_STALE)));
      case 2 -> attributes.with(new PathAttribute.LocalPref(99 + random.nextInt(3)));
      default -> attributes;
    };
  }

  private void event(Instant now) {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    Optional<Sender> sender = Optional.ofNullable(senders.get(name));
    boolean up = told.containsKey(name);
    AddressFamily family = family();
    switch (random.nextInt(19)) {
      case 0 -> {
        originated = prefixes();
        rib.originate(PrefixSet.of(originated), now);
      }
      case 1, 2 -> up(name, now);
      case 3 -> {
        rib.peerDown(name, now);
        senders.remove(name);
        told.remove(name);
      }
      case 4 -> {
        if (up) {
          rib.exportPolicyChanged(name, policyOf(sender.orElseThrow()));
        }
      }
      case 5 -> {
        Set<AddressFamily> kept = families();
        Set<AddressFamily> older = families();
        rib.peerStale(name, kept, older, now);
        told.remove(name);
        sender.ifPresent(each -> {
          each.drop(prefix ->
              !kept.contains(prefix.family())
                  || (each.stale.contains(prefix) && !older.contains(prefix.family())));
          each.stale.addAll(each.routes.keySet());
        });
      }
      case 6 -> {
        Set<AddressFamily> kept = families();
        rib.retainStale(name, kept, now);
        sender.ifPresent(each ->
            each.drop(prefix -> each.stale.contains(prefix) && !kept.contains(prefix.family())));
      }
      case 7 -> {
        rib.purgeStale(name, family, now);
        sender.ifPresent(
            each -> each.drop(prefix -> each.stale.contains(prefix) && prefix.family() == family));
      }
      case 8 -> {
        if (up) {
          rib.markStale(name, family, now);
          Sender each = sender.orElseThrow();
          each.routes.keySet().stream()
              .filter(prefix -> prefix.family() == family)
              .forEach(each.stale::add);
        }
      }
      case 9 -> {
        rib.longLived(name, family, now);
        sender.ifPresent(each -> longLived(each, family));
      }
      case 10 -> {
        boolean accept = random.nextBoolean();
        boolean routeServer = random.nextBoolean();
        rib.importPolicyChanged(name, accept, routeServer, now);
        sender.ifPresent(each -> each.facts = each.facts.withImport(accept, routeServer));
      }
      case 11, 12, 13, 14 -> {
        if (up) {
          Sender to = sender.orElseThrow();
          PathAttributes attributes = attributes(to.facts.asn());
          Set<Prefix> prefixes = prefixes();
          rib.received(name, Ribs.announce(attributes, prefixes.toArray(Prefix[]::new)), now);
          prefixes.forEach(each -> to.routes.put(each, attributes));
          to.stale.removeAll(prefixes);
        }
      }
      case 15 -> {
        if (up) {
          Set<Prefix> prefixes = prefixes();
          rib.received(name, Ribs.withdraw(prefixes.toArray(Prefix[]::new)), now);
          sender.orElseThrow().drop(prefixes::contains);
        }
      }
      case 16 -> {
        if (up && shared) {
          rib.refresh(name, family);
        }
      }
      default -> {
        if (up) {
          Ribs.apply(Ribs.drain(rib, name, now), told(name), exact);
        }
      }
    }
    if (random.nextInt(4) > 0) {
      rib.work(now);
    }
    sender
        .filter(each -> each.routes.isEmpty() && !told.containsKey(name))
        .ifPresent(_ -> senders.remove(name));
  }

  private void up(String name, Instant now) {
    int number = NAMES.indexOf(name);
    RibPeer facts =
        peer(
            name,
            65000 + number % 3,
            "10.0.1." + number,
            "10.0.1." + (number + random.nextInt(2) * 4),
            policy(),
            random.nextInt(4) > 0);
    if (told.containsKey(name)) {
      senders.remove(name);
    }
    rib.peerUp(facts, now);
    senders.computeIfAbsent(name, _ -> new Sender(facts)).facts = facts;
    told.put(name, new HashMap<>());
  }

  private ExportPolicy policyOf(Sender sender) {
    RibPeer facts = sender.facts;
    sender.facts =
        peer(
                facts.name(),
                facts.asn(),
                facts.address().getHostAddress(),
                facts.bgpIdentifier().getHostAddress(),
                policy(),
                facts.importRoutes())
            .withImport(facts.importRoutes(), facts.routeServer());
    return sender.facts.exportPolicy();
  }

  private static void longLived(Sender sender, AddressFamily family) {
    for (Prefix prefix : Set.copyOf(sender.stale)) {
      PathAttributes attributes = Objects.requireNonNull(sender.routes.get(prefix));
      List<Community> communities = new ArrayList<>(attributes.communities());
      if (prefix.family() != family) {
        continue;
      }
      if (communities.contains(Path.NO_LLGR)) {
        sender.drop(prefix::equals);
      } else if (!communities.contains(Path.LLGR_STALE)) {
        communities.add(Path.LLGR_STALE);
        sender.routes.put(prefix, attributes.with(new PathAttribute.Communities(communities)));
      }
    }
  }

  /** A RIB that learns the present state in one go. */
  private Rib fresh() {
    Rib fresh = new Rib(Ribs.SETTINGS);
    fresh.originate(PrefixSet.of(originated), Ribs.T0);
    senders.values().forEach(each -> fresh.peerUp(each.facts, Ribs.T0));
    senders.forEach((name, sender) ->
        sender.routes.forEach((prefix, attributes) ->
            fresh.received(name, Ribs.announce(attributes, prefix), Ribs.T0)));
    return fresh;
  }

  /** By prefix the peer of the best path, as the model and {@link Decisions} see it. */
  private Map<Prefix, String> bests() {
    Map<Prefix, List<Path>> candidates = new HashMap<>();
    originated.forEach(
        prefix -> candidates.computeIfAbsent(prefix, _ -> new ArrayList<>()).add(Path.LOCAL));
    senders.forEach((_, sender) ->
        sender.routes.forEach((prefix, attributes) -> {
          Path path = Path.received(sender.facts, attributes, Ribs.SETTINGS, new HashMap<>());
          if (path.accepted) {
            candidates.computeIfAbsent(prefix, _ -> new ArrayList<>()).add(path);
          }
        }));
    Map<Prefix, String> bests = new HashMap<>();
    candidates.forEach((prefix, paths) -> bests.put(prefix, Decisions.best(paths).peer));
    return bests;
  }

  private void checkLocRib(String where) {
    Map<Prefix, String> bests = bests();
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
    tellsWhatAFreshRibWouldTell(seed, false);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void tellsPeersThatShareATableWhatAFreshRibWouldTell(long seed) {
    tellsWhatAFreshRibWouldTell(seed, true);
    assertThat(largestGroup).isGreaterThan(1);
  }

  /** So few prefixes at a time that most of what happens, happens in the middle of something. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void tellsTheSameWhateverHappensBetweenTwoSlices(long seed) {
    rib = new Rib(Ribs.SETTINGS, 8, () -> {});
    exact = false;
    tellsWhatAFreshRibWouldTell(seed, seed % 2 == 0);
  }

  private void finish() {
    while (rib.hasWork()) {
      rib.work(Ribs.T0);
    }
  }

  private void drain(String name) {
    Ribs.apply(Ribs.drain(rib, name, Ribs.T0), told(name), exact);
    while (rib.hasWork()) {
      rib.work(Ribs.T0);
      Ribs.apply(Ribs.drain(rib, name, Ribs.T0), told(name), exact);
    }
  }

  private void tellsWhatAFreshRibWouldTell(long seed, boolean sharing) {
    random.setSeed(seed);
    shared = sharing;
    exact &= !shared;
    int checked = 0;
    for (int step = 0; step < 3_000; step++) {
      event(Ribs.T0.plusSeconds(step));
      for (String name : told.keySet()) {
        largestGroup = Math.max(largestGroup, ExportProbe.groupSize(rib.outbox(name)));
      }
      if (step % 10 == 0) {
        String where = "seed " + seed + ", step " + step;
        finish();
        checkLocRib(where);
        Rib fresh = fresh();
        for (String name : senders.keySet()) {
          for (AddressFamily family : AddressFamily.values()) {
            assertThat(rib.receivedCount(name, family))
                .as(where)
                .isEqualTo(fresh.receivedCount(name, family));
            assertThat(rib.acceptedCount(name, family))
                .as(where)
                .isEqualTo(fresh.acceptedCount(name, family));
          }
        }
        assertThat(rib.peers()).as(where).containsExactlyElementsOf(told.keySet());
        for (String name : told.keySet()) {
          Map<Prefix, PathAttributes> expected = new HashMap<>();
          Ribs.apply(Ribs.drain(fresh, name, Ribs.T0), expected, true);
          drain(name);
          assertThat(told(name)).as("%s, %s", where, name).isEqualTo(expected);
          assertThat(Ribs.advertised(rib, name)).isEqualTo(told(name));
          assertThat(Ribs.drain(rib, name, Ribs.T0).isEmpty()).isTrue();
          checked += expected.size();
        }
      }
    }
    assertThat(checked).as("routes compared").isGreaterThan(1_000);
  }

  @Test
  void groupsAllPrefixesOfAnAttributeSetInOneAnnouncement() {
    Set<Prefix> prefixes = new HashSet<>();
    for (int i = 0; i < 20_000; i += 2) {
      prefixes.add(prefix(i));
    }
    rib.originate(PrefixSet.of(prefixes), Ribs.T0);
    rib.peerUp(Ribs.peer("a", 65001, "10.0.1.1", new ExportPolicy.All()), Ribs.T0);
    assertThat(Ribs.drain(rib, "a", Ribs.T0).announcements())
        .singleElement()
        .satisfies(each -> assertThat(each.prefixes().size()).isEqualTo(10_000));
  }

  @Test
  void sharesOneAttributeSetAmongThePrefixesOfAPeer() {
    LocRib locRib = new LocRib(Ribs.SETTINGS, (_, _, _, _, _) -> {});
    locRib.up(Ribs.peer("a", 65001, "10.0.1.1", new ExportPolicy.All()));
    AdjRibIn in = locRib.peer("a");
    for (int i = 0; i < 100; i++) {
      PathAttributes attributes = Ribs.attributes(AsPath.of(65001, 1 + i % 2));
      locRib.received("a", Ribs.announce(attributes, prefix(i)), 0);
    }
    assertThat(in.distinctPaths()).isEqualTo(2);
    for (int i = 0; i < 100; i++) {
      locRib.received("a", Ribs.withdraw(prefix(i)), 0);
    }
    assertThat(in.distinctPaths()).isZero();
  }
}
