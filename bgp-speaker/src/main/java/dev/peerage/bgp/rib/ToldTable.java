package dev.peerage.bgp.rib;

import dev.peerage.bgp.export.AdvertisedRoute;
import dev.peerage.bgp.export.Outbox;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Prefix;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The adj-rib-out of one peer and family; empty while the peer is not up. */
final class ToldTable implements ReadTable {
  private final String peer;
  private final AddressFamily family;
  private final Supplier<@Nullable Outbox> now;

  /** The table that the last call went through: another one is gone through from its start. */
  private @Nullable Object table;

  ToldTable(String peer, AddressFamily family, Supplier<@Nullable Outbox> now) {
    this.peer = peer;
    this.family = family;
    this.now = now;
  }

  @Override
  public long visit(long from, int limit, Visitor visitor) {
    Outbox outbox = now.get();
    if (outbox == null) {
      return END;
    }
    Object current = outbox.tableOf(family);
    long at = current == table ? from : 0;
    table = current;
    return outbox.forEachTold(
        family, at, limit, (_, high, low, length) -> visitor.visit(high, low, length));
  }

  @Override
  public void read(long high, long low, int length, List<Route> to) {
    Outbox outbox = now.get();
    AdvertisedRoute route = outbox == null ? null : outbox.told(family, high, low, length);
    if (route != null) {
      to.add(
          new Route(
              new Prefix(family, high, low, length),
              route.attributes(),
              peer,
              route.since(),
              Selection.BEST,
              Verdict.USABLE));
    }
  }
}
