package dev.peerage.bgp.speaker;

import java.net.Inet4Address;
import java.util.List;

/**
 * One running instance.
 *
 * @param routerId its BGP identifier
 * @param peers in the order of the desired state
 * @param listenProblem why it accepts no connections although it should, one line; empty when it
 *     does, or shall not
 * @param listenFault what kind of problem that is
 */
public record InstanceState(
    String name,
    long localAsn,
    Inet4Address routerId,
    List<PeerState> peers,
    String listenProblem,
    ListenFault listenFault) {
  public InstanceState {
    peers = List.copyOf(peers);
  }

  /** Where a problem is that the address or port cannot be used. */
  public InstanceState(
      String name,
      long localAsn,
      Inet4Address routerId,
      List<PeerState> peers,
      String listenProblem) {
    this(
        name,
        localAsn,
        routerId,
        peers,
        listenProblem,
        listenProblem.isEmpty() ? ListenFault.NONE : ListenFault.NOT_POSSIBLE);
  }
}
