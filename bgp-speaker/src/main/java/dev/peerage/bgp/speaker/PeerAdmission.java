package dev.peerage.bgp.speaker;

import dev.peerage.bgp.transport.Admission;
import dev.peerage.bgp.transport.ConnectionEvents;
import dev.peerage.bgp.transport.Protection;
import dev.peerage.bgp.wire.IpText;
import io.netty.util.concurrent.Ticker;
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
final class PeerAdmission implements Admission.Policy {
  private static final Logger log = LoggerFactory.getLogger(PeerAdmission.class);

  private final String title;
  private final AddressMap addresses;
  private final Ticker ticker;
  private final LogLimit strangers;
  private final LogLimit refusals;
  private Map<InetAddress, AddressPeers> byAddress = Map.of();

  /** The peers of one address. */
  private record AddressPeers(List<Peer> peers, AcceptRate rate) {}

  /**
   * Nobody is admitted until {@link #use}.
   *
   * @param title the instance's name, for logs
   */
  PeerAdmission(String title, Environment environment) {
    this.title = title;
    this.addresses = environment.settings().addresses();
    this.ticker = environment.tasks().ticker();
    this.strangers = new LogLimit(environment.settings().clock());
    this.refusals = new LogLimit(environment.settings().clock());
  }

  void use(Collection<Peer> peers) {
    Map<InetAddress, AddressPeers> next = new HashMap<>();
    for (Peer peer : peers) {
      InetAddress address = peer.desired().address();
      AddressPeers before = byAddress.get(address);
      next.computeIfAbsent(
              address,
              _ ->
                  new AddressPeers(
                      new ArrayList<>(), before == null ? new AcceptRate(ticker) : before.rate()))
          .peers()
          .add(peer);
    }
    byAddress = next;
  }

  /**
   * What connections from each address must have. A socket has one key for an address: of several
   * peers with one address the first that accepts connections decides, and the others are told.
   */
  Map<InetAddress, Protection> protections() {
    Map<InetAddress, Protection> all = new HashMap<>();
    for (AddressPeers sharing : byAddress.values()) {
      for (Peer peer : sharing.peers()) {
        PeerSockets sockets = peer.sockets();
        if (!peer.accepts() || !sockets.problem().isEmpty()) {
          continue;
        }
        Protection own = sockets.protection();
        Protection first = all.merge(sockets.address(), own, PeerAdmission::both);
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
    AddressPeers sharing = byAddress.get(address);
    if (sharing == null) {
      strangers.log(more ->
          log.info(
              "{}: connection from {} closed: no such peer{}", title, IpText.of(address), more));
      return new Admission.Refused();
    }
    if (!sharing.rate().take()) {
      refused(remote, "the peer connects too often");
      return new Admission.Refused();
    }
    for (Peer peer : sharing.peers()) {
      PeerSockets sockets = peer.sockets();
      if (!peer.accepts() || !sockets.problem().isEmpty()) {
        continue;
      }
      Optional<ConnectionEvents> events = peer.session().accept();
      if (events.isPresent()) {
        return new Admission.Granted(events.get(), sockets.protection());
      }
    }
    log.debug("{}: connection from {} closed: none is wanted now", title, IpText.of(address));
    return new Admission.Refused();
  }

  @Override
  public void refused(InetSocketAddress remote, String reason) {
    InetAddress address = addresses.toLogical(remote.getAddress());
    refusals.log(more ->
        log.warn("{}: connection from {} closed: {}{}", title, IpText.of(address), reason, more));
  }
}
