package dev.peerage.bgp.wire;

import java.net.Inet4Address;
import java.util.Optional;

/** Checks an OPEN against what this side expects (RFC 4271 section 6.2). Pure. */
public final class OpenValidator {
  private OpenValidator() {}

  /**
   * What this side knows.
   *
   * @param localAsn this side's ASN
   * @param localIdentifier this side's BGP identifier
   * @param peerAsn the ASN that the peer must have, 0 for any
   */
  public record Expectation(long localAsn, Inet4Address localIdentifier, long peerAsn) {}

  /** What is wrong with the OPEN, if anything. */
  public static Optional<Malformed.SessionReset> check(Open open, Expectation expectation) {
    if (open.asn() == 0) {
      return reset(NotificationCode.BAD_PEER_AS, asn(0), "peer announces AS 0"); // RFC 7607
    }
    if (expectation.peerAsn() != 0 && open.asn() != expectation.peerAsn()) {
      return reset(
          NotificationCode.BAD_PEER_AS,
          asn(open.asn()),
          "peer announces AS " + open.asn() + ", expected is " + expectation.peerAsn());
    }
    // RFC 6286 section 2.2: the same identifier is an error inside one AS only.
    if (open.asn() == expectation.localAsn()
        && open.bgpIdentifier().equals(expectation.localIdentifier())) {
      return reset(
          NotificationCode.BAD_BGP_IDENTIFIER,
          Bytes.of(open.bgpIdentifier().getAddress()),
          "peer has this side's BGP identifier " + IpText.of(open.bgpIdentifier()));
    }
    return Optional.empty();
  }

  private static Optional<Malformed.SessionReset> reset(
      NotificationCode code, Bytes data, String reason) {
    return Optional.of(new Malformed.SessionReset(Notification.of(code, data), reason));
  }

  private static Bytes asn(long asn) {
    return asn <= 0xffff
        ? Bytes.octets((int) asn >> 8, (int) asn)
        : Bytes.octets((int) (asn >> 24), (int) (asn >> 16), (int) (asn >> 8), (int) asn);
  }
}
