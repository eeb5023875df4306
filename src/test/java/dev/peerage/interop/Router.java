package dev.peerage.interop;

import java.util.Map;
import java.util.Optional;

/**
 * A real router. It runs in the router's namespace with its configuration from the folder {@code
 * interop/} and answers from its own tables.
 */
interface Router {
  /** Its IPv4 route with attributes, which it always announces. */
  String IPV4 = "10.50.1.0/24";

  /** Its IPv6 route with attributes, which it always announces. */
  String IPV6 = "fd50:1::/48";

  /** Its second IPv4 route, without attributes. */
  String MORE_IPV4 = "10.50.2.0/24";

  /** Its second IPv6 route, without attributes. */
  String MORE_IPV6 = "fd50:2::/48";

  /** How it starts. */
  enum Start {
    /** With all routes of its own. */
    FRESH,
    /** After a kill, telling its neighbours so, and without the routes that {@link #more} names. */
    AGAIN
  }

  /** Its name and version, such as {@code FRR 8.4.4}. */
  String title();

  /** What it cannot do, each with the reason. */
  Map<Scenario, String> lacks();

  /** Starts it and waits until it answers commands. */
  void start(Start how);

  /** Its process. */
  Daemon daemon();

  /** Whether it runs. */
  default boolean alive() {
    return daemon().alive();
  }

  /** {@code kill -9}. */
  default void kill() {
    daemon().kill();
  }

  /** Whether its session with this instance of Peerage is Established. */
  boolean established(Session session);

  /** What tells one Established session from a later one: a time or a count. */
  String incarnation(Session session);

  /** The route of this prefix as received from this instance of Peerage. */
  Optional<Seen> received(Session session, String prefix);

  /** How many IPv4 routes it has from this instance. */
  int received(Session session);

  /** How many UPDATE messages or routes in them it has received from this instance so far. */
  long updates(Session session);

  /** Announces {@link #MORE_IPV4} and {@link #MORE_IPV6} to everybody, or withdraws them. */
  void more(boolean announced);

  /** Asks this instance of Peerage for its routes again (RFC 2918). */
  void askRefresh(Session session);

  /** Whether both sides announced enhanced route refresh (RFC 7313). */
  boolean enhancedRefresh(Session session);

  /**
   * Ends the session with a text for the other side (RFC 9003), and keeps it down for some seconds
   * at least.
   */
  void shutDown(Session session, String text);

  /** Lets the session come up, at once where it would wait. */
  void enable(Session session);

  /** Why the session last ended, in the router's words, with the shutdown text of the peer. */
  String lastError(Session session);

  /** Whether {@link #lastError} has the NOTIFICATION that answered its OPEN. */
  default boolean tellsOfRefusedOpen() {
    return true;
  }

  /** How large a table it is sent while other sessions have timers of 3 s. */
  default int largeTable() {
    return 100_000;
  }
}
