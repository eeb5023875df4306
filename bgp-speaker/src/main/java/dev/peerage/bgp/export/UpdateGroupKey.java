package dev.peerage.bgp.export;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.CodecContext;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Set;

/**
 * What has to be equal for peers to be told the same, beside the policy.
 *
 * @param external whether the peers are in another AS
 * @param nextHop this side's address of the sessions
 * @param families the negotiated families
 * @param longLived whether they take long-lived stale routes (RFC 9494)
 * @param codec how messages are encoded; what concerns received ones is left out
 */
public record UpdateGroupKey(
    boolean external,
    InetAddress nextHop,
    Set<AddressFamily> families,
    boolean longLived,
    CodecContext codec) {

  public UpdateGroupKey {
    families = Set.copyOf(families);
    codec = codec.asSent();
  }

  /** Whether there is a next hop for routes of the family that the peers take. */
  boolean reaches(AddressFamily family) {
    return families.contains(family)
        && (family == AddressFamily.IPV6_UNICAST // IPv4-mapped over IPv4, as Cilium does
            || nextHop instanceof Inet4Address
            || codec.extendedNextHop());
  }
}
