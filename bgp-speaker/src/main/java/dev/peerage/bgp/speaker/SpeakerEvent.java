package dev.peerage.bgp.speaker;

import java.time.Instant;

/** Something that callers may want to know at once and by itself. */
public sealed interface SpeakerEvent {
  /**
   * A session is Established.
   *
   * @param since when
   */
  record SessionUp(String instance, String peer, Instant since) implements SpeakerEvent {}

  /** A session is no longer Established. */
  record SessionDown(String instance, String peer, SessionError reason) implements SpeakerEvent {}

  /** The instance accepts connections. */
  record ListenerUp(String instance) implements SpeakerEvent {}

  /**
   * The instance accepts no connections although it should.
   *
   * @param problem one line
   */
  record ListenerDown(String instance, String problem) implements SpeakerEvent {}
}
