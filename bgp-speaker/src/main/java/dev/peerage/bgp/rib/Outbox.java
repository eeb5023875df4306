package dev.peerage.bgp.rib;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.MessageCodec;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.RouteRefresh;
import dev.peerage.bgp.wire.Update;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
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
  private final RibPeer peer;
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

  private sealed interface Step {
    record Withdraw(Withdrawn withdrawn, boolean all, PrefixList prefixes) implements Step {}

    record Announce(Page page, Shelf shelf) implements Step {}

    record EndOfRib(AddressFamily family) implements Step {}

    record Refresh(RouteRefresh message) implements Step {}
  }

  Outbox(UpdateGroups groups, RibPeer peer, UpdateGroup group) {
    this.groups = groups;
    this.peer = peer;
    this.policy = peer.exportPolicy();
    this.group = group;
    group.members().add(this);
    group.shelves().forEach((family, shelf) -> progress.put(family, new Progress(shelf.join())));
  }

  String name() {
    return peer.name();
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

  void policy(ExportPolicy next) {
    policy = next;
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

  void refresh(AddressFamily family) {
    Progress each = progress.get(family);
    if (each != null) {
      each.asked = true;
    }
  }

  boolean hasPending() {
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

  int told(AddressFamily family) {
    Progress each = progress.get(family);
    return each == null ? 0 : shelf(family).told(each.cursor);
  }

  /** What the peer was told, as it is now. */
  RouteListing listing(AddressFamily family) {
    Shelf shelf = group.shelf(family);
    if (shelf == null) {
      return List::of;
    }
    PrefixTable<Page> index = shelf.index.copy();
    long told = cursor(family).told;
    return () -> {
      List<Route> routes = new ArrayList<>(index.size());
      index.forEach((high, low, length, page, since) -> {
        if (page.number < told) {
          routes.add(
              new Route(
                  new Prefix(family, high, low, length),
                  page.set.attributes,
                  peer.name(),
                  Instant.ofEpochMilli(since),
                  Selection.BEST));
        }
      });
      routes.sort(Comparator.comparing(Route::prefix));
      return routes;
    };
  }

  /**
   * The next messages, at most about 64 KiB of them, encoded and to be released by the caller;
   * empty when the peer knows everything, or {@link Rib#work} has to come first. They count as
   * sent.
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
            MessageCodec.encode(message, peer.codec(), out);
            yield out;
          }
        });
  }

  /** The same without encoding, up to the end. */
  RouteChanges drain(Instant now) {
    List<PrefixList> withdrawals = new ArrayList<>();
    Map<AddressFamily, Map<PathAttributes, PrefixList.Builder>> announced =
        new EnumMap<>(AddressFamily.class);
    for (Step step = step(now); step != null; step = step(now)) {
      switch (step) {
        case Step.Withdraw(Withdrawn _, boolean _, PrefixList prefixes) ->
            withdrawals.add(prefixes);
        case Step.Announce(Page page, Shelf shelf) -> {
          PrefixList prefixes = page.prefixes(shelf.index);
          PrefixList.Builder all =
              announced
                  .computeIfAbsent(shelf.family, _ -> new LinkedHashMap<>())
                  .computeIfAbsent(
                      page.set.attributes, _ -> new PrefixList.Builder(shelf.family, 1));
          for (int i = 0; i < prefixes.size(); i++) {
            all.add(prefixes.high(i), prefixes.low(i), prefixes.length(i));
          }
        }
        case Step.EndOfRib _, Step.Refresh _ -> {}
      }
    }
    List<Update.Announcement> announcements = new ArrayList<>();
    announced
        .values()
        .forEach(sets ->
            sets.forEach((attributes, prefixes) ->
                announcements.add(new Update.Announcement(attributes, prefixes.build()))));
    return new RouteChanges(withdrawals, announcements);
  }

  private @Nullable Step step(Instant now) {
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
      if (peer.enhancedRefresh()) { // RFC 7313 section 4
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
      if (peer.enhancedRefresh()) {
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
