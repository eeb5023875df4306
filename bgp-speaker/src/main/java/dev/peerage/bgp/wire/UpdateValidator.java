package dev.peerage.bgp.wire;

/** Checks an UPDATE against what is known of the session (RFC 4271 section 6.3, RFC 7606). Pure. */
public final class UpdateValidator {
  private UpdateValidator() {}

  /**
   * What is known of the session.
   *
   * @param external whether the peer is in another AS
   * @param peerAsn the peer's ASN
   */
  public record Session(boolean external, long peerAsn) {}

  /** The update with the problems that only the session's facts reveal. */
  public static Update validate(Update update, Session session) {
    return UpdateRules.validate(update, session);
  }
}
