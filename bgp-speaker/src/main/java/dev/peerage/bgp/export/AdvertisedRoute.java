package dev.peerage.bgp.export;

import dev.peerage.bgp.wire.PathAttributes;
import java.time.Instant;

/**
 * A route of an adj-rib-out.
 *
 * @param since when the prefix was first advertised; attribute changes do not move it
 */
public record AdvertisedRoute(PathAttributes attributes, Instant since) {}
