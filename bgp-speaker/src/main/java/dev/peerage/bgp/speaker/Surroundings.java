package dev.peerage.bgp.speaker;

import dev.peerage.bgp.session.Jitter;
import dev.peerage.bgp.transport.Network;

/**
 * What every part of a speaker shares.
 *
 * @param changed to be called after a change of state
 * @param routesChanged to be called after a change of the RIB of an instance
 */
record Surroundings(
    SpeakerSettings settings,
    Network network,
    Jitter jitter,
    String hostName,
    Runnable changed,
    Runnable routesChanged) {

  Surroundings withRoutesChanged(Runnable onRoutesChanged) {
    return new Surroundings(settings, network, jitter, hostName, changed, onRoutesChanged);
  }
}
