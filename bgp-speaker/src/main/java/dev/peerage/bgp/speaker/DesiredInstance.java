package dev.peerage.bgp.speaker;

import dev.peerage.bgp.prefix.PrefixSet;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/**
 * One virtual router: its own ASN, router ID, RIB and peers.
 *
 * @param name unique in the speaker
 * @param localAsn 1 to 4294967295
 * @param routerId the BGP identifier (RFC 6286: any non-zero value)
 * @param listen whether and where it accepts connections
 * @param peers the peers, with unique names
 * @param routes the prefixes that it originates, next hop self; what else peers are told of them is
 *     the export policies' matter
 */
public record DesiredInstance(
    String name,
    long localAsn,
    Inet4Address routerId,
    Listen listen,
    List<DesiredPeer> peers,
    PrefixSet routes) {

  /** Copies the list. Throws {@link IllegalArgumentException} when a value is out of range. */
  public DesiredInstance {
    peers = List.copyOf(peers);
    if (localAsn < 1 || localAsn > 0xffff_ffffL) {
      throw new IllegalArgumentException("local ASN " + localAsn + " is not in 1..4294967295");
    }
    if (peers.stream().map(DesiredPeer::name).distinct().count() != peers.size()) {
      throw new IllegalArgumentException("instance " + name + ": two peers have the same name");
    }
  }

  /** Whether an instance accepts connections. */
  public sealed interface Listen {
    /** No listening socket. */
    record Off() implements Listen {}

    /**
     * A listening socket.
     *
     * @param address the local address; the unspecified address means all
     * @param port 1 to 65535
     */
    record On(InetAddress address, int port) implements Listen {}
  }
}
