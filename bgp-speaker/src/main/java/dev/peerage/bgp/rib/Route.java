package dev.peerage.bgp.rib;

import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.Prefix;
import java.time.Instant;

/**
 * A route as an entry of a table.
 *
 * @param prefix the destination
 * @param attributes its path attributes, with next hop; a local route has none but ORIGIN and an
 *     empty AS_PATH
 * @param peer the peer that it came from or goes to; empty for a local route
 * @param since when the prefix entered the table; attribute changes do not move it
 * @param selection its rank; {@link Selection#BEST} throughout in an adj-rib-out
 * @param verdict why it may not be used, when its rank is {@link Selection#REJECTED} or {@link
 *     Selection#NOT_KEPT}
 */
public record Route(
    Prefix prefix,
    PathAttributes attributes,
    String peer,
    Instant since,
    Selection selection,
    Verdict verdict) {}
