package dev.peerage.bgp.rib;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.NextHops;
import dev.peerage.bgp.export.Outbox;
import dev.peerage.bgp.export.UpdateGroups;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Update;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The routing information bases of one instance (RFC 4271 section 3.2): adj-rib-in and adj-rib-out
 * per peer, and the loc-rib between them. A changed prefix costs work for this prefix only. No
 * clock and no threads: time comes with the calls, which must all come from one thread.
 *
 * <p>Methods that name a peer throw {@link IllegalArgumentException} when it is not up.
 */
public final class Rib {
  /** These take 1.3 MB, and a full table of the Internet some twenty passes. */
  private static final int READ_WINDOW = 65_536;

  private static final int READ_AT_ONCE = 1_024;

  private final RibSettings settings;
  private final LocRib locRib;

  /** Of the peers that are up. */
  private final Map<String, Outbox> outs = new TreeMap<>();

  private final UpdateGroups groups;

  private final Origination origination;
  private final int slice;
  private final int atOnce;
  private final Runnable workArose;
  private int mostHandled;

  /** Without routes and peers. Everything is done at once, however long that takes. */
  public Rib(RibSettings settings) {
    this(settings, new RouteBudget(RouteBudget.UNLIMITED), Integer.MAX_VALUE, () -> {});
  }

  /** As the other one, with a budget of its own that has no limit. */
  public Rib(RibSettings settings, int slice, Runnable workArose) {
    this(settings, new RouteBudget(RouteBudget.UNLIMITED), slice, workArose);
  }

  /**
   * Without routes and peers. What concerns many prefixes is only begun by the call that asks for
   * it; {@link #work} does the rest. Meanwhile no announcement leaves that might not last.
   *
   * @param budget what received routes may take of memory
   * @param slice the most prefixes, give or take a few dozen, that one call deals with; those of an
   *     UPDATE come on top
   * @param workArose called when there is work; more calls may come before it is done
   */
  public Rib(RibSettings settings, RouteBudget budget, int slice, Runnable workArose) {
    this.settings = settings;
    this.slice = slice;
    this.atOnce = slice == Integer.MAX_VALUE ? slice : slice / 8;
    this.workArose = workArose;
    this.locRib = new LocRib(settings, budget, this::changed);
    this.origination = new Origination(locRib);
    this.groups =
        new UpdateGroups(settings.localAsn(), locRib, atOnce, origination::isUnderWay, workArose);
  }

  /** Whether {@link #work} has something to do. */
  public boolean hasWork() {
    return origination.isUnderWay() || locRib.isSweeping() || groups.hasWork();
  }

  /** Does a slice of the work, if there is any. Then peers may have something to be told. */
  public void work(Instant now) {
    if (origination.isUnderWay()) {
      handled(origination.advance(slice, seconds(now)));
    } else if (locRib.isSweeping()) {
      handled(locRib.sweep(slice, this::forgetIfGone));
    } else {
      groups.work(slice, now);
    }
  }

  private void handled(int prefixes) {
    mostHandled = Math.max(mostHandled, prefixes);
  }

  /** The most prefixes that one call has dealt with. */
  int mostAtOnce() {
    return Math.max(mostHandled, groups.counters().mostAtOnce());
  }

  /** Work was added; a little is done at once. */
  private void begin(boolean others) {
    if (!others) {
      handled(locRib.sweep(atOnce, this::forgetIfGone));
    }
    if (locRib.isSweeping()) {
      workArose.run();
    }
  }

  private void changed(AddressFamily family, long high, long low, int length, boolean learned) {
    groups.changed(family, high, low, length, learned);
  }

  private Outbox out(String name) {
    Outbox out = outs.get(name);
    if (out == null) {
      throw new IllegalArgumentException("peer " + name + " is not up");
    }
    return out;
  }

  private static int seconds(Instant now) {
    return (int) now.getEpochSecond();
  }

  /**
   * Replaces the locally originated routes. Only prefixes in which the two sets differ are looked
   * at, and a set that was derived from the previous one is compared without looking at the rest.
   * While {@link #isOriginating} peers are told nothing but withdrawals: then withdrawals come
   * first, and End-of-RIB follows all routes.
   */
  public void originate(PrefixSet prefixes, Instant now) {
    origination.start(prefixes);
    handled(origination.advance(slice, seconds(now)));
    if (origination.isUnderWay()) {
      workArose.run();
    }
  }

  /** Whether some of the originated routes are still to be replaced. */
  public boolean isOriginating() {
    return origination.isUnderWay();
  }

  /**
   * A session came up: the peer is to be told everything. Routes that were kept when its last
   * session ended stay, stale.
   *
   * @param nextHops what the peer is told as next hop
   */
  public void peerUp(RibPeer facts, NextHops nextHops, Instant now) {
    if (outs.containsKey(facts.name())) {
      peerDown(facts.name(), now);
    }
    boolean others = locRib.isSweeping();
    locRib.up(facts);
    begin(others);
    outs.put(
        facts.name(),
        new Outbox(
            groups,
            facts.name(),
            facts.updateGroup(settings, nextHops),
            facts.enhancedRefresh(),
            facts.exportPolicy()));
  }

