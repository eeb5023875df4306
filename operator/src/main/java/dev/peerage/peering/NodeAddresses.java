package dev.peerage.peering;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a Node's status says of its addresses. Text that is no address is passed over. */
public final class NodeAddresses {
  private NodeAddresses() {}

  /** The InternalIPs, in the order of the status. */
  public static List<InetAddress> internal(Node node) {
    return of(node, Set.of("InternalIP"));
  }

  /** The InternalIPs and ExternalIPs, in the order of the status. */
  public static List<InetAddress> all(Node node) {
    return of(node, Set.of("InternalIP", "ExternalIP"));
  }

  private static List<InetAddress> of(Node node, Set<String> types) {
    return node.getStatus() == null
        ? List.of()
        : Stream.ofNullable(node.getStatus().getAddresses())
            .flatMap(List::stream)
            .filter(each -> types.contains(Objects.toString(each.getType(), "")))
            .map(NodeAddress::getAddress)
            .flatMap(NodeAddresses::parsed)
            .toList();
  }

  private static Stream<InetAddress> parsed(@Nullable String text) {
    if (text == null) {
      return Stream.empty();
    }
    try {
      return Stream.of(IpLiteral.parse(text));
    } catch (IllegalArgumentException _) {
      return Stream.empty();
    }
  }
}
