package dev.peerage.bgp.export;

import dev.peerage.bgp.prefix.PrefixVisitor;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.PrefixList;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Peers that are told the same bytes: what they get is decided, kept and encoded once for all of
 * them. Each member goes through the shared adj-rib-outs at its own pace.
 */
final class UpdateGroup {
  private static final Logger log = LoggerFactory.getLogger(UpdateGroup.class);

  private static final int NAMED_IN_LOG = 10;

  /**
   * A new policy that touches more prefixes than this marks the whole table instead: that is one
   * flag, and the loc-rib is then gone through in slices.
   */
  private static final int MARKED_ONE_BY_ONE = 65_536;

  private final UpdateGroupKey key;
  private final ExportCounters counters;
  private final UpdateEncoder encoder;
  private final Exporter exporter;
  private final Map<AddressFamily, AdjRibOut> tables = new EnumMap<>(AddressFamily.class);
  private final List<Member> members = new ArrayList<>();
  private boolean wanted;
  private boolean served;

  UpdateGroup(UpdateGroupKey key, long localAsn, ExportPolicy policy, ExportCounters counters) {
    this.key = key;
    this.counters = counters;
    this.encoder = new UpdateEncoder(key.codec(), counters);
    this.exporter = new Exporter(key, localAsn, policy);
    for (AddressFamily family : key.families()) {
      var table = new AdjRibOut(family, attributes -> encoder.room(family, attributes));
      table.allChanged();
      tables.put(family, table);
    }
  }

  private UpdateGroup(UpdateGroup origin, UpdateGroupKey key, long localAsn, List<Member> leavers) {
    this.key = key;
    this.counters = origin.counters;
    this.encoder = origin.encoder;
    this.exporter = new Exporter(key, localAsn, origin.exporter.policy());
    origin.tables.forEach((family, table) ->
        tables.put(
            family, table.split(leavers.stream().map(each -> each.cursor(family)).toList())));
    this.members.addAll(leavers);
  }

  boolean fits(UpdateGroupKey other, ExportPolicy policy) {
    return key.equals(other) && policy.exportsAs(exporter.policy());
  }

  /** The policy that the group exports by; its members may have newer ones. */
  ExportPolicy policy() {
    return exporter.policy();
  }

  List<Member> members() {
    return members;
  }

  AdjRibOut table(AddressFamily family) {
    return Objects.requireNonNull(tables.get(family));
  }

  UpdateEncoder encoder() {
    return encoder;
  }

  /** Adds a peer whose session has just come up: it was told nothing. */
  void join(Member member) {
    members.add(member);
    tables.forEach((family, table) -> member.cursors().put(family, table.join()));
  }

  void leave(Member member) {
    member.cursors().forEach((family, cursor) -> table(family).leave(cursor));
    members.remove(member);
  }

  /**
   * A group of its own for some members, whose policy is another one now. It begins with a copy of
   * the tables, as they were told what these hold.
   */
  UpdateGroup split(List<Member> leavers, long localAsn) {
    return split(leavers, key, localAsn);
  }

  /** A group of its own for members that are told other next hops now. */
  UpdateGroup split(List<Member> leavers, NextHops nextHops, long localAsn) {
    UpdateGroup group = split(leavers, key.with(nextHops), localAsn);
    group.tables.values().forEach(AdjRibOut::allChanged);
    return group;
  }

  private UpdateGroup split(List<Member> leavers, UpdateGroupKey next, long localAsn) {
    var group = new UpdateGroup(this, next, localAsn, leavers);
    members.removeAll(leavers);
    return group;
  }

  /** The last member has left: releases all messages. */
  void close() {
    tables.values().forEach(AdjRibOut::close);
  }

  /**
   * The best path to a prefix is another one, or gone.
   *
   * @param learned neither the path before nor the one now is originated here: of no interest where
   *     such paths are not exported
   */
  void changed(AddressFamily family, long high, long low, int length, boolean learned) {
    AdjRibOut table = tables.get(family);
    if (table != null
        && (!learned || exporter.policy().exportsLearned() || table.awaitsEverything())) {
      table.changed(high, low, length);
    }
  }

  /** Takes another policy. Only prefixes for which the two can differ are decided anew. */
  void use(ExportPolicy policy) {
    exporter.use(policy, new Marker(), this::allChanged);
  }

  private void allChanged(AddressFamily family) {
    AdjRibOut table = tables.get(family);
    if (table != null) {
      table.allChanged();
    }
  }

  /** Marks the prefixes that a new policy touches, or the whole family when they are too many. */
  private final class Marker implements PrefixVisitor {
    private int marked;

    @Override
    public void visit(AddressFamily family, long high, long low, int length) {
      if (marked < MARKED_ONE_BY_ONE) {
        marked++;
        changed(family, high, low, length, false);
      } else {
        allChanged(family);
      }
    }
  }

  boolean hasPending() {
    return tables.values().stream().anyMatch(AdjRibOut::hasPending);
  }

  /** Roughly how many prefixes have to be decided; one that is marked twice counts twice. */
  int load(BestPaths locRib) {
    int load = 0;
    for (AdjRibOut table : tables.values()) {
      load += table.load(locRib);
    }
    return load;
  }

  /**
   * Decides which prefixes are advertised now and how. Announcements may be sent only when {@link
   * #isServed}.
   *
   * @param limit the most prefixes to decide in this call
   * @return how many were decided
   */
  int decide(BestPaths locRib, long nowMillis, int limit) {
    served = false;
    int decided = 0;
    for (AdjRibOut table : tables.values()) {
      if (decided < limit && table.hasPending()) {
        List<AdjRibOut.Unsendable> unsendable = new ArrayList<>();
        decided += table.decide(locRib, exporter, nowMillis, limit - decided, unsendable);
        unsendable.forEach(this::log);
      }
    }
    counters.examined += decided;
    counters.mostAtOnce = Math.max(counters.mostAtOnce, decided);
    if (tables.values().stream().noneMatch(AdjRibOut::isUnderWay)) {
      served = true;
      wanted = false;
    }
    return decided;
  }

  /** A member asks for messages, but more is pending than one turn decides: slices follow. */
  void want() {
    wanted = true;
  }

  boolean isWanted() {
    return wanted;
  }

  /**
   * Whether the last batch of decisions is complete. In the middle of one the pages are not
   * consistent, so that nothing may be announced from them.
   */
  boolean isServed() {
    return served;
  }

  // RFC 4271 section 9.2: what does not fit into a message is not advertised.
  private void log(AdjRibOut.Unsendable routes) {
    PrefixList prefixes = routes.prefixes();
    List<Prefix> named = prefixes.asList().subList(0, Math.min(NAMED_IN_LOG, prefixes.size()));
    log.error(
        "{} routes are not advertised to {}: their path attributes leave no room in a message of"
            + " {} bytes: {}{}",
        prefixes.size(),
        members.stream().map(Member::name).limit(NAMED_IN_LOG).toList(),
        key.codec().maxLength(),
        named,
        named.size() < prefixes.size() ? " and more" : "");
  }
}
