package dev.peerage.peering;

import dev.peerage.bgp.speaker.Endpoint.Source;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.crd.v2.AutoDiscovery;
import dev.peerage.crd.v2.CiliumBGPNodeConfigSpec.Peer;
import dev.peerage.host.DefaultGateway;
import dev.peerage.host.HostNetwork;
import dev.peerage.host.InterfaceAddress;
import dev.peerage.host.IpFamily;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The two ends of a session: where the peer is, and where the session starts from. */
record PeerAddresses(HostNetwork host, Collection<Problem> problems) {
  private static final String NOT_CONFIGURED = "the peer is not configured";

  /**
   * The configured address, else the discovered one. Throws {@link InvalidFieldException} without
   * either.
   */
  InetAddress of(Peer peer, FieldPath path) throws InvalidFieldException {
    if (peer.peerAddress() != null) {
      if (peer.autoDiscovery() != null) {
        problems.add(
            path.at("autoDiscovery")
                .problem(
                    "peerAddress is set as well, so nothing is discovered", "keep one of the two"));
      }
      return ofOnePeer(literal(peer.peerAddress(), path.at("peerAddress")), path.at("peerAddress"));
    }
    if (peer.autoDiscovery() != null) {
      return discovered(peer.autoDiscovery(), path.at("autoDiscovery"));
    }
    throw path.at("peerAddress")
        .invalid("it is not set", NOT_CONFIGURED, "set the peer's IP address");
  }

  private InetAddress discovered(AutoDiscovery discovery, FieldPath path)
      throws InvalidFieldException {
    if (discovery.mode() == null) {
      throw path.at("mode")
          .invalid(
              "it is none that this version knows",
              NOT_CONFIGURED,
              "use DefaultGateway, or set peerAddress");
    }
    AutoDiscovery.DefaultGateway wanted = discovery.defaultGateway();
    if (wanted == null || wanted.addressFamily() == null) {
      throw path.at("defaultGateway")
          .invalid(
              "it does not say which default route to follow",
              NOT_CONFIGURED,
              "set defaultGateway.addressFamily to ipv4 or ipv6");
    }
    IpFamily family =
        switch (wanted.addressFamily()) {
          case IPV4 -> IpFamily.IPV4;
          case IPV6 -> IpFamily.IPV6;
        };
    String there = NOT_CONFIGURED + " there until that changes";
    String remedy = "correct the node's routes, or set peerAddress";
    return switch (DefaultGateway.of(host, family)) {
      case DefaultGateway.Found found -> found.address();
      case DefaultGateway.NoRoute() ->
          throw path.invalid(
                  "the node has no " + family + " default route with a gateway", there, remedy)
              .ofNode();
      case DefaultGateway.LinkNotUp(var best) ->
          throw path.invalid(
                  "device %s of the node's %s default route is not up"
                      .formatted(best.link(), family),
                  there,
                  remedy)
              .ofNode();
      case DefaultGateway.LinkLocal(var best) ->
          throw path.invalid(
                  "the node's %s default gateway %s is link-local, which is not supported"
                      .formatted(family, IpText.of(best.gateway())),
                  there,
                  "give the node a route through a global address, or set peerAddress")
              .ofNode();
    };
  }

  private static InetAddress ofOnePeer(InetAddress address, FieldPath field)
      throws InvalidFieldException {
    if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
      throw field.invalid(
          "'%s' is not the address of a peer".formatted(IpText.of(address)),
          "it is not configured",
          "set the peer's own IP address");
    }
    if (address instanceof Inet6Address && address.isLinkLocalAddress()) {
      throw field.invalid(
          "'%s' is link-local, which is not supported".formatted(IpText.of(address)),
          NOT_CONFIGURED,
          "set a global address of the peer");
    }
    return address;
  }

  /**
   * Where the session starts from: the node's localAddress, else the one address of the peer
   * config's interface, else what the route to the peer says.
   *
   * @param peerInterface the peer config's {@code transport.sourceInterface}, if any
   * @param interfaceField where that is written
   */
  Source source(
      Peer peer,
      InetAddress address,
      FieldPath path,
      @Nullable String peerInterface,
      FieldPath interfaceField)
      throws InvalidFieldException {
    if (peer.localAddress() != null) {
      return local(peer.localAddress(), address, path.at("localAddress"));
    }
    if (peerInterface == null) {
      return new Source.Any();
    }
    IpFamily family = IpFamily.of(address);
    String start = "for peer " + peer.name() + ": ";
    return switch (InterfaceAddress.of(host, peerInterface, family)) {
      case InterfaceAddress.Found found -> new Source.Address(found.address());
      case InterfaceAddress.NoLink() ->
          ofRoute(interfaceField, start + "the node has no device " + peerInterface);
      case InterfaceAddress.NoAddress() ->
          ofRoute(
              interfaceField,
              start + "device " + peerInterface + " has no " + family + " address for it");
      case InterfaceAddress.Several(var all) ->
          ofRoute(
              interfaceField,
              start
                  + "device %s has several %s addresses (%s)"
                      .formatted(
                          peerInterface,
                          family,
                          String.join(", ", all.stream().map(IpText::of).toList())));
    };
  }

  private Source ofRoute(FieldPath field, String why) {
    problems.add(
        field
            .problem(
                why + "; the route to the peer decides the source address",
                "give the device exactly one, or set localAddress in a"
                    + " CiliumBGPNodeConfigOverride")
            .ofNode());
    return new Source.Any();
  }

  private static Source local(String text, InetAddress address, FieldPath field)
      throws InvalidFieldException {
    InetAddress local = literal(text, field);
    if (local.getAddress().length != address.getAddress().length) {
      throw field.invalid(
          text + " and the peer's address " + IpText.of(address) + " are of different families",
          NOT_CONFIGURED,
          "correct it in the node's CiliumBGPNodeConfigOverride");
    }
    return new Source.Address(local);
  }

  private static InetAddress literal(String text, FieldPath field) throws InvalidFieldException {
    try {
      return IpLiteral.parse(text);
    } catch (IllegalArgumentException e) {
      throw field.invalid(
          String.valueOf(e.getMessage()), NOT_CONFIGURED, "write an IP address without length");
    }
  }
}
