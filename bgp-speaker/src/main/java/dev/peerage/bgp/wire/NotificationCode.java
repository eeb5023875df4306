package dev.peerage.bgp.wire;

import java.util.Optional;

/**
 * The errors that a NOTIFICATION can name: RFC 4271 section 4.5, RFC 4486 (Cease), RFC 5492, RFC
 * 6608 (finite state machine), RFC 7313, RFC 8538 (Hard Reset), RFC 9234, RFC 9384 (BFD Down), RFC
 * 9687 (Send Hold Timer).
 */
public enum NotificationCode {
  MESSAGE_HEADER_ERROR(1, 0, "Unspecific"),
  CONNECTION_NOT_SYNCHRONIZED(1, 1, "Connection Not Synchronized"),
  BAD_MESSAGE_LENGTH(1, 2, "Bad Message Length"),
  BAD_MESSAGE_TYPE(1, 3, "Bad Message Type"),

  OPEN_MESSAGE_ERROR(2, 0, "Unspecific"),
  UNSUPPORTED_VERSION_NUMBER(2, 1, "Unsupported Version Number"),
  BAD_PEER_AS(2, 2, "Bad Peer AS"),
  BAD_BGP_IDENTIFIER(2, 3, "Bad BGP Identifier"),
  UNSUPPORTED_OPTIONAL_PARAMETER(2, 4, "Unsupported Optional Parameter"),
  UNACCEPTABLE_HOLD_TIME(2, 6, "Unacceptable Hold Time"),
  UNSUPPORTED_CAPABILITY(2, 7, "Unsupported Capability"),
  ROLE_MISMATCH(2, 11, "Role Mismatch"),

  UPDATE_MESSAGE_ERROR(3, 0, "Unspecific"),
  MALFORMED_ATTRIBUTE_LIST(3, 1, "Malformed Attribute List"),
  UNRECOGNIZED_WELL_KNOWN_ATTRIBUTE(3, 2, "Unrecognized Well-known Attribute"),
  MISSING_WELL_KNOWN_ATTRIBUTE(3, 3, "Missing Well-known Attribute"),
  ATTRIBUTE_FLAGS_ERROR(3, 4, "Attribute Flags Error"),
  ATTRIBUTE_LENGTH_ERROR(3, 5, "Attribute Length Error"),
  INVALID_ORIGIN_ATTRIBUTE(3, 6, "Invalid ORIGIN Attribute"),
  INVALID_NEXT_HOP_ATTRIBUTE(3, 8, "Invalid NEXT_HOP Attribute"),
  OPTIONAL_ATTRIBUTE_ERROR(3, 9, "Optional Attribute Error"),
  INVALID_NETWORK_FIELD(3, 10, "Invalid Network Field"),
  MALFORMED_AS_PATH(3, 11, "Malformed AS_PATH"),

  HOLD_TIMER_EXPIRED(4, 0, ""),

  FSM_ERROR(5, 0, "Unspecified Error"),
  UNEXPECTED_MESSAGE_IN_OPEN_SENT(5, 1, "Unexpected Message in OpenSent State"),
  UNEXPECTED_MESSAGE_IN_OPEN_CONFIRM(5, 2, "Unexpected Message in OpenConfirm State"),
  UNEXPECTED_MESSAGE_IN_ESTABLISHED(5, 3, "Unexpected Message in Established State"),

  CEASE(6, 0, "Unspecific"),
  MAXIMUM_NUMBER_OF_PREFIXES_REACHED(6, 1, "Maximum Number of Prefixes Reached"),
  ADMINISTRATIVE_SHUTDOWN(6, 2, "Administrative Shutdown"),
  PEER_DE_CONFIGURED(6, 3, "Peer De-configured"),
  ADMINISTRATIVE_RESET(6, 4, "Administrative Reset"),
  CONNECTION_REJECTED(6, 5, "Connection Rejected"),
  OTHER_CONFIGURATION_CHANGE(6, 6, "Other Configuration Change"),
  CONNECTION_COLLISION_RESOLUTION(6, 7, "Connection Collision Resolution"),
  OUT_OF_RESOURCES(6, 8, "Out of Resources"),
  HARD_RESET(6, 9, "Hard Reset"),
  BFD_DOWN(6, 10, "BFD Down"),

  ROUTE_REFRESH_MESSAGE_ERROR(7, 0, "Unspecific"),
  ROUTE_REFRESH_INVALID_LENGTH(7, 1, "Invalid Message Length"),

  SEND_HOLD_TIMER_EXPIRED(8, 0, "");

  private final int code;
  private final int subcode;
  private final String name;

  NotificationCode(int code, int subcode, String name) {
    this.code = code;
    this.subcode = subcode;
    this.name = name;
  }

  /** The error code on the wire. */
  public int code() {
    return code;
  }

  /** The error subcode on the wire. */
  public int subcode() {
    return subcode;
  }

  /** For example {@code OPEN Message Error/Bad Peer AS}. */
  public String text() {
    return name.isEmpty() ? text(code) : text(code) + "/" + name;
  }

  /** The error with these codes, or empty when there is no name for it. */
  public static Optional<NotificationCode> of(int code, int subcode) {
    for (NotificationCode each : values()) {
      if (each.code == code && each.subcode == subcode) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  static String text(int code) {
    return switch (code) {
      case 1 -> "Message Header Error";
      case 2 -> "OPEN Message Error";
      case 3 -> "UPDATE Message Error";
      case 4 -> "Hold Timer Expired";
      case 5 -> "Finite State Machine Error";
      case 6 -> "Cease";
      case 7 -> "ROUTE-REFRESH Message Error";
      case 8 -> "Send Hold Timer Expired";
      default -> "Unknown Error";
    };
  }
}
