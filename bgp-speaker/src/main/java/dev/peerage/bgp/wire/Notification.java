package dev.peerage.bgp.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * NOTIFICATION (RFC 4271 section 4.5).
 *
 * @param code 0 to 255
 * @param subcode 0 to 255
 * @param data the data field; the codec cuts it to the largest message
 */
public record Notification(int code, int subcode, Bytes data) implements Message {

  /** Checks the ranges. */
  public Notification {
    Ranges.check(code, 0xff, "error code");
    Ranges.check(subcode, 0xff, "error subcode");
  }

  /** Without data. */
  public static Notification of(NotificationCode code) {
    return of(code, Bytes.EMPTY);
  }

  /** With data. */
  public static Notification of(NotificationCode code, Bytes data) {
    return new Notification(code.code(), code.subcode(), data);
  }

  /**
   * A Cease with a shutdown communication (RFC 9003), cut to 255 bytes at a character boundary.
   * Only for {@link NotificationCode#ADMINISTRATIVE_SHUTDOWN} and {@link
   * NotificationCode#ADMINISTRATIVE_RESET}.
   */
  public static Notification shutdown(NotificationCode code, String text) {
    byte[] utf8 = Utf8.cut(text, 255).getBytes(StandardCharsets.UTF_8);
    byte[] data = new byte[utf8.length + 1];
    data[0] = (byte) utf8.length;
    System.arraycopy(utf8, 0, data, 1, utf8.length);
    return of(code, Bytes.of(data));
  }

  /** A Cease that ends a session for good although both sides keep routes (RFC 8538 section 3). */
  public static Notification hardReset(Notification reason) {
    byte[] data = new byte[reason.data().length() + 2];
    data[0] = (byte) reason.code();
    data[1] = (byte) reason.subcode();
    System.arraycopy(reason.data().toArray(), 0, data, 2, data.length - 2);
    return of(NotificationCode.HARD_RESET, Bytes.of(data));
  }

  /** What is in a Hard Reset (RFC 8538 section 3), which may be a Hard Reset; else this. */
  public Notification reason() {
    if (!is(NotificationCode.HARD_RESET) || data.length() < 2) {
      return this;
    }
    byte[] reason = data.toArray();
    return new Notification(
        data.at(0), data.at(1), Bytes.of(Arrays.copyOfRange(reason, 2, reason.length)));
  }

  /** The named error, or empty when Peerage knows no name. */
  public Optional<NotificationCode> named() {
    return NotificationCode.of(code, subcode);
  }

  /** Whether this is a certain error. */
  public boolean is(NotificationCode other) {
    return code == other.code() && subcode == other.subcode();
  }

  /**
   * The shutdown communication (RFC 9003) of a Cease, empty when there is none or its length octet
   * lies. Control characters become spaces, bytes that are no UTF-8 the replacement character.
   */
  public String shutdownCommunication() {
    if ((!is(NotificationCode.ADMINISTRATIVE_SHUTDOWN)
            && !is(NotificationCode.ADMINISTRATIVE_RESET))
        || data.length() < 2
        || data.at(0) > data.length() - 1) {
      return "";
    }
    var text = new String(data.toArray(), 1, data.at(0), StandardCharsets.UTF_8);
    return text.replaceAll("[\\p{Cntrl}\\p{Cf}\u2028\u2029]", " ").strip();
  }

  /** One line for a person, for example {@code Cease/Administrative Shutdown (6/2): "upgrade"}. */
  public String text() {
    return text(true);
  }

  // One level only: a peer may nest Hard Resets as deep as its message is long.
  private String text(boolean unwrap) {
    var text = new StringBuilder(64);
    text.append(named().map(NotificationCode::text).orElseGet(() -> NotificationCode.text(code)));
    text.append(" (").append(code).append('/').append(subcode).append(')');
    String communication = shutdownCommunication();
    if (unwrap && is(NotificationCode.HARD_RESET) && data.length() >= 2) {
      text.append(": ").append(reason().text(false));
    } else if (!communication.isEmpty()) {
      text.append(": \"").append(communication).append('"');
    } else if (data.length() > 0) {
      text.append(", data ")
          .append(data.length() > 32 ? data.toString().substring(0, 64) + "…" : data);
    }
    return text.toString();
  }

  @Override
  public MessageType type() {
    return MessageType.NOTIFICATION;
  }
}
