package dev.peerage.bgp.speaker;

import dev.peerage.bgp.transport.Misconfigured;
import dev.peerage.bgp.transport.Network;
import dev.peerage.bgp.transport.Protection;
import dev.peerage.bgp.transport.Signing;
import dev.peerage.bgp.wire.IpText;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a peer's desired state means for its sockets.
 *
 * @param internal whether the peer has the instance's ASN
 */
record PeerSockets(Network network, AddressMap addresses, DesiredPeer peer, boolean internal) {
  /** Why no connection with this peer can work, one line; empty when it can. */
  String problem() {
    if (peer.endpoint().authentication() instanceof Endpoint.Authentication.Withheld) {
      return "the password is not known";
    }
    if (peer.endpoint().authentication() instanceof Endpoint.Authentication.TcpMd5(var key)) {
      int octets = key.getBytes(StandardCharsets.UTF_8).length;
      if (octets == 0) {
        return "the password is empty";
      }
      if (octets > Signing.Md5.LONGEST) {
        return "the password has "
            + octets
            + " octets, TCP MD5 takes "
            + Signing.Md5.LONGEST
            + " at most";
      }
    }
    return network.lacks(protection());
  }

  /** The socket address that stands for the peer's. */
  InetAddress address() {
    return addresses.toSocket(peer.address(), peer.endpoint().port()).getAddress();
  }

  Protection protection() {
    Signing signing =
        switch (peer.endpoint().authentication()) {
          case Endpoint.Authentication.None _, Endpoint.Authentication.Withheld _ ->
              new Signing.None();
          case Endpoint.Authentication.TcpMd5(var key) -> new Signing.Md5(key);
        };
    return switch (peer.endpoint().hops()) {
      case Endpoint.Hops.Ttl(var ttl) -> new Protection(internal ? 0 : ttl, 0, signing);
      // RFC 5082 section 3
      case Endpoint.Hops.Gtsm(var hops) -> new Protection(255, 256 - hops, signing);
    };
  }

  /** Where to dial now. */
  Network.Target target() throws Misconfigured {
    String problem = problem();
    if (!problem.isEmpty()) {
      throw new Misconfigured(problem);
    }
    InetSocketAddress remote = addresses.toSocket(peer.address(), peer.endpoint().port());
    return switch (peer.endpoint().source()) {
      case Endpoint.Source.Any _ -> target(remote, Optional.empty());
      case Endpoint.Source.Address(var address) -> {
        if (address instanceof Inet4Address != peer.address() instanceof Inet4Address) {
          throw new Misconfigured(
              "the source address " + IpText.of(address) + " is of another family than the peer's");
        }
        yield target(remote, Optional.of(addresses.toSocket(address, 0)));
      }
      case Endpoint.Source.Interface(var name) -> {
        NetworkInterface found = find(name);
        InetAddress local = SourceAddress.of(found, remote.getAddress());
        yield target(
            new InetSocketAddress(scoped(remote.getAddress(), found), remote.getPort()),
            Optional.of(new InetSocketAddress(local, 0)));
      }
    };
  }

  private Network.Target target(InetSocketAddress remote, Optional<InetSocketAddress> local) {
    return new Network.Target(remote, local, protection());
  }

  private static NetworkInterface find(String name) throws Misconfigured {
    try {
      NetworkInterface found = NetworkInterface.getByName(name);
      if (found == null) {
        throw new Misconfigured("there is no interface " + name + " for the source address");
      }
      return found;
    } catch (SocketException e) {
      throw new Misconfigured("interface " + name + " cannot be asked: " + e.getMessage());
    }
  }

  // A link-local address means nothing without its link.
  private static InetAddress scoped(InetAddress remote, NetworkInterface on) {
    if (remote instanceof Inet6Address ipv6
        && ipv6.isLinkLocalAddress()
        && ipv6.getScopeId() == 0) {
      try {
        return Inet6Address.getByAddress(null, ipv6.getAddress(), on.getIndex());
      } catch (java.net.UnknownHostException e) {
        throw new IllegalStateException("16 octets are an address", e);
      }
    }
    return remote;
  }
}
