package dev.peerage.bgp.speaker;

import dev.peerage.bgp.rib.ReceivedRoutes;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;

/** Whether what a peer has sent is within its limits. Pure. */
sealed interface LimitCheck {
  /** So many percent of a limit are worth a warning. */
  int NEAR = 80;

  /** Nothing to say. */
  record Within() implements LimitCheck {}

  /**
   * The session goes on.
   *
   * @param warning one line, the same as long as the same is wrong
   */
  record Warned(String warning) implements LimitCheck {}

  /**
   * The session ends.
   *
   * @param reason one line
   */
  record Exceeded(String reason) implements LimitCheck {
    /** What the peer hears (RFC 4486 section 4). */
    Notification cease() {
      return Notification.of(NotificationCode.MAXIMUM_NUMBER_OF_PREFIXES_REACHED);
    }
  }

  /**
   * Judges a peer.
   *
   * @param received what is kept of it
   * @param prefixes how many prefixes it may send, 0 = any number
   * @param bytes what they may take of memory, 0 = anything
   */
  static LimitCheck of(ReceivedRoutes received, int prefixes, long bytes) {
    long sent = received.prefixes() + received.notKept();
    if (prefixes > 0 && sent > prefixes) {
      return new Exceeded("the peer sent more than " + prefixes + " prefixes, its limit");
    }
    if (bytes > 0 && received.bytes() > bytes) {
      return new Exceeded(
          "the peer's routes take more than " + mebibytes(bytes) + " of memory, their limit");
    }
    if (prefixes > 0 && 100 * sent > (long) NEAR * prefixes) {
      return new Warned(
          "the peer sent more than "
              + NEAR
              + " % of the "
              + prefixes
              + " prefixes that it may send before the session ends");
    }
    if (bytes > 0 && received.bytes() > bytes / 100 * NEAR) {
      return new Warned(
          "the peer's routes take more than "
              + NEAR
              + " % of the "
              + mebibytes(bytes)
              + " of memory that they may take before the session ends");
    }
    if (received.notKept() > 0) {
      return new Warned(
          "the peer sent more prefixes than there is room for; none is used, and those beyond it"
              + " are neither counted nor shown");
    }
    return received.withoutAttributes()
        ? new Warned(
            "the peer sent more path attributes than there is room for; none is used, and those"
                + " beyond it are not shown")
        : new Within();
  }

  /** For example {@code 48 MiB}. */
  static String mebibytes(long bytes) {
    return bytes < 1 << 20 ? (bytes >> 10) + " KiB" : (bytes >> 20) + " MiB";
  }
}
