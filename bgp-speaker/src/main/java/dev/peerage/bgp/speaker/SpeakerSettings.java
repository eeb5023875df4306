package dev.peerage.bgp.speaker;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.InstantSource;

/**
 * What a speaker gets from its surroundings; constant while it runs.
 *
 * @param addresses from logical addresses to those of sockets
 * @param clock the wall clock of {@code since} and route times
 * @param metrics where the gauges of sessions and routes are registered
 * @param restarting whether this process takes over from one that ended with graceful restart: the
 *     first OPEN to each peer then carries the Restart State and Forwarding State bits (RFC 4724
 *     section 3)
 * @param limits how long to wait for peers
 * @param routes how much of what peers send is kept
 * @param told whether the log tells of sessions that come up, go down or do not come up
 */
public record SpeakerSettings(
    AddressMap addresses,
    InstantSource clock,
    MeterRegistry metrics,
    boolean restarting,
    SessionLimits limits,
    RouteLimits routes,
    boolean told) {

  /** With the default limits of routes. */
  public SpeakerSettings(
      AddressMap addresses,
      InstantSource clock,
      MeterRegistry metrics,
      boolean restarting,
      SessionLimits limits) {
    this(addresses, clock, metrics, restarting, limits, RouteLimits.DEFAULTS, true);
  }

  /** With the default limits. */
  public SpeakerSettings(
      AddressMap addresses, InstantSource clock, MeterRegistry metrics, boolean restarting) {
    this(addresses, clock, metrics, restarting, SessionLimits.DEFAULTS);
  }

  /** This with other limits of routes. */
  public SpeakerSettings withRoutes(RouteLimits next) {
    return new SpeakerSettings(addresses, clock, metrics, restarting, limits, next, told);
  }

  /** This without a word of sessions in the log. */
  public SpeakerSettings untold() {
    return new SpeakerSettings(addresses, clock, metrics, restarting, limits, routes, false);
  }

  /** Direct addresses, the system clock, no metrics, not restarting. */
  public static SpeakerSettings defaults() {
    return new SpeakerSettings(
        AddressMap.DIRECT, InstantSource.system(), new CompositeMeterRegistry(), false);
  }
}
