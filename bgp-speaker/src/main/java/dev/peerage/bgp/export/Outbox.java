package dev.peerage.bgp.export;

import dev.peerage.bgp.prefix.PrefixTable;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.MessageCodec;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.RouteRefresh;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
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
  private final String name;
  private final boolean enhancedRefresh;
  private final Map<AddressFamily, Progress> progress = new EnumMap<>(AddressFamily.class);
  private UpdateGroup group;
  private ExportPolicy policy;

  /** How far one family is. */
  private static final class Progress {
    final Shelf.Cursor cursor;

    /** End-of-RIB is still to come. */
    boolean first = true;

    /** The peer wants it all again. */
    boolean asked;

    Progress(Shelf.Cursor cursor) {
      this.cursor = cursor;
    }
  }

  /** The next thing to tell. */
  sealed interface Step {
    record Withdraw(Withdrawn withdrawn, boolean all, PrefixList prefixes) implements Step {}

    record Announce(Page page, Shelf shelf) implements Step {}

    record EndOfRib(AddressFamily family) implements Step {}

    record Refresh(RouteRefresh message) implements Step {}
  }

  Outbox(
      UpdateGroups groups,
      String name,
      boolean enhancedRefresh,
      ExportPolicy policy,
      UpdateGroup group) {
    this.groups = groups;
    this.name = name;
    this.enhancedRefresh = enhancedRefresh;
    this.policy = policy;
    this.group = group;
    group.members().add(this);
    group.shelves().forEach((family, shelf) -> progress.put(family, new Progress(shelf.join())));
  }

  String name() {
    return name;
  }

  ExportCounters counters() {
    return groups.counters();
  }

  UpdateGroup group() {
    return group;
  }

  void moveTo(UpdateGroup other) {
    group = other;
  }

  ExportPolicy policy() {
    return policy;
  }

  /**
   * Replaces the export policy. Only prefixes are looked at for which the policies can differ, and
   * only those with another result are sent; equal policies change nothing.
   */
  public void use(ExportPolicy next) {
    policy = next;
    groups.policiesChanged();
  }

  Shelf.Cursor cursor(AddressFamily family) {
    return Objects.requireNonNull(progress.get(family)).cursor;
  }

  /** The session is over. */
  void leave() {
    progress.forEach((family, each) -> shelf(family).leave(each.cursor));
    group.members().remove(this);
  }

  private Shelf shelf(AddressFamily family) {
    return Objects.requireNonNull(group.shelf(family));
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
    if (group.hasPending()) {
      return true;
    }
    for (Map.Entry<AddressFamily, Progress> each : progress.entrySet()) {
      if (each.getValue().asked || !shelf(each.getKey()).isTold(each.getValue().cursor)) {
        return true;
      }
    }
    return false;
  }

  /** The number of prefixes in the peer's adj-rib-out. */
  public int told(AddressFamily family) {
    Progress each = progress.get(family);
    return each == null ? 0 : shelf(family).told(each.cursor);
  }

  /** What the peer was told, as it is now. */
  public AdvertisedRoutes advertised(AddressFamily family) {
    Shelf shelf = group.shelf(family);
    if (shelf == null) {
      return _ -> {};
    }
    PrefixTable<Page> index = shelf.index.copy();
    long told = cursor(family).told;
    return visitor ->
        index.forEach((high, low, length, page, since) -> {
          if (page.number < told) {
            visitor.visit(
                new Prefix(family, high, low, length),
                page.set.attributes,
                Instant.ofEpochMilli(since));
          }
        });
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
          case Step.Withdraw(Withdrawn withdrawn, boolean all, PrefixList prefixes) ->
              group.encode(withdrawn, all, prefixes);
          case Step.Announce(Page page, Shelf shelf) -> {
            ByteBuf messages = group.encode(page, shelf);
            group.passed(page, shelf);
            yield messages;
          }
          case Step.EndOfRib(AddressFamily family) -> {
            ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer(64);
            group.packer().endOfRib(family, out);
            yield out;
          }
          case Step.Refresh(RouteRefresh message) -> {
            ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer(64);
            MessageCodec.encode(message, group.key().codec(), out);
            yield out;
          }
        });
  }

  /** What comes next, not yet encoded; it counts as told. */
  @Nullable Step step(Instant now) {
    boolean settled = groups.settle(this, now);
    for (Map.Entry<AddressFamily, Progress> each : progress.entrySet()) {
      Step step = withdrawal(each.getValue().cursor, shelf(each.getKey()));
      if (step != null) {
        return step;
      }
    }
    if (!settled) {
      return null;
    }
    for (Map.Entry<AddressFamily, Progress> each : progress.entrySet()) {
      Step step = table(each.getValue(), shelf(each.getKey()));
      if (step != null) {
        return step;
      }
    }
    return null;
  }

  private static @Nullable Step withdrawal(Shelf.Cursor cursor, Shelf shelf) {
    for (Withdrawn next = shelf.nextWithdrawn(cursor);
        next != null;
        next = shelf.nextWithdrawn(cursor)) {
      boolean all = next.allTold(cursor.told);
      PrefixList prefixes = next.told(cursor.told);
      shelf.passedWithdrawn(cursor);
      if (!prefixes.isEmpty()) {
        return new Step.Withdraw(next, all, prefixes);
      }
    }
    return null;
  }

  private @Nullable Step table(Progress each, Shelf shelf) {
    Shelf.Cursor cursor = each.cursor;
    if (each.first) {
      if (cursor.end < 0) {
        if (shelf.hasPending()) {
          return null;
        }
        cursor.end = shelf.end();
      }
    } else if (each.asked) {
      each.asked = false;
      cursor.page = 0;
      cursor.end = shelf.end();
      if (enhancedRefresh) { // RFC 7313 section 4
        return mark(shelf.family, RouteRefresh.BEGIN);
      }
    }
    Page page = shelf.nextPage(cursor);
    if (cursor.end >= 0 && (page == null || page.number >= cursor.end)) {
      cursor.end = -1;
      if (each.first) {
        each.first = false;
        return new Step.EndOfRib(shelf.family);
      }
      if (enhancedRefresh) {
        return mark(shelf.family, RouteRefresh.END);
      }
    }
    if (page == null) {
      return null;
    }
    shelf.passed(cursor, page);
    return new Step.Announce(page, shelf);
  }

  private static Step mark(AddressFamily family, int subtype) {
    return new Step.Refresh(RouteRefresh.of(family, subtype));
  }
}
