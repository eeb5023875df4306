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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one peer was told, and which prefixes have to be looked at again. What the peer shall have
 * is computed only when it is drained, so that a prefix that changes often is told once.
 */
final class AdjRibOut {
  private final RibPeer peer;
  private final RibSettings settings;
  private final Map<AddressFamily, PrefixTable<PathAttributes>> advertised =
      new EnumMap<>(AddressFamily.class);
  private final Map<AddressFamily, PrefixTable<Pending>> pending =
      new EnumMap<>(AddressFamily.class);
  private Exporter exporter;

  private enum Pending {
    /** Told if it differs from what the peer was told. */
    CHANGED,
    /** Told in any case. */
    ASKED_FOR
  }

  AdjRibOut(RibPeer peer, RibSettings settings) {
    this.peer = peer;
    this.settings = settings;
    this.exporter = new Exporter(peer, settings, peer.exportPolicy());
    for (AddressFamily family : peer.families()) {
      advertised.put(family, new PrefixTable<>(family));
      pending.put(family, new PrefixTable<>(family));
    }
  }

  /** The table of a family; empty when the family was not negotiated. */
  PrefixTable<PathAttributes> table(AddressFamily family) {
    PrefixTable<PathAttributes> table = advertised.get(family);
    return table == null ? new PrefixTable<>(family) : table;
  }

  void changed(AddressFamily family, long high, long low, int length) {
    PrefixTable<Pending> table = pending.get(family);
    if (table != null && table.get(high, low, length) == null) {
      table.put(high, low, length, Pending.CHANGED, 0);
    }
  }

  boolean hasPending() {
    return pending.values().stream().anyMatch(table -> table.size() > 0);
  }

  /** Looks again at those prefixes only for which the policies can differ. */
  void policy(ExportPolicy policy, LocRib locRib) {
    if (policy.equals(exporter.policy())) {
      return;
    }
    Exporter previous = exporter;
    exporter = new Exporter(peer, settings, policy);
    if (policy instanceof ExportPolicy.Statements
        && previous.policy() instanceof ExportPolicy.Statements) {
      exporter
          .statements()
          .forEach((prefix, set) -> {
            if (!set.equals(previous.statements().get(prefix))) {
              changed(prefix);
            }
          });
      for (Prefix prefix : previous.statements().keySet()) {
        if (!exporter.statements().containsKey(prefix)) {
          changed(prefix);
        }
      }
    } else {
      all(locRib);
    }
  }

  private void changed(Prefix prefix) {
    changed(prefix.family(), prefix.high(), prefix.low(), prefix.length());
  }

  /** Looks again at every prefix. */
  void all(LocRib locRib) {
    for (AddressFamily family : pending.keySet()) {
      locRib.forEachBest(family, (high, low, length, _) -> changed(family, high, low, length));
    }
  }

  /** Tells every prefix of a family again. */
  void refresh(AddressFamily family, LocRib locRib) {
    PrefixTable<Pending> table = pending.get(family);
    if (table != null) {
      locRib.forEachBest(
          family, (high, low, length, _) -> table.put(high, low, length, Pending.ASKED_FOR, 0));
    }
  }

  RouteChanges drain(LocRib locRib, long nowMillis) {
    if (!hasPending()) {
      return RouteChanges.NONE;
    }
    List<PrefixList> withdrawals = new ArrayList<>(2);
    List<Update.Announcement> announcements = new ArrayList<>();
    pending.forEach(
        (family, table) -> drain(family, table, locRib, nowMillis, withdrawals, announcements));
    return new RouteChanges(withdrawals, announcements);
  }

  private void drain(
      AddressFamily family,
      PrefixTable<Pending> table,
      LocRib locRib,
      long nowMillis,
      List<PrefixList> withdrawals,
      List<Update.Announcement> announcements) {
    PrefixList.Builder withdrawn = new PrefixList.Builder(family, 0);
    Map<PathAttributes, PrefixList.Builder> announced = new LinkedHashMap<>();
    table.forEach((high, low, length, why, _) -> {
      @Nullable Path path = locRib.best(family, high, low, length);
      Optional<PathAttributes> desired =
          path == null ? Optional.empty() : exporter.export(path, family, high, low, length);
      if (desired.isEmpty()) {
        if (table(family).remove(high, low, length) != null) {
          withdrawn.add(high, low, length);
        }
      } else if (tell(family, high, low, length, desired.get(), nowMillis)
          || why == Pending.ASKED_FOR) {
        announced
            .computeIfAbsent(desired.get(), _ -> new PrefixList.Builder(family, 1))
            .add(high, low, length);
      }
    });
    table.clear();
    if (withdrawn.size() > 0) {
      withdrawals.add(withdrawn.build());
    }
    announced.forEach((attributes, prefixes) ->
        announcements.add(new Update.Announcement(attributes, prefixes.build())));
  }

  /** Whether the peer was told something else, or nothing, before. */
  private boolean tell(
      AddressFamily family,
      long high,
      long low,
      int length,
      PathAttributes attributes,
      long nowMillis) {
    @Nullable PathAttributes previous = table(family).put(high, low, length, attributes, nowMillis);
    return previous == null || !previous.equals(attributes);
  }

  /** What the peer was told. */
  RouteListing listing(AddressFamily family) {
    PrefixTable<PathAttributes> told = table(family).copy();
    return () -> {
      List<Route> routes = new ArrayList<>(told.size());
      told.forEach((high, low, length, attributes, since) ->
          routes.add(
              new Route(
                  new Prefix(family, high, low, length),
                  attributes,
                  peer.name(),
                  Instant.ofEpochMilli(since),
                  Selection.BEST)));
      routes.sort(Comparator.comparing(Route::prefix));
      return routes;
    };
  }
}
