package dev.peerage.bgp.export;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.CodecContext;
import java.util.Set;

/**
 * What has to be equal for peers to be told the same, beside the policy.
 *
 * @param external whether the peers are in another AS
 * @param nextHops what they are told as next hop
 * @param families the negotiated families
 * @param longLived whether they take long-lived stale routes (RFC 9494)
 * @param codec how messages are encoded; what concerns received ones is left out
 */
public record UpdateGroupKey(
    boolean external,
    NextHops nextHops,
    Set<AddressFamily> families,
    boolean longLived,
    CodecContext codec) {

  public UpdateGroupKey {
    families = Set.copyOf(families);
    codec = codec.asSent();
  }

  /** Whether there is a next hop for routes of the family that the peers take. */
  boolean reaches(AddressFamily family) {
    return families.contains(family) && nextHops.of(family).isPresent();
  }

  /** The same with other next hops. */
  UpdateGroupKey with(NextHops next) {
    return new UpdateGroupKey(external, next, families, longLived, codec);
  }
}
