package dev.peerage.bgp.rib;

import dev.peerage.bgp.export.ExportPolicy;
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

/** What a RIB should hold after a sequence of random events, and what its peers were told. */
final class RibModel {
  private static final int PREFIXES = 40;
  private static final List<String> NAMES = List.of("a", "b", "c", "d");

  private final Random random = new Random();
  private final Rib rib;
  private Set<Prefix> originated = Set.of();

  private final List<ExportPolicy> policies = new ArrayList<>();

  /** Whether equal peers are told from one table. */
  private final boolean shared;

  /** Whether every change that a peer hears of must be one. */
  private final boolean exact;

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

  /** Without peers and routes. */
  RibModel(Rib rib, long seed, boolean shared, boolean exact) {
    this.rib = rib;
    this.shared = shared;
    this.exact = exact;
    random.setSeed(seed);
  }

  /** The peers that are up or away with stale routes, sorted. */
  Set<String> senders() {
    return senders.keySet();
  }

  /** The peers that are up, sorted. */
  Set<String> peers() {
    return told.keySet();
  }

  /** What a peer that is up was told. */
  Map<Prefix, PathAttributes> told(String name) {
    return Objects.requireNonNull(told.get(name));
  }

  private Prefix prefix() {
    return prefix(random.nextInt(PREFIXES));
  }

  /** Every other one is IPv6. */
  static Prefix prefix(int number) {
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
      case 0 -> attributes.with(new PathAttribute.Communities(List.of(Community.NO_LLGR)));
      case 1 -> attributes.with(new PathAttribute.Communities(List.of(Community.LLGR_STALE)));
      case 2 -> attributes.with(new PathAttribute.LocalPref(99 + random.nextInt(3)));
      default -> attributes;
    };
  }

  /** Any event, at the RIB and in the model. */
  void event(Instant now) {
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
      if (communities.contains(Community.NO_LLGR)) {
        sender.drop(prefix::equals);
      } else if (!communities.contains(Community.LLGR_STALE)) {
        communities.add(Community.LLGR_STALE);
        sender.routes.put(prefix, attributes.with(new PathAttribute.Communities(communities)));
      }
    }
  }

  /** A RIB that learns the present state in one go. */
  Rib fresh() {
    Rib fresh = new Rib(Ribs.SETTINGS);
    fresh.originate(PrefixSet.of(originated), Ribs.T0);
    senders.values().forEach(each -> fresh.peerUp(each.facts, Ribs.T0));
    senders.forEach((name, sender) ->
        sender.routes.forEach((prefix, attributes) ->
            fresh.received(name, Ribs.announce(attributes, prefix), Ribs.T0)));
    return fresh;
  }

  /** By prefix the peer of the best path, as the model and {@link Decisions} see it. */
  Map<Prefix, String> bests() {
    Map<Prefix, List<Path>> candidates = new HashMap<>();
    originated.forEach(
        prefix -> candidates.computeIfAbsent(prefix, _ -> new ArrayList<>()).add(Path.LOCAL));
    senders.forEach((_, sender) ->
        sender.routes.forEach((prefix, attributes) -> {
          Path path =
              Path.received(
                  sender.facts, attributes, Ribs.SETTINGS, new PathSet(new PathSet.Bytes()));
          if (path.accepted) {
            candidates.computeIfAbsent(prefix, _ -> new ArrayList<>()).add(path);
          }
        }));
    Map<Prefix, String> bests = new HashMap<>();
    candidates.forEach((prefix, paths) -> bests.put(prefix, Decisions.best(paths).peer));
    return bests;
  }

  /** Does all work. */
  void finish() {
    while (rib.hasWork()) {
      rib.work(Ribs.T0);
    }
  }

  /** Tells a peer all that it has to be told. */
  void drain(String name) {
    Ribs.apply(Ribs.drain(rib, name, Ribs.T0), told(name), exact);
    while (rib.hasWork()) {
      rib.work(Ribs.T0);
      Ribs.apply(Ribs.drain(rib, name, Ribs.T0), told(name), exact);
    }
  }
}
