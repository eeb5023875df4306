package dev.peerage.bgp.speaker;

import dev.peerage.bgp.rib.RouteBudget;
import dev.peerage.bgp.session.Jitter;
import dev.peerage.bgp.transport.Network;
import dev.peerage.bgp.transport.Tasks;
import java.time.Instant;

/**
 * What every part of a speaker shares and what stays as it is while the speaker runs.
 *
 * @param hostName this host's name, for the FQDN capability; empty = unknown
 * @param budget what the received routes of all instances may take of memory
 * @param meters those that come and go with instances and peers
 */
record Environment(
    SpeakerSettings settings,
    Network network,
    Jitter jitter,
    String hostName,
    RouteBudget budget,
    Meters meters) {
  /** What the whole speaker has to do on the loop that owns everything. */
  Tasks tasks() {
    return network.tasks();
  }

  /** The wall clock. */
  Instant now() {
    return settings.clock().instant();
  }
}
