package dev.peerage.bgp.speaker;

import dev.peerage.bgp.transport.Admission;
import dev.peerage.bgp.transport.ConnectionEvents;
import dev.peerage.bgp.transport.Protection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which connections an instance accepts, from the source address alone. Nothing is kept for
 * an address that belongs to no peer, and a peer has one connection at a time that has not led to a
 * session.
 */
final class Doorkeeper implements Admission.Desk {
  private static final Logger LOG = LoggerFactory.getLogger(Doorkeeper.class);

  private final String title;
  private final AddressMap addresses;
  private final LogLimit strangers = new LogLimit();
  private final LogLimit refusals = new LogLimit();
  private Map<InetAddress, Entrance> entrances = Map.of();

  /** The peers of one address. */
  private record Entrance(List<Peer> peers, AcceptRate rate) {}

  /**
   * Nobody is admitted until {@link #use}.
   *
   * @param title the instance's name, for logs
   */
  Doorkeeper(String title, AddressMap addresses) {
    this.title = title;
    this.addresses = addresses;
  }

  /** From now on these peers are admitted. */
  void use(Collection<Peer> peers) {
    Map<InetAddress, Entrance> next = new HashMap<>();
    for (Peer peer : peers) {
      InetAddress address = peer.desired().address();
      Entrance before = entrances.get(address);
      next.computeIfAbsent(
              address,
              _ ->
                  new Entrance(
                      new ArrayList<>(), before == null ? new AcceptRate() : before.rate()))
          .peers()
          .add(peer);
    }
    entrances = next;
  }

  /**
   * What connections from each address must have. A socket has one key for an address: of several
   * peers with one address the first that accepts connections decides, and the others are told.
   */
  Map<InetAddress, Protection> protections() {
    Map<InetAddress, Protection> all = new HashMap<>();
    for (Entrance entrance : entrances.values()) {
      for (Peer peer : entrance.peers()) {
        PeerSockets sockets = peer.sockets();
        if (!peer.accepts() || !sockets.problem().isEmpty()) {
          continue;
        }
        Protection own = sockets.protection();
        Protection first = all.merge(sockets.address(), own, Doorkeeper::both);
        if (!first.signing().equals(own.signing())) {
          peer.misconfigured(
              "another peer of this instance has the same address and another password; it gets all"
                  + " connections that come from there");
        }
      }
    }
    return all;
  }

  private static Protection both(Protection first, Protection second) {
    return new Protection(
        first.ttl(), Math.min(first.leastTtl(), second.leastTtl()), first.signing());
  }

  @Override
  public Admission admit(InetSocketAddress remote) {
    InetAddress address = addresses.toLogical(remote.getAddress());
    Entrance entrance = entrances.get(address);
    if (entrance == null) {
      strangers.log(more ->
          LOG.info(
              "{}: connection from {} closed: no such peer{}",
              title,
              address.getHostAddress(),
              more));
      return new Admission.Refused();
    }
    if (!entrance.rate().take()) {
      refused(remote, "the peer connects too often");
      return new Admission.Refused();
    }
    for (Peer peer : entrance.peers()) {
      PeerSockets sockets = peer.sockets();
      if (!peer.accepts() || !sockets.problem().isEmpty()) {
        continue;
      }
      Optional<ConnectionEvents> events = peer.session().accept();
      if (events.isPresent()) {
        return new Admission.Granted(events.get(), sockets.protection());
      }
    }
    LOG.debug("{}: connection from {} closed: none is wanted now", title, address.getHostAddress());
    return new Admission.Refused();
  }

  @Override
  public void refused(InetSocketAddress remote, String reason) {
    InetAddress address = addresses.toLogical(remote.getAddress());
    refusals.log(more ->
        LOG.warn(
            "{}: connection from {} closed: {}{}", title, address.getHostAddress(), reason, more));
  }
}
