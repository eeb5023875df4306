package dev.peerage.bgp.transport;

import dev.peerage.bgp.wire.Message;
import dev.peerage.bgp.wire.Notification;

/** What happens to a connection. All calls come from the network's event loop. */
public interface ConnectionEvents {
  /** The connection is there; nothing was sent or read yet. */
  void connected(Connection connection);

  /** A well-formed message arrived. */
  void received(Connection connection, Message message);

  /**
   * A message arrived that ends the session; nothing is read after it.
   *
   * @param answer the NOTIFICATION to send
   * @param cause in words
   */
  void malformed(Connection connection, Notification answer, String cause);

  /** Counts what arrives. */
  Traffic inbound();

  /** Counts what is sent. */
  Traffic outbound();

  /** More may be written: {@link Connection#writable} is true again. */
  void writable(Connection connection);

  /** The connection ended and was not closed by this side. */
  void closed(Connection connection, String cause);

  /**
   * This program failed at what the connection brought or wanted. Whoever hears of it closes the
   * connection; if nobody does, it is closed without a word.
   */
  void broke(Connection connection, Throwable fault);
}
