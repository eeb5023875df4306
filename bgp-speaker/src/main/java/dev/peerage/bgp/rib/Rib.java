package dev.peerage.bgp.rib;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.Update;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The routing information bases of one instance (RFC 4271 section 3.2): adj-rib-in and adj-rib-out
 * per peer, and the loc-rib between them. A changed prefix costs work for this prefix only. No
 * clock and no threads: time comes with the calls, which must all come from one thread.
 *
 * <p>Methods that name a peer throw {@link IllegalArgumentException} when it is not up.
 */
public final class Rib {
  private final RibSettings settings;
  private final Map<String, Peer> peers = new TreeMap<>();
  private final Map<AddressFamily, PrefixTable<Path>> local = tables();
  private final Map<AddressFamily, PrefixTable<Path>> best = tables();
  private final List<Path> candidates = new ArrayList<>();

  private Set<Prefix> originated = Set.of();

  /** Without routes and peers. */
  public Rib(RibSettings settings) {
    this.settings = settings;
  }

  private record Peer(RibPeer facts, AdjRibIn in, AdjRibOut out) {}

  private static Map<AddressFamily, PrefixTable<Path>> tables() {
    Map<AddressFamily, PrefixTable<Path>> tables = new EnumMap<>(AddressFamily.class);
    for (AddressFamily family : AddressFamily.values()) {
      tables.put(family, new PrefixTable<>(family));
    }
    return tables;
  }

  private static <V> PrefixTable<V> of(
      Map<AddressFamily, PrefixTable<V>> tables, AddressFamily family) {
    return Objects.requireNonNull(tables.get(family));
  }

  private Peer peer(String name) {
    Peer peer = peers.get(name);
    if (peer == null) {
      throw new IllegalArgumentException("peer " + name + " is not up");
    }
    return peer;
  }

  /** Replaces the locally originated routes. */
  public void originate(Set<Prefix> prefixes, Instant now) {
    if (prefixes.equals(originated)) {
      return;
    }
    Set<Prefix> previous = originated;
    originated = Set.copyOf(prefixes);
    for (Prefix prefix : previous) {
      if (!originated.contains(prefix)) {
        of(local, prefix.family()).remove(prefix.high(), prefix.low(), prefix.length());
        decide(prefix.family(), prefix.high(), prefix.low(), prefix.length(), now.toEpochMilli());
      }
    }
    for (Prefix prefix : originated) {
      if (!previous.contains(prefix)) {
        of(local, prefix.family())
            .put(prefix.high(), prefix.low(), prefix.length(), Path.LOCAL, now.toEpochMilli());
        decide(prefix.family(), prefix.high(), prefix.low(), prefix.length(), now.toEpochMilli());
      }
    }
  }

  /** A session came up: the peer is to be told everything. */
  public void peerUp(RibPeer facts, Instant now) {
    if (peers.containsKey(facts.name())) {
      peerDown(facts.name(), now);
    }
    Peer peer = new Peer(facts, new AdjRibIn(facts, settings), new AdjRibOut(facts, settings));
    peers.put(facts.name(), peer);
    peer.out.all(best);
  }

  /** A session went down: what it brought is gone. Does nothing when the peer is not up. */
  public void peerDown(String name, Instant now) {
    Peer peer = peers.remove(name);
    if (peer == null) {
      return;
    }
    for (AddressFamily family : AddressFamily.values()) {
      peer.in
          .table(family)
          .forEach((high, low, length, path, _) -> {
            if (path.accepted) {
              decide(family, high, low, length, now.toEpochMilli());
            }
          });
    }
  }

  /** Takes the routes of a validated UPDATE, withdrawals first. */
  public void received(String name, Update update, Instant now) {
    AdjRibIn in = peer(name).in;
    long millis = now.toEpochMilli();
    for (PrefixList withdrawn : update.withdrawals()) {
      AddressFamily family = withdrawn.family();
      for (int i = 0; i < withdrawn.size(); i++) {
        if (in.remove(family, withdrawn.high(i), withdrawn.low(i), withdrawn.length(i))) {
          decide(family, withdrawn.high(i), withdrawn.low(i), withdrawn.length(i), millis);
        }
      }
    }
    for (Update.Announcement announcement : update.announcements()) {
      PrefixList prefixes = announcement.prefixes();
      AddressFamily family = prefixes.family();
      Path path = in.path(announcement.attributes());
      for (int i = 0; i < prefixes.size(); i++) {
        if (in.put(family, prefixes.high(i), prefixes.low(i), prefixes.length(i), path, millis)) {
          decide(family, prefixes.high(i), prefixes.low(i), prefixes.length(i), millis);
        }
      }
      in.release(path);
    }
  }

  /** Replaces a peer's export policy. Equal policies change nothing. */
  public void exportPolicyChanged(String name, ExportPolicy policy) {
    peer(name).out.policy(policy, best);
  }

  /** The peer asked for all routes of a family again (RFC 2918). */
  public void refresh(String name, AddressFamily family) {
    peer(name).out.refresh(family, of(best, family));
  }