  /** As the other one, where this side has no other address than that of the session. */
  public void peerUp(RibPeer facts, Instant now) {
    peerUp(facts, facts.nextHops(), now);
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
    Outbox out = outs.remove(name);
    if (out != null) {
      out.close();
    }
    boolean others = locRib.isSweeping();
    locRib.stale(name, kept, older);
    begin(others);
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
    boolean others = locRib.isSweeping();
    locRib.purgeStale(name, family);
    begin(others);
  }

  private void forgetIfGone(String name) {
    if (!outs.containsKey(name)) {
      locRib.forgetIfEmpty(name);
    }
  }

  /**
   * The peer is about to send everything again (RFC 7313 section 4): what it has sent so far is
   * stale until it comes again.
   */
  public void markStale(String name, AddressFamily family, Instant now) {
    locRib.markStale(name, family);
  }

  /**
   * What is stale may be kept for long (RFC 9494 section 4.2): routes with NO_LLGR go, the others
   * carry LLGR_STALE and are used only where there is nothing else. Does nothing to a peer that is
   * not known.
   */
  public void longLived(String name, AddressFamily family, Instant now) {
    boolean others = locRib.isSweeping();
    locRib.longLived(name, family);
    begin(others);
  }

  /**
   * Lets received routes of a peer into the loc-rib, or takes them out, without a new session. Does
   * nothing to a peer that is not known.
   *
   * @param accept as {@link RibPeer#importRoutes}
   * @param routeServer as {@link RibPeer#routeServer}
   */
  public void importPolicyChanged(String name, boolean accept, boolean routeServer, Instant now) {
    boolean others = locRib.isSweeping();
    locRib.importPolicy(name, accept, routeServer);
    begin(others);
  }

  /** Takes the routes of a validated UPDATE, withdrawals first. */
  public void received(String name, Update update, Instant now) {
    locRib.received(name, update, seconds(now));
  }

  /**
   * Replaces a peer's export policy. Only prefixes are looked at for which the policies can differ,
   * and only those with another result are sent; equal policies change nothing.
   */
  public void exportPolicyChanged(String name, ExportPolicy policy) {
    out(name).use(policy);
  }

  /** Tells a peer other next hops, without a new session. */
  public void nextHopsChanged(String name, NextHops nextHops) {
    out(name).use(nextHops);
  }

  /** The peer asked for all routes of a family again (RFC 2918). */
  public void refresh(String name, AddressFamily family) {
    out(name).refresh(family);
  }

  /** Whether the peer has to be told something. */
  public boolean hasPending(String name) {
    return out(name).hasPending();
  }

  /** What the peer has to be told, as bytes. Good as long as the peer is up. */
  public Outbox outbox(String name) {
    return out(name);
  }

  /** The names of the peers that are up, sorted. */
  public List<String> peers() {
    return List.copyOf(outs.keySet());
  }

  /** Whether the peer is up, or away with routes of it kept. */
  public boolean holds(String name) {
    return locRib.holds(name);
  }

  /** What is kept of the peer's routes, while it is up and while it is away. */
  public ReceivedRoutes received(String name) {
    return locRib.holds(name) ? locRib.peer(name).received() : ReceivedRoutes.NONE;
  }

  /** The peer is about to send everything again: what was not kept before counts no more. */
  public void askedAgain(String name) {
    locRib.peer(name).begin();
  }

  /** The number of prefixes in the peer's adj-rib-in. */
  public int receivedCount(String name, AddressFamily family) {
    return locRib.peer(name).routes(family).size();
  }

  /** The number of prefixes of the peer that the decision process considers. */
  public int acceptedCount(String name, AddressFamily family) {
    return locRib.peer(name).routes(family).accepted();
  }

  /** The number of prefixes in the peer's adj-rib-out. */
  public int advertisedCount(String name, AddressFamily family) {
    return out(name).told(family);
  }

  /** The number of prefixes in the loc-rib. */
  public int size(AddressFamily family) {
    return locRib.size(family);
  }

  /** The routes that the decision process considers. */
  public RouteReader readLocRib(AddressFamily family) {
    return reader(locRib.table(family, path -> path.accepted));
  }

  /** What the peer sent; nothing when it is not known. */
  public RouteReader readAdjRibIn(String name, AddressFamily family) {
    return reader(locRib.table(family, path -> path.peer.equals(name)));
  }

  /** What the peer was told; nothing when it is not up. */
  public RouteReader readAdjRibOut(String name, AddressFamily family) {
    return reader(new ToldTable(name, family, () -> outs.get(name)));
  }

  private RouteReader reader(ReadTable table) {
    return new RouteReader(table, READ_WINDOW, slice, READ_AT_ONCE);
  }
}
