package dev.peerage.bgp.speaker;

import java.net.Inet4Address;
import java.util.List;

/**
 * One running instance.
 *
 * @param name the instance's name
 * @param localAsn its ASN
 * @param routerId its BGP identifier
 * @param peers in the order of the desired state
 */
public record InstanceState(
    String name, long localAsn, Inet4Address routerId, List<PeerState> peers) {
  /** Copies the list. */
  public InstanceState {
    peers = List.copyOf(peers);
  }
}
