package dev.peerage.http;

import java.time.Duration;

/**
 * The most that one listener takes of the process that it runs in, whoever connects and whatever he
 * sends. A connection that is silent, or is being answered, holds some tens of KiB; the worst that
 * one can hold is a head of thousands of fields without a value, which is some hundreds of KiB
 * until it is refused.
 *
 * @param connections open at a time; one more takes the place of the one that has been open longest
 *     without waiting for an answer, or is closed where all wait for one
 * @param answers made at a time; the others wait for their turn
 * @param request from the connection to the end of the request's head, a TLS handshake included
 * @param answer from there to the end of the answer, however slowly it is read
 */
record HttpBounds(int connections, int answers, Duration request, Duration answer) {
  /** The request line, in bytes. */
  static final int LINE = 4 * 1024;

  /** All header fields together, in bytes; a token of a service account has about 1,200. */
  static final int FIELDS = 8 * 1024;

  /** What is read at once, and what of an answer is under way at once, in bytes. */
  static final int READ = 2 * 1024;

  static final int WRITE = 16 * 1024;

  /** What the kernel may keep of one connection in each direction, in bytes. */
  static final int SOCKET = 64 * 1024;

  /**
   * What comes after the head is thrown away, and no more of it than this: whoever sends a body
   * would otherwise find his connection reset before he reads why.
   */
  static final int DISCARDED = 256 * 1024;

  static final Duration DISCARDING = Duration.ofSeconds(1);

  /** Of health, readiness and metrics: few ask, and want an answer soon. */
  static final HttpBounds SCRAPE =
      new HttpBounds(32, 4, Duration.ofSeconds(10), Duration.ofMinutes(1));

  /** Of the looking glass: a whole table may go through a slow port-forward. */
  static final HttpBounds TABLES =
      new HttpBounds(32, 2, Duration.ofSeconds(10), Duration.ofMinutes(10));
}
