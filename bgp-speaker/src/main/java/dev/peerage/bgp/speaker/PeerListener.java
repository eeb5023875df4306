package dev.peerage.bgp.speaker;

/** Who hears from a peer of an instance, on the event loop. */
interface PeerListener extends InstanceListener {
  /** The RIB of the instance changed: there may be something to tell all of its peers. */
  void routesChanged();
}
