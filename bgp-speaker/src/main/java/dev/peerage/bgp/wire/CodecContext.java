package dev.peerage.bgp.wire;

import java.util.Set;

/**
 * What the two OPEN messages agreed on, as far as it changes the encoding.
 *
 * @param fourOctetAsn ASNs have four octets (RFC 6793)
 * @param extendedMessage the peer reads messages of up to 65535 bytes (RFC 8654)
 * @param readsExtended this side announced that it does; the peer may then send them even if it
 *     does not read them itself (RFC 8654 section 4)
 * @param extendedNextHop IPv4 routes may have IPv6 next hops (RFC 8950)
 * @param families the families that both sides announced
 * @param addPathReceived the families whose routes the peer sends with path identifiers (RFC 7911)
 * @param addPathSent the families whose routes this side sends with path identifiers
 */
public record CodecContext(
    boolean fourOctetAsn,
    boolean extendedMessage,
    boolean readsExtended,
    boolean extendedNextHop,
    Set<AddressFamily> families,
    Set<AddressFamily> addPathReceived,
    Set<AddressFamily> addPathSent) {

  /** Before the OPEN messages: nothing agreed. */
  public static final CodecContext INITIAL = new CodecContext(false, false, false, Set.of());

  /** The largest message without RFC 8654. */
  public static final int MAX_LENGTH = 4096;

  /** The largest message with RFC 8654. */
  public static final int MAX_EXTENDED_LENGTH = 65535;

  /** Copies the sets. */
  public CodecContext {
    families = Set.copyOf(families);
    addPathReceived = Set.copyOf(addPathReceived);
    addPathSent = Set.copyOf(addPathSent);
  }

  /** Without path identifiers; extended messages in both directions or in none. */
  public CodecContext(
      boolean fourOctetAsn,
      boolean extendedMessage,
      boolean extendedNextHop,
      Set<AddressFamily> families) {
    this(
        fourOctetAsn,
        extendedMessage,
        extendedMessage,
        extendedNextHop,
        families,
        Set.of(),
        Set.of());
  }

  /** The same with path identifiers for these families (RFC 7911 section 4). */
  public CodecContext withAddPath(Set<AddressFamily> received, Set<AddressFamily> sent) {
    return new CodecContext(
        fourOctetAsn, extendedMessage, readsExtended, extendedNextHop, families, received, sent);
  }

  /** The same with the sizes of messages in the two directions (RFC 8654 section 4). */
  public CodecContext withExtendedMessage(boolean peerReads, boolean thisSideReads) {
    return new CodecContext(
        fourOctetAsn,
        peerReads,
        thisSideReads,
        extendedNextHop,
        families,
        addPathReceived,
        addPathSent);
  }

  /** The context on the other end of the session. */
  public CodecContext mirrored() {
    return new CodecContext(
        fourOctetAsn,
        readsExtended,
        extendedMessage,
        extendedNextHop,
        families,
        addPathSent,
        addPathReceived);
  }

  /** The same for what this side sends; equal for peers that are sent equal messages. */
  public CodecContext asSent() {
    return new CodecContext(
        fourOctetAsn,
        extendedMessage,
        extendedMessage,
        extendedNextHop,
        families,
        Set.of(),
        addPathSent);
  }

  /** The largest UPDATE, NOTIFICATION or ROUTE-REFRESH that may be sent, in bytes. */
  public int maxLength() {
    return extendedMessage ? MAX_EXTENDED_LENGTH : MAX_LENGTH;
  }

  /** The largest UPDATE, NOTIFICATION or ROUTE-REFRESH that may arrive, in bytes. */
  public int maxReceivedLength() {
    return readsExtended ? MAX_EXTENDED_LENGTH : MAX_LENGTH;
  }
}
