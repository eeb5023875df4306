package dev.peerage.bgp.wire;

/** What became of routes that were to be announced. */
public sealed interface Packed {
  /** The index of the first prefix not dealt with; the number of prefixes when done. */
  int next();

  /**
   * One UPDATE was appended, with the prefixes up to {@code next}.
   *
   * @param next greater than the index of the call
   */
  record Appended(int next) implements Packed {}

  /**
   * Nothing was appended: the prefixes up to {@code next} cannot be announced with these attributes
   * in this session. Where the peer has them from before, with other attributes, they are to be
   * withdrawn (RFC 8654 section 4, RFC 4271 sections 9.1.3 and 9.2).
   *
   * @param next greater than the index of the call; the prefixes from there on may be sendable
   * @param reason one line for the log
   */
  record Unsendable(int next, String reason) implements Packed {}
}
