package dev.peerage.bgp.speaker;

/** Who hears from an instance, on the event loop. */
interface InstanceListener {
  /** The state of a session, a listener or a table changed. */
  void changed();

  /** A message was sent or received. */
  void counted();

  /** The received routes of all peers together take more memory than they may. */
  void overBudget();

  /** Something happened that callers may want to know by itself. */
  void happened(SpeakerEvent event);
}
