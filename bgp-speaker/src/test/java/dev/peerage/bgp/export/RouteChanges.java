package dev.peerage.bgp.export;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.Update;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a peer is told, in this order, before it is encoded.
 *
 * @param withdrawals one list per batch
 * @param announcements one per attribute set and family
 */
public record RouteChanges(List<PrefixList> withdrawals, List<Update.Announcement> announcements) {
  /** Copies the lists. */
  public RouteChanges {
    withdrawals = List.copyOf(withdrawals);
    announcements = List.copyOf(announcements);
  }

  /** Whether there is nothing to tell. */
  public boolean isEmpty() {
    return withdrawals.isEmpty() && announcements.isEmpty();
  }

  /** All that is to be told now; it counts as told. */
  public static RouteChanges drain(Outbox out, Instant now) {
    List<PrefixList> withdrawals = new ArrayList<>();
    Map<AddressFamily, Map<PathAttributes, PrefixList.Builder>> announced =
        new EnumMap<>(AddressFamily.class);
    for (Outbox.Step step = out.step(now); step != null; step = out.step(now)) {
      switch (step) {
        case Outbox.Step.Withdraw(WithdrawnRoutes _, boolean _, PrefixList prefixes) ->
            withdrawals.add(prefixes);
        case Outbox.Step.Announce(Page page, AdjRibOut table) -> {
          PrefixList prefixes = table.prefixes(page);
          PrefixList.Builder all =
              announced
                  .computeIfAbsent(table.family, _ -> new LinkedHashMap<>())
                  .computeIfAbsent(
                      page.set.attributes, _ -> new PrefixList.Builder(table.family, 1));
          for (int i = 0; i < prefixes.size(); i++) {
            all.add(prefixes.high(i), prefixes.low(i), prefixes.length(i));
          }
        }
        case Outbox.Step.EndOfRib _, Outbox.Step.Refresh _ -> {}
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
}
