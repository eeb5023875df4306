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

  /** Of the peers that are up, and of those of which stale routes are kept. */
  private final Map<String, AdjRibIn> ins = new TreeMap<>();

  /** Of the peers that are up. */
  private final Map<String, AdjRibOut> outs = new TreeMap<>();

  private final Map<AddressFamily, PrefixTable<Path>> local = tables();
  private final Map<AddressFamily, PrefixTable<Path>> best = tables();
  private final List<Path> candidates = new ArrayList<>();

  private PrefixSet originated = PrefixSet.EMPTY;

  /** Without routes and peers. */
  public Rib(RibSettings settings) {
    this.settings = settings;
  }

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

  private AdjRibIn in(String name) {
    AdjRibIn in = ins.get(name);
    if (in == null) {
      throw new IllegalArgumentException("peer " + name + " is not up");
    }
    return in;
  }

  private AdjRibOut out(String name) {
    AdjRibOut out = outs.get(name);
    if (out == null) {
      throw new IllegalArgumentException("peer " + name + " is not up");
    }
    return out;
  }

  /**
   * Replaces the locally originated routes. Only prefixes in which the two sets differ are looked
   * at, and a set that was derived from the previous one is compared without looking at the rest.
   */
  public void originate(PrefixSet prefixes, Instant now) {
    PrefixSet previous = originated;
    originated = prefixes;
    long millis = now.toEpochMilli();
    PrefixSet.diff(
        previous,
        prefixes,
        new PrefixSet.Difference() {
          @Override
          public void removed(AddressFamily family, long high, long low, int length) {
            of(local, family).remove(high, low, length);
            decide(family, high, low, length, millis);
          }

          @Override
          public void added(AddressFamily family, long high, long low, int length) {
            of(local, family).put(high, low, length, Path.LOCAL, millis);
            decide(family, high, low, length, millis);
          }
        });
  }

  /**
   * A session came up: the peer is to be told everything. Routes that were kept when its last
   * session ended stay, stale.
   */
  public void peerUp(RibPeer facts, Instant now) {
    if (outs.containsKey(facts.name())) {
      peerDown(facts.name(), now);
    }
    AdjRibIn kept = ins.get(facts.name());
    if (kept == null) {
      ins.put(facts.name(), new AdjRibIn(facts, settings));
    } else {
      restate(kept, facts, now);
    }
    AdjRibOut out = new AdjRibOut(facts, settings);
    outs.put(facts.name(), out);
    out.all(best);
  }

  /** A session went down: what it brought is gone, also what was stale. */
  public void peerDown(String name, Instant now) {
    peerStale(name, Set.of(), now);
  }

  /**
   * A session went down and the peer may come back (RFC 4724 section 4.2): the routes of these
   * families stay in use, marked stale; those that were stale before, and all others, go. Does
   * nothing to a peer that is not known.
   */
  public void peerStale(String name, Set<AddressFamily> kept, Instant now) {
    peerStale(name, kept, Set.of(), now);
  }

  /**
   * Like the other one, but of the families {@code older} also what was stale before stays: their
   * time still runs (RFC 9494 section 4.2).
   */
  public void peerStale(
      String name, Set<AddressFamily> kept, Set<AddressFamily> older, Instant now) {
    AdjRibIn in = ins.get(name);
    if (in == null) {
      return;
    }
    outs.remove(name);
    for (AddressFamily family : AddressFamily.values()) {
      if (!older.contains(family)) {
        purgeStale(in, family, now);
      }
      in.markStale(family);
      if (!kept.contains(family)) {
        purgeStale(in, family, now);
      }
    }
    forgetIfGone(in);
  }

  /** The peer is back without having kept its forwarding state of all other families. */
  public void retainStale(String name, Set<AddressFamily> families, Instant now) {
    for (AddressFamily family : AddressFamily.values()) {
      if (!families.contains(family)) {
        purgeStale(name, family, now);
      }
    }
  }

  /**
   * Drops what is still stale: the peer has sent all it has, or the time is over. Does nothing to a
   * peer that is not known.
   */
  public void purgeStale(String name, AddressFamily family, Instant now) {
    AdjRibIn in = ins.get(name);
    if (in != null) {
      purgeStale(in, family, now);
      forgetIfGone(in);
    }
  }

  private void purgeStale(AdjRibIn in, AddressFamily family, Instant now) {
    stale(
        in,
        family,
        (high, low, length, path) -> {
          in.remove(family, high, low, length);
          if (path.accepted) {
            decide(family, high, low, length, now.toEpochMilli());
          }
        });
  }

  private void forgetIfGone(AdjRibIn in) {
    if (in.isEmpty() && !outs.containsKey(in.peer().name())) {
      ins.remove(in.peer().name());
    }
  }

  /**
   * The peer is about to send everything again (RFC 7313 section 4): what it has sent so far is
   * stale until it comes again.
   */
  public void markStale(String name, AddressFamily family, Instant now) {
    in(name).markStale(family);
  }

  /**
   * What is stale may be kept for long (RFC 9494 section 4.2): routes with NO_LLGR go, the others
   * carry LLGR_STALE and are used only where there is nothing else. Does nothing to a peer that is
   * not known.
   */
  public void longLived(String name, AddressFamily family, Instant now) {
    AdjRibIn in = ins.get(name);
    if (in == null) {
      return;
    }
    stale(
        in,
        family,
        (high, low, length, path) -> {
          if (path.attributes.communities().contains(Path.NO_LLGR)) {
            in.remove(family, high, low, length);
          } else {
            replace(in, family, high, low, length, in.path(Path.longLived(path.attributes)), now);
            in.stale(family).put(high, low, length, true, 0);
          }
          decide(family, high, low, length, now.toEpochMilli());
        });
    forgetIfGone(in);
  }

  /** Lets received routes of a peer into the loc-rib, or takes them out, without a new session. */
  public void importPolicyChanged(String name, boolean accept, Instant now) {
    AdjRibIn in = ins.get(name);
    if (in != null && in.peer().importRoutes() != accept) {
      restate(in, in.peer().withImportRoutes(accept), now);
    }
  }

  /** Judges all routes of a peer by other facts about it. */
  private void restate(AdjRibIn in, RibPeer facts, Instant now) {
    in.use(facts);
    for (AddressFamily family : AddressFamily.values()) {
      in.table(family)
          .copy()
          .forEach((high, low, length, path, _) -> {
            boolean stale = in.stale(family).get(high, low, length) != null;
            replace(in, family, high, low, length, in.path(path.attributes), now);
            if (stale) {
              in.stale(family).put(high, low, length, true, 0);
            }
            decide(family, high, low, length, now.toEpochMilli());
          });
    }
  }

  private static void replace(
      AdjRibIn in, AddressFamily family, long high, long low, int length, Path path, Instant now) {
    in.put(family, high, low, length, path, now.toEpochMilli());
    in.release(path);
  }

  private interface StaleVisitor {
    void visit(long high, long low, int length, Path path);
  }

  private static void stale(AdjRibIn in, AddressFamily family, StaleVisitor visitor) {
    in.stale(family)
        .copy()
        .forEach((high, low, length, _, _) -> {
          Path path = in.table(family).get(high, low, length);
          if (path != null) {
            visitor.visit(high, low, length, path);
          }
        });
  }

  /** Takes the routes of a validated UPDATE, withdrawals first. */
  public void received(String name, Update update, Instant now) {
    AdjRibIn in = in(name);
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
    out(name).policy(policy, best);
  }

  /** The peer asked for all routes of a family again (RFC 2918). */
  public void refresh(String name, AddressFamily family) {
    out(name).refresh(family, of(best, family));
  }

  /** Whether {@link #drain} may have something for the peer. */
  public boolean hasPending(String name) {
    return out(name).hasPending();
  }

  /**
   * What the peer has to be told since the last call; it counts as told from now on. Of each prefix
   * only the last state, and only if it differs from what the peer was told.
   */
  public RouteChanges drain(String name, Instant now) {
    return out(name).drain(best, now.toEpochMilli());
  }

  /** The names of the peers that are up, sorted. */
  public List<String> peers() {
    return List.copyOf(outs.keySet());
  }

  /** The number of prefixes in the peer's adj-rib-in. */
  public int receivedCount(String name, AddressFamily family) {
    return in(name).table(family).size();
  }

  /** The number of prefixes of the peer that the decision process considers. */
  public int acceptedCount(String name, AddressFamily family) {
    return in(name).accepted(family);
  }

  /** The number of prefixes in the peer's adj-rib-out. */
  public int advertisedCount(String name, AddressFamily family) {
    return out(name).table(family).size();
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
    for (AdjRibOut out : outs.values()) {
      out.changed(family, high, low, length);
    }
  }

  private void collect(AddressFamily family, long high, long low, int length) {
    candidates.clear();
    if (of(local, family).get(high, low, length) != null) {
      candidates.add(Path.LOCAL);
    }
    for (AdjRibIn in : ins.values()) {
      @Nullable Path path = in.table(family).get(high, low, length);
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
        path.kind == Path.Kind.LOCAL ? of(local, family) : in(path.peer).table(family);
    return table.since(high, low, length);
  }

  /** What the peer sent, sorted by prefix. */
  public List<Route> adjRibIn(String name, AddressFamily family) {
    List<Route> routes = new ArrayList<>();
    in(name)
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
    PrefixTable<PathAttributes> table = out(name).table(family);
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
