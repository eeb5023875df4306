package dev.peerage.announce;

/** A node with three peers: both families, IPv4 only, and without peer config. */
final class DualStack {
  private DualStack() {}

  /** Peers {@code all}, {@code v4} and {@code bare}; the former two take every advertisement. */
  static final String PEERS =
      """
      kind: CiliumBGPNodeConfig
      metadata: {name: k8s-ctr}
      spec:
        bgpInstances:
        - name: instance-65001
          localASN: 65001
          peers:
          - {name: all, peerASN: 65001, peerAddress: 192.168.10.200, peerConfigRef: {name: all}}
          - {name: v4, peerASN: 65001, peerAddress: 192.168.10.201, peerConfigRef: {name: v4}}
          - {name: bare, peerASN: 65001, peerAddress: 192.168.10.202}
      ---
      kind: CiliumBGPPeerConfig
      metadata: {name: all}
      spec:
        families:
        - {afi: ipv4, safi: unicast, advertisements: {}}
        - {afi: ipv6, safi: unicast, advertisements: {}}
      ---
      kind: CiliumBGPPeerConfig
      metadata: {name: v4}
      spec: {families: [{afi: ipv4, safi: unicast, advertisements: {}}]}
      ---
      """;

  static final String NODE =
      """
      kind: Node
      metadata: {name: k8s-ctr}
      status: {addresses: [{type: InternalIP, address: 192.168.10.100}]}
      ---
      """;

  /** An advertisement of one item. */
  static String advertisement(String name, String item) {
    return """
    kind: CiliumBGPAdvertisement
    metadata: {name: %s, labels: {advertise: bgp}}
    spec: {advertisements: [{%s}]}
    ---
    """
        .formatted(name, item);
  }

  /** A Service of namespace default. */
  static String service(String name, String labels, String spec, String ingress) {
    return """
    kind: Service
    metadata: {name: %s, namespace: default, labels: {%s}}
    spec: {%s}
    status: {loadBalancer: {ingress: [%s]}}
    ---
    """
        .formatted(name, labels, spec, ingress);
  }

  /** An EndpointSlice with endpoints on these nodes. */
  static String slice(String service, String family, String... nodes) {
    StringBuilder endpoints = new StringBuilder();
    for (String node : nodes) {
      endpoints.append("{nodeName: ").append(node).append(", conditions: {ready: true}}, ");
    }
    return """
    kind: EndpointSlice
    metadata: {name: %s-%s, namespace: default, labels: {kubernetes.io/service-name: %s}}
    addressType: %s
    endpoints: [%s]
    ---
    """
        .formatted(service, family, service, family, endpoints);
  }
}
