package dev.peerage.peering;

import dev.peerage.host.HostNetwork;
import dev.peerage.host.StableMac;
import dev.peerage.peering.NodeSettings.RouterIdMode;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import java.net.Inet4Address;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The BGP identifier of an instance. Instances of one node that name none share it: they are
 * speakers of their own, with peers of their own (RFC 6286 asks for uniqueness within an AS).
 */
final class RouterId {
  private static final List<String> PREFERRED = List.of("InternalIP", "ExternalIP");

  private final String nodeName;
  private final RouterIdMode mode;
  private final Optional<Inet4Address> ofNode;

  RouterId(NodeSnapshot snapshot) {
    this.nodeName = snapshot.node().getMetadata().getName();
    this.mode = snapshot.context().settings().routerIdMode();
    this.ofNode = ofAddresses(snapshot.node()).or(() -> ofHardware(snapshot.context().host()));
  }

  /**
   * The configured ID, else the node's IPv4 address (InternalIP before ExternalIP), else the lower
   * four octets of a hardware address. Throws {@link InvalidFieldException} when there is none, and
   * when IDs come from the operator's pool and it gave none.
   */
  Inet4Address of(@Nullable String configured, FieldPath field) throws InvalidFieldException {
    if (configured != null) {
      return parse(configured)
          .orElseThrow(() ->
              field.invalid(
                  "'" + configured + "' is no IPv4 address other than 0.0.0.0",
                  "the instance is not started on node " + nodeName,
                  "write an IPv4 address"));
    }
    return switch (mode) {
      case IP_POOL ->
          throw field
              .invalid(
                  "it is not set and the router-ID pool gave node " + nodeName + " none",
                  "the instance is not started there",
                  "enlarge bgpControlPlane.routerIDAllocation.ipPool, or set routerID for this"
                      + " node in a CiliumBGPNodeConfigOverride")
              .ofNode();
      case DEFAULT ->
          ofNode.orElseThrow(() ->
              field
                  .invalid(
                      "it is not set and node "
                          + nodeName
                          + " has neither an IPv4 address nor a hardware address to take it"
                          + " from",
                      "the instance is not started there",
                      "set routerID for this node in a CiliumBGPNodeConfigOverride")
                  .ofNode());
    };
  }

  private static Optional<Inet4Address> ofAddresses(Node node) {
    if (node.getStatus() == null || node.getStatus().getAddresses() == null) {
      return Optional.empty();
    }
    List<NodeAddress> all = node.getStatus().getAddresses();
    return PREFERRED.stream()
        .flatMap(type -> all.stream().filter(address -> type.equals(address.getType())))
        .map(address -> parse(address.getAddress()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<Inet4Address> ofHardware(HostNetwork host) {
    return StableMac.of(host).map(mac -> ofBits(mac.lowerFourOctets()));
  }

  private static Inet4Address ofBits(int bits) {
    return Inet4Address.ofLiteral(
        "%d.%d.%d.%d".formatted(bits >>> 24, bits >>> 16 & 0xff, bits >>> 8 & 0xff, bits & 0xff));
  }

  private static Optional<Inet4Address> parse(String text) {
    try {
      return IpLiteral.parse(text) instanceof Inet4Address id && !id.isAnyLocalAddress()
          ? Optional.of(id)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