  /** Whether {@link #drain} may have something for the peer. */
  public boolean hasPending(String name) {
    return peer(name).out.hasPending();
  }

  /**
   * What the peer has to be told since the last call; it counts as told from now on. Of each prefix
   * only the last state, and only if it differs from what the peer was told.
   */
  public RouteChanges drain(String name, Instant now) {
    return peer(name).out.drain(best, now.toEpochMilli());
  }

  /** The names of the peers that are up, sorted. */
  public List<String> peers() {
    return List.copyOf(peers.keySet());
  }

  /** The number of prefixes in the peer's adj-rib-in. */
  public int receivedCount(String name, AddressFamily family) {
    return peer(name).in.table(family).size();
  }

  /** The number of prefixes of the peer that the decision process considers. */
  public int acceptedCount(String name, AddressFamily family) {
    return peer(name).in.accepted(family);
  }

  /** The number of prefixes in the peer's adj-rib-out. */
  public int advertisedCount(String name, AddressFamily family) {
    return peer(name).out.table(family).size();
  }

  /** The number of prefixes in the loc-rib. */
  public int size(AddressFamily family) {
    return of(best, family).size();
  }

  /** Chooses a prefix's best path anew, and has it told to the peers if it is another one. */
  private void decide(AddressFamily family, long high, long low, int length, long nowMillis) {
    collect(family, high, low, length);
    PrefixTable<Path> table = of(best, family);
    @Nullable Path previous = table.get(high, low, length);
    @Nullable Path next = candidates.isEmpty() ? null : DecisionProcess.best(candidates);
    if (next == previous) {
      return;
    }
    if (next == null) {
      table.remove(high, low, length);
    } else {
      table.put(high, low, length, next, nowMillis);
    }
    for (Peer peer : peers.values()) {
      peer.out.changed(family, high, low, length);
    }
  }

  private void collect(AddressFamily family, long high, long low, int length) {
    candidates.clear();
    if (of(local, family).get(high, low, length) != null) {
      candidates.add(Path.LOCAL);
    }
    for (Peer peer : peers.values()) {
      @Nullable Path path = peer.in.table(family).get(high, low, length);
      if (path != null && path.accepted) {
        candidates.add(path);
      }
    }
  }

  /** The routes that the decision process considers, sorted by prefix, the best first. */
  public List<Route> locRib(AddressFamily family) {
    List<Route> routes = new ArrayList<>();
    of(best, family)
        .forEach((high, low, length, _, _) -> {
          collect(family, high, low, length);
          List<Path> used = DecisionProcess.used(candidates, settings.multipathRelax());
          Prefix prefix = new Prefix(family, high, low, length);
          for (Path path : candidates) {
            Selection selection = selection(path, used);
            routes.add(
                new Route(
                    prefix,
                    path.attributes,
                    path.peer,
                    Instant.ofEpochMilli(since(path, family, high, low, length)),
                    selection));
          }
        });
    routes.sort(
        Comparator.comparing(Route::prefix)
            .thenComparing(Route::selection)
            .thenComparing(Route::peer));
    return routes;
  }

  private static Selection selection(Path path, List<Path> used) {
    if (!path.accepted) {
      return Selection.REJECTED;
    }
    if (path == used.getFirst()) {
      return Selection.BEST;
    }
    return used.contains(path) ? Selection.MULTIPATH : Selection.VALID;
  }

  private long since(Path path, AddressFamily family, long high, long low, int length) {
    PrefixTable<Path> table =
        path.kind == Path.Kind.LOCAL ? of(local, family) : peer(path.peer).in.table(family);
    return table.since(high, low, length);
  }

  /** What the peer sent, sorted by prefix. */
  public List<Route> adjRibIn(String name, AddressFamily family) {
    List<Route> routes = new ArrayList<>();
    peer(name)
        .in
        .table(family)
        .forEach((high, low, length, path, since) -> {
          collect(family, high, low, length);
          List<Path> used =
              candidates.isEmpty()
                  ? List.of()
                  : DecisionProcess.used(candidates, settings.multipathRelax());
          routes.add(
              new Route(
                  new Prefix(family, high, low, length),
                  path.attributes,
                  name,
                  Instant.ofEpochMilli(since),
                  selection(path, used)));
        });
    routes.sort(Comparator.comparing(Route::prefix));
    return routes;
  }

  /** What the peer was told, sorted by prefix. */
  public List<Route> adjRibOut(String name, AddressFamily family) {
    List<Route> routes = new ArrayList<>();
    PrefixTable<PathAttributes> table = peer(name).out.table(family);
    table.forEach((high, low, length, attributes, since) ->
        routes.add(
            new Route(
                new Prefix(family, high, low, length),
                attributes,
                name,
                Instant.ofEpochMilli(since),
                Selection.BEST)));
    routes.sort(Comparator.comparing(Route::prefix));
    return routes;
  }
}
