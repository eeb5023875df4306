package dev.peerage.bgp.speaker;

import dev.peerage.bgp.session.Jitter;
import dev.peerage.bgp.transport.Network;
import java.util.function.Consumer;

/**
 * What every part of a speaker shares.
 *
 * @param changed to be called after a change of state
 * @param counted to be called after a change of message counts
 * @param events to be called when something happens that callers may want to know by itself
 * @param routesChanged to be called after a change of the RIB of an instance
 */
record Surroundings(
    SpeakerSettings settings,
    Network network,
    Jitter jitter,
    String hostName,
    Runnable changed,
    Runnable counted,
    Consumer<SpeakerEvent> events,
    Runnable routesChanged) {

  Surroundings withRoutesChanged(Runnable onRoutesChanged) {
    return new Surroundings(
        settings, network, jitter, hostName, changed, counted, events, onRoutesChanged);
  }
}
