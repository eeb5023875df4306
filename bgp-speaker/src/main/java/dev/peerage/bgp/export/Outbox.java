package dev.peerage.bgp.export;

import dev.peerage.bgp.prefix.PrefixVisitor;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.RouteRefresh;
import io.netty.buffer.ByteBuf;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a peer has to be told next, decided when it is asked for: a peer that does not ask holds
 * nothing but its place in the table that it shares with others. Withdrawals come before
 * announcements, also before those of a table that is under way; End-of-RIB follows the routes that
 * were known when the session came up.
 */
public final class Outbox {
  private final UpdateGroups groups;
  private final Member member;
  private final boolean enhancedRefresh;

  /** The group's. A group that the member moves to later has the same encoder. */
  private final UpdateEncoder encoder;

  private final Map<AddressFamily, Progress> progress = new EnumMap<>(AddressFamily.class);

  /** How far one family is. */
  private static final class Progress {
    final Cursor cursor;

    /** The first table is not complete yet: End-of-RIB was not sent. */
    boolean first = true;

    /** The peer has sent a ROUTE-REFRESH: the table is to be sent from its start. */
    boolean asked;

    Progress(Cursor cursor) {
      this.cursor = cursor;
    }
  }

  /** The next thing to tell. */
  sealed interface Step {
    record Withdraw(WithdrawnRoutes withdrawn, boolean all, PrefixList prefixes) implements Step {}

    record Announce(Page page, AdjRibOut table) implements Step {}

    record EndOfRib(AddressFamily family) implements Step {}

    record Refresh(RouteRefresh message) implements Step {}
  }

  /**
   * For a peer whose session has just come up: it was told nothing. Must be closed when the session
   * ends.
   *
   * @param name the peer's, for the log
   * @param enhancedRefresh whether a refresh is marked with BoRR and EoRR (RFC 7313)
   */
  public Outbox(
      UpdateGroups groups,
      String name,
      UpdateGroupKey key,
      boolean enhancedRefresh,
      ExportPolicy policy) {
    this.groups = groups;
    this.member = new Member(name, policy);
    this.enhancedRefresh = enhancedRefresh;
    groups.join(member, key);
    this.encoder = groups.group(member).encoder();
    member.cursors().forEach((family, cursor) -> progress.put(family, new Progress(cursor)));
  }

  /** The session is over. */
  public void close() {
    groups.leave(member);
  }

  ExportCounters counters() {
    return groups.counters();
  }

  UpdateGroup group() {
    return groups.group(member);
  }

  /**
   * Replaces the export policy. Only prefixes are looked at for which the policies can differ, and
   * only those with another result are sent; equal policies change nothing.
   */
  public void use(ExportPolicy next) {
    member.use(next);
    groups.policiesChanged();
  }

  /** Tells the peer other next hops: what it was told with others before is told anew. */
  public void use(NextHops next) {
    groups.use(member, next);
  }

  /** The peer asked for all routes of a family again (RFC 2918). */
  public void refresh(AddressFamily family) {
    Progress each = progress.get(family);
    if (each != null) {
      each.asked = true;
    }
  }

  /** Whether the peer has to be told something. */
  public boolean hasPending() {
    groups.regroup();
    UpdateGroup group = group();
    if (group.hasPending()) {
      return true;
    }
    for (Map.Entry<AddressFamily, Progress> each : progress.entrySet()) {
      if (each.getValue().asked || !group.table(each.getKey()).isTold(each.getValue().cursor)) {
        return true;
      }
    }
    return false;
  }

  /** The number of prefixes in the peer's adj-rib-out. */
  public int told(AddressFamily family) {
    Progress each = progress.get(family);
    return each == null ? 0 : group().table(family).told(each.cursor);
  }

  /** The table in which {@link #forEachTold} knows its way; the peer may get another one. */
  public Object tableOf(AddressFamily family) {
    return group().table(family);
  }

