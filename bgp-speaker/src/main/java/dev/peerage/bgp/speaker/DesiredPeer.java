package dev.peerage.bgp.speaker;

import dev.peerage.bgp.export.ExportPolicy;
import java.net.InetAddress;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One peer of an instance. A setting belongs to the record that says what it is about; here stands
 * what makes a peer the same peer, and what becomes of routes.
 *
 * @param name unique in the instance
 * @param asn the ASN that its OPEN must announce; 0 accepts any
 * @param endpoint where the peer is, and how its connection is opened and protected
 * @param session what is proposed to it
 * @param importPolicy what becomes of received routes
 * @param exportPolicy what is sent
 * @param limits how much it may send
 * @param ownAddresses addresses of this host for next hops, the best one first, where that of the
 *     session does not do
 */
public record DesiredPeer(
    String name,
    long asn,
    Endpoint endpoint,
    SessionTerms session,
    ImportPolicy importPolicy,
    ExportPolicy exportPolicy,
    ReceiveLimits limits,
    List<InetAddress> ownAddresses) {

  /** Without limits of its own, where no other address of this host is known. */
  public DesiredPeer(
      String name,
      long asn,
      Endpoint endpoint,
      SessionTerms session,
      ImportPolicy importPolicy,
      ExportPolicy exportPolicy) {
    this(name, asn, endpoint, session, importPolicy, exportPolicy, ReceiveLimits.NONE, List.of());
  }

  /** Where no other address of this host is known. */
  public DesiredPeer(
      String name,
      long asn,
      Endpoint endpoint,
      SessionTerms session,
      ImportPolicy importPolicy,
      ExportPolicy exportPolicy,
      ReceiveLimits limits) {
    this(name, asn, endpoint, session, importPolicy, exportPolicy, limits, List.of());
  }

  public DesiredPeer {
    ownAddresses = List.copyOf(ownAddresses);
    if (asn < 0 || asn > 0xffff_ffffL) {
      throw new IllegalArgumentException(
          "peer " + name + ": ASN " + asn + " is not in 0..4294967295");
    }
  }

  /**
   * A peer with the defaults of {@link Endpoint#of} and {@link SessionTerms#DEFAULT}, that sends
   * and accepts nothing (RFC 8212).
   */
  public static DesiredPeer of(String name, InetAddress address, long asn) {
    return new DesiredPeer(
        name,
        asn,
        Endpoint.of(address),
        SessionTerms.DEFAULT,
        ImportPolicy.REJECT,
        new ExportPolicy.Statements("", List.of()));
  }

  /** The peer's address. */
  public InetAddress address() {
    return endpoint.address();
  }

  /** This with a changed endpoint. */
  public DesiredPeer withEndpoint(UnaryOperator<Endpoint> change) {
    return new DesiredPeer(
        name,
        asn,
        change.apply(endpoint),
        session,
        importPolicy,
        exportPolicy,
        limits,
        ownAddresses);
  }

  /** This with a changed session. */
  public DesiredPeer withSession(UnaryOperator<SessionTerms> change) {
    return new DesiredPeer(
        name,
        asn,
        endpoint,
        change.apply(session),
        importPolicy,
        exportPolicy,
        limits,
        ownAddresses);
  }

  /** This with another import policy. */
  public DesiredPeer withImportPolicy(ImportPolicy next) {
    return new DesiredPeer(name, asn, endpoint, session, next, exportPolicy, limits, ownAddresses);
  }

  /** This with another export policy. */
  public DesiredPeer withExportPolicy(ExportPolicy next) {
    return new DesiredPeer(name, asn, endpoint, session, importPolicy, next, limits, ownAddresses);
  }

  /** This with other limits. */
  public DesiredPeer withLimits(ReceiveLimits next) {
    return new DesiredPeer(
        name, asn, endpoint, session, importPolicy, exportPolicy, next, ownAddresses);
  }

  /** This with other addresses of this host. */
  public DesiredPeer withOwnAddresses(List<InetAddress> next) {
    return new DesiredPeer(name, asn, endpoint, session, importPolicy, exportPolicy, limits, next);
  }

  /** What becomes of received routes. */
  public enum ImportPolicy {
    /** None is used. They are counted, and kept to be shown as long as there is room. */
    REJECT,
    /** All are used that RFC 4271 lets through. */
    ACCEPT,
    /**
     * As {@link #ACCEPT}, also when the AS_PATH does not begin with the peer's AS, as those of a
     * route server do not (RFC 7947 section 2.2.2.1).
     */
    ACCEPT_FROM_ROUTE_SERVER
  }
}
