package dev.peerage.bgp.wire;

/** A message that ends the session. Without a stack trace, for peers can cause it at will. */
public final class MalformedMessageException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Malformed.SessionReset error;

  /** The message text is the error's reason. */
  public MalformedMessageException(Malformed.SessionReset error) {
    super(error.reason(), null, false, false);
    this.error = error;
  }

  static MalformedMessageException of(NotificationCode code, Bytes data, String reason) {
    return new MalformedMessageException(
        new Malformed.SessionReset(Notification.of(code, data), reason));
  }

  static MalformedMessageException of(NotificationCode code, String reason) {
    return of(code, Bytes.EMPTY, reason);
  }

  /** What to send to the peer, and why. */
  public Malformed.SessionReset error() {
    return error;
  }
}
