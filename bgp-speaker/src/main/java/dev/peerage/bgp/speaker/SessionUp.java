package dev.peerage.bgp.speaker;

import dev.peerage.bgp.session.Negotiated;
import dev.peerage.bgp.transport.Connection;
import dev.peerage.bgp.wire.Open;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session that has come up, for people.
 *
 * @param addresses from the sockets' addresses to logical ones
 */
record SessionUp(AddressMap addresses, Negotiated negotiated, Connection connection) {
  private static final Logger log = LoggerFactory.getLogger(SessionUp.class);

  /** This side's logical address. */
  InetAddress local() {
    return logical(connection.local()).getAddress();
  }

  /**
   * The addresses of this host, which are no next hops for it. Where the peer is on this host too,
   * its addresses cannot be told from this side's: then it is the one of the session only.
   */
  Set<InetAddress> ownAddresses() {
    Set<InetAddress> host = addresses.ofThisHost();
    return host.contains(logical(connection.remote()).getAddress())
            || connection.remote().getAddress().isLoopbackAddress()
        ? Set.of(local())
        : Stream.concat(host.stream(), Stream.of(local())).collect(Collectors.toSet());
  }

  /** What its next hops are chosen from. */
  NextHopChoice nextHops() {
    InetAddress socket = connection.local().getAddress();
    return new NextHopChoice(
        local(),
        // Addresses that stand for others say nothing of this host's.
        local().equals(socket) ? HostAddresses.beside(socket) : List.of(),
        negotiated.families(),
        negotiated.codec().extendedNextHop());
  }

  PeerState.Session facts() {
    return new PeerState.Session(
        logical(connection.local()),
        logical(connection.remote()),
        connection.dialed(),
        negotiated.peerId(),
        connection.sentOpen().map(Open::capabilities).orElse(List.of()),
        connection.receivedOpen().map(Open::capabilities).orElse(List.of()));
  }

  private InetSocketAddress logical(InetSocketAddress socket) {
    return new InetSocketAddress(addresses.toLogical(socket.getAddress()), socket.getPort());
  }

  void log(String title, LogLimit lines) {
    lines.log(more ->
        log.info(
            "{}: session up, AS {}, hold {} s, keepalive {} s, {}{}",
            title,
            negotiated.peerAsn(),
            negotiated.holdSeconds(),
            negotiated.keepAliveSeconds(),
            negotiated.families().stream().sorted().toList(),
            more));
  }
}
