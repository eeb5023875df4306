package dev.peerage.bgp.wire;

import java.util.Set;

/**
 * What the two OPEN messages agreed on, as far as it changes the encoding.
 *
 * @param fourOctetAsn ASNs have four octets (RFC 6793)
 * @param extendedMessage messages have up to 65535 bytes (RFC 8654)
 * @param extendedNextHop IPv4 routes may have IPv6 next hops (RFC 8950)
 * @param families the families that both sides announced
 */
public record CodecContext(
    boolean fourOctetAsn,
    boolean extendedMessage,
    boolean extendedNextHop,
    Set<AddressFamily> families) {

  /** Before the OPEN messages: nothing agreed. */
  public static final CodecContext INITIAL = new CodecContext(false, false, false, Set.of());

  /** The largest message without RFC 8654. */
  public static final int MAX_LENGTH = 4096;

  /** The largest message with RFC 8654. */
  public static final int MAX_EXTENDED_LENGTH = 65535;

  /** Copies the set. */
  public CodecContext {
    families = Set.copyOf(families);
  }

  /** The largest UPDATE, NOTIFICATION or ROUTE-REFRESH in bytes. */
  public int maxLength() {
    return extendedMessage ? MAX_EXTENDED_LENGTH : MAX_LENGTH;
  }
}
