package dev.peerage.bgp.rib;

import dev.peerage.bgp.export.BestPaths;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.Update;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The receive side: what peers sent and what is originated here, and the best path to each prefix
 * (RFC 4271 section 9.1). A changed route costs work for the routes to its prefix only.
 */
final class LocRib implements BestPaths {
  private final RibSettings settings;
  private final RouteBudget budget;
  private final PathTable paths = new PathTable();
  private final Map<AddressFamily, FamilyRib> families = new EnumMap<>(AddressFamily.class);
  private final Map<AddressFamily, FamilyRib.Source> local = new EnumMap<>(AddressFamily.class);

  /** Of the peers that are up, and of those of which stale routes are kept. */
  private final Map<String, AdjRibIn> peers = new TreeMap<>();

  /** What is to be done with all routes of a peer, in order. */
  private final Deque<Task> tasks = new ArrayDeque<>();

  private record Task(String peer, FamilyRib.Sweep sweep) {}

  LocRib(RibSettings settings, RouteBudget budget, BestPathListener listener) {
    this.settings = settings;
    this.budget = budget;
    for (AddressFamily family : AddressFamily.values()) {
      var rib = new FamilyRib(family, paths, listener);
      families.put(family, rib);
      local.put(family, rib.new Source());
    }
  }

  private FamilyRib family(AddressFamily family) {
    return Objects.requireNonNull(families.get(family));
  }

  boolean holds(String name) {
    return peers.containsKey(name);
  }

  /** The adj-rib-in of a peer that is up or stale. */
  AdjRibIn peer(String name) {
    AdjRibIn peer = peers.get(name);
    if (peer == null) {
      throw new IllegalArgumentException("peer " + name + " is not up");
    }
    return peer;
  }

  @Override
  public @Nullable Path best(AddressFamily family, long high, long low, int length) {
    return family(family).best(high, low, length);
  }

  @Override
  public int forEachBest(AddressFamily family, int from, int limit, Visitor visitor) {
    return family(family).forEachBest(from, limit, visitor);
  }

  private void sweep(String peer, FamilyRib.Sweep sweep) {
    tasks.addLast(new Task(peer, sweep));
  }

  boolean isSweeping() {
    return !tasks.isEmpty();
  }

  /**
   * Goes on with what was asked for of all routes of peers.
   *
   * @param limit so many routes
   * @param done hears the names of the peers with which something is done
   * @return how many they were
   */
  int sweep(int limit, Consumer<String> done) {
    int left = limit;
    while (left > 0 && !tasks.isEmpty()) {
      Task task = tasks.getFirst();
      left -= task.sweep.advance(left);
      settle(task.peer);
      if (task.sweep.isDone()) {
        tasks.removeFirst();
        done.accept(task.peer);
      }
    }
    return limit - left;
  }

  private void settle(String name) {
    AdjRibIn peer = peers.get(name);
    if (peer != null) {
      peer.settle();
    }
  }

  /** What comes now must not mix with what was asked for before. */
  private void finish(String peer) {
    for (Iterator<Task> each = tasks.iterator(); each.hasNext(); ) {
      Task task = each.next();
      if (task.peer.equals(peer)) {
        task.sweep.finish();
        each.remove();
      }
    }
    settle(peer);
  }

  @Override
  public int size(AddressFamily family) {
    return family(family).size();
  }

  void originate(AddressFamily family, long high, long low, int length, int seconds) {
    Objects.requireNonNull(local.get(family)).put(high, low, length, Path.LOCAL, seconds);
  }

  void withdraw(AddressFamily family, long high, long low, int length) {
    Objects.requireNonNull(local.get(family)).remove(high, low, length);
  }

  /** A peer that is new, or about which other facts count from now on. */
  void up(RibPeer facts) {
    AdjRibIn known = peers.get(facts.name());
    if (known == null) {
      peers.put(facts.name(), new AdjRibIn(facts, settings, budget, families));
    } else {
      finish(facts.name());
      known.begin();
      known.use(facts).forEach(sweep -> sweep(facts.name(), sweep));
    }
  }

  void importPolicy(String name, boolean accept, boolean routeServer) {
    AdjRibIn peer = peers.get(name);
    if (peer != null) {
      peer.use(peer.facts().withImport(accept, routeServer)).forEach(sweep -> sweep(name, sweep));
    }
  }

  void received(String name, Update update, int seconds) {
    AdjRibIn peer = peer(name);
    for (PrefixList withdrawn : update.withdrawals()) {
      peer.withdraw(withdrawn);
    }
    for (Update.Announcement announcement : update.announcements()) {
      peer.announce(announcement.attributes(), announcement.prefixes(), seconds);
    }
    peer.settle();
  }

  /** Keeps the routes of these families, stale; of the older ones also what was stale before. */
  void stale(String name, Set<AddressFamily> kept, Set<AddressFamily> older) {
    AdjRibIn peer = peers.get(name);
    if (peer == null) {
      return;
    }
    for (AddressFamily family : AddressFamily.values()) {
      FamilyRib.Source routes = peer.routes(family);
      if (!older.contains(family)) {
        sweep(name, routes.purgeStale(_ -> true));
      }
      sweep(name, routes.markStale());
      if (!kept.contains(family)) {
        sweep(name, routes.purgeStale(_ -> true));
      }
    }
  }

  void markStale(String name, AddressFamily family) {
    FamilyRib.Source routes = peer(name).routes(family);
    finish(name);
    routes.markStale().finish(); // Some ns per route, and nothing may slip in.
  }

  void purgeStale(String name, AddressFamily family) {
    AdjRibIn peer = peers.get(name);
    if (peer != null) {
      sweep(name, peer.routes(family).purgeStale(_ -> true));
    }
  }

  void longLived(String name, AddressFamily family) {
    AdjRibIn peer = peers.get(name);
    if (peer != null) {
      sweep(
          name,
          peer.routes(family)
              .purgeStale(path -> path.attributes.communities().contains(Community.NO_LLGR)));
      sweep(name, peer.longLived(family));
    }
  }

  /** Forgets a peer that is not up if it has no routes. */
  void forgetIfEmpty(String name) {
    AdjRibIn peer = peers.get(name);
    if (peer != null && peer.isEmpty()) {
      peers.remove(name);
    }
  }

  /** Such routes of all peers and of this instance. */
  ReadTable table(AddressFamily family, Predicate<Path> shown) {
    return new ReceivedTable(family, family(family), shown, settings.multipathRelax());
  }
}
