package dev.peerage.http;

/** Who may read the metrics. */
@FunctionalInterface
public interface ScrapeAccess {
  /**
   * What is known of whoever shows a token; may wait for an answer from elsewhere.
   *
   * @param token not to be logged or kept
   */
  Verdict of(String token);

  /** Whether somebody may. */
  sealed interface Verdict {
    /** He may. */
    record Allowed() implements Verdict {}

    /** The token is no good. */
    record Unauthenticated(String why) implements Verdict {}

    /** The token is good, but its user may not. */
    record Forbidden(String user) implements Verdict {}

    /** Nobody can say at the moment. */
    record Unknown(String why) implements Verdict {}
  }
}
