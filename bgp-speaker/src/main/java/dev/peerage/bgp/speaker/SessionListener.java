package dev.peerage.bgp.speaker;

import dev.peerage.bgp.session.Negotiated;
import dev.peerage.bgp.session.SessionEvent;
import dev.peerage.bgp.transport.Connection;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.RouteRefresh;
import dev.peerage.bgp.wire.Update;
import java.util.Set;

/** Who hears from a session, on the event loop. */
interface SessionListener {
  /** An UPDATE ended the session, which is down already. */
  void updateError(Notification answer, String reason, String message);

  /** The session is Established over this connection. */
  void up(Negotiated negotiated, Connection connection);

  /** A validated UPDATE arrived. */
  void received(Update update);

  /** The peer wants routes again. */
  void refresh(RouteRefresh request);

  /** The peer reads again. */
  void writable();

  /**
   * The session is no longer Established.
   *
   * @param kept the families whose routes stay for now
   */
  void down(String reason, Set<AddressFamily> kept);

  /** What a person should know of a failed attempt: the words, and maybe what to check. */
  String explained(SessionEvent event, String words);

  /** A message was sent or received. */
  void counted();

  /** The session's state changed. */
  void changed();
}