  /**
   * Visits some of the prefixes that the peer was told. One that it was told throughout a series of
   * calls on the same table is visited, and once more when it got other attributes meanwhile.
   *
   * @param from 0, or what the last call returned
   * @param limit so many prefixes, and those of an UPDATE more
   * @return where to go on, or -1
   */
  public long forEachTold(AddressFamily family, long from, int limit, PrefixVisitor visitor) {
    Progress each = progress.get(family);
    return each == null ? -1 : group().table(family).forEachTold(each.cursor, from, limit, visitor);
  }

  /** How the peer was told a prefix, or null. */
  public @Nullable AdvertisedRoute told(AddressFamily family, long high, long low, int length) {
    Progress each = progress.get(family);
    return each == null ? null : group().table(family).told(each.cursor, high, low, length);
  }

  /**
   * The next messages, at most about 64 KiB of them, encoded and to be released by the caller;
   * empty when the peer knows everything, or {@link UpdateGroups#work} has to come first. They
   * count as sent.
   */
  public Optional<ByteBuf> next(Instant now) {
    Step step = step(now);
    if (step == null) {
      return Optional.empty();
    }
    return Optional.of(
        switch (step) {
          case Step.Withdraw(WithdrawnRoutes withdrawn, boolean all, PrefixList prefixes) ->
              encoder.withdrawal(withdrawn, all, prefixes);
          case Step.Announce(Page page, AdjRibOut table) -> {
            ByteBuf messages = encoder.announcement(page, table);
            encoder.passed(page, table);
            yield messages;
          }
          case Step.EndOfRib(AddressFamily family) -> encoder.endOfRib(family);
          case Step.Refresh(RouteRefresh message) -> encoder.mark(message);
        });
  }

  /** What comes next, not yet encoded, or null; it counts as sent. */
  @Nullable Step step(Instant now) {
    boolean decided = groups.decide(member, now);
    UpdateGroup group = group();
    for (Map.Entry<AddressFamily, Progress> each : progress.entrySet()) {
      Step step = withdrawal(each.getValue().cursor, group.table(each.getKey()));
      if (step != null) {
        return step;
      }
    }
    if (!decided) {
      return null;
    }
    for (Map.Entry<AddressFamily, Progress> each : progress.entrySet()) {
      Step step = announcement(each.getValue(), group.table(each.getKey()));
      if (step != null) {
        return step;
      }
    }
    return null;
  }

  private static @Nullable Step withdrawal(Cursor cursor, AdjRibOut table) {
    for (WithdrawnRoutes next = table.nextWithdrawn(cursor);
        next != null;
        next = table.nextWithdrawn(cursor)) {
      boolean all = next.allTold(cursor.told);
      PrefixList prefixes = next.told(cursor.told);
      table.passedWithdrawn(cursor);
      if (!prefixes.isEmpty()) {
        return new Step.Withdraw(next, all, prefixes);
      }
    }
    return null;
  }

  private @Nullable Step announcement(Progress each, AdjRibOut table) {
    Cursor cursor = each.cursor;
    if (each.first) {
      if (cursor.end < 0) {
        if (table.hasPending()) {
          return null;
        }
        cursor.end = table.end();
      }
    } else if (each.asked) {
      each.asked = false;
      cursor.page = 0;
      cursor.end = table.end();
      if (enhancedRefresh) { // RFC 7313 section 4
        return mark(table.family, RouteRefresh.BEGIN);
      }
    }
    Page page = table.nextPage(cursor);
    if (cursor.end >= 0 && (page == null || page.number >= cursor.end)) {
      cursor.end = -1;
      if (each.first) {
        each.first = false;
        return new Step.EndOfRib(table.family);
      }
      if (enhancedRefresh) {
        return mark(table.family, RouteRefresh.END);
      }
    }
    if (page == null) {
      return null;
    }
    table.passed(cursor, page);
    return new Step.Announce(page, table);
  }

  private static Step mark(AddressFamily family, int subtype) {
    return new Step.Refresh(RouteRefresh.of(family, subtype));
  }
}
