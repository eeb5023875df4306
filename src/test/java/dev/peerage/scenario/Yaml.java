package dev.peerage.scenario;

import java.util.List;

/** The objects of scenarios as YAML; {@code SITE} stands for the site's title. */
final class Yaml {
  private Yaml() {}

  /** A CiliumBGPClusterConfig for the site's node. */
  static String clusterConfig(String... instances) {
    return """
    ---
    apiVersion: cilium.io/v2
    kind: CiliumBGPClusterConfig
    metadata: {name: SITE}
    spec:
      nodeSelector: {matchLabels: {site: SITE}}
      bgpInstances:
    """
        + String.join("", instances);
  }

  static String instance(String name, long asn, String... peers) {
    return "  - {name: %s, localASN: %d, peers: [%s]}\n"
        .formatted(name, asn, String.join(", ", peers));
  }

  /** A peer with the CiliumBGPPeerConfig {@code SITE-config}. */
  static String peer(String name, long asn, String address, String config) {
    return "{name: %s, peerASN: %d, peerAddress: \"%s\", peerConfigRef: {name: SITE-%s}}"
        .formatted(name, asn, address, config);
  }

  /**
   * A CiliumBGPPeerConfig {@code SITE-name}, both families of which select the advertisements
   * labelled {@code site: SITE} and {@code for: name}.
   *
   * @param more further fields of its spec, as lines
   */
  static String peerConfig(String name, String more) {
    return peerConfig(name, more, "ipv4", "ipv6");
  }

  static String peerConfig(String name, String more, String... families) {
    StringBuilder all =
        new StringBuilder(
            """
            ---
            apiVersion: cilium.io/v2
            kind: CiliumBGPPeerConfig
            metadata: {name: SITE-%s}
            spec:
              families:
            """
                .formatted(name));
    for (String family : families) {
      all.append(
          "  - {afi: %s, safi: unicast, advertisements: {matchLabels: {site: SITE, for: %s}}}\n"
              .formatted(family, name));
    }
    return all + more.indent(2);
  }

  /** A CiliumBGPAdvertisement {@code SITE-name} for the PeerConfig {@code SITE-config}. */
  static String advertisement(String name, String config, String... items) {
    return """
    ---
    apiVersion: cilium.io/v2
    kind: CiliumBGPAdvertisement
    metadata: {name: SITE-%s, labels: {site: SITE, for: %s}}
    spec:
      advertisements:
    """
            .formatted(name, config)
        + String.join("", List.of(items).stream().map("  - %s\n"::formatted).toList());
  }

  /** An item of an advertisement: these addresses of all Services of the site. */
  static String services(String addresses, String more) {
    return "{advertisementType: Service, service: {addresses: [%s]}, selector: {matchLabels: {site: SITE}}%s}"
        .formatted(addresses, more.isEmpty() ? "" : ", " + more);
  }

  /** A CiliumLoadBalancerIPPool for the Services of the site. */
  static String pool(String... cidrs) {
    return """
    ---
    apiVersion: cilium.io/v2
    kind: CiliumLoadBalancerIPPool
    metadata: {name: SITE}
    spec:
      serviceSelector: {matchLabels: {site: SITE}}
      blocks: [%s]
    """
        .formatted(
            String.join(", ", List.of(cidrs).stream().map("{cidr: \"%s\"}"::formatted).toList()));
  }

  /**
   * A Service in the namespace default, labelled {@code site: SITE}, with port 80.
   *
   * @param annotations as a flow mapping, such as <code>{lbipam.cilium.io/ips: 10.0.0.1}</code>
   * @param fields further fields of its spec
   */
  static String service(String name, String annotations, String... fields) {
    return """
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: %s, namespace: default, labels: {site: SITE}, annotations: %s}
    spec:
      ports: [{port: 80}]
    """
            .formatted(name, annotations)
        + String.join("\n", fields).indent(2);
  }

  /**
   * The EndpointSlice {@code service-family} with one endpoint.
   *
   * @param family {@code ipv4} or {@code ipv6}
   * @param node its node
   * @param ready whether it is ready, and serving
   */
  static String endpoint(String service, String family, String node, boolean ready) {
    return """
    ---
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: %1$s-%2$s, namespace: default, labels: {kubernetes.io/service-name: %1$s}}
    addressType: %3$s
    ports: [{port: 80}]
    endpoints:
    - {addresses: ["%4$s"], nodeName: %5$s, conditions: {ready: %6$s, serving: %6$s, terminating: false}}
    """
        .formatted(
            service,
            family,
            family.equals("ipv4") ? "IPv4" : "IPv6",
            family.equals("ipv4") ? "10.244.9.9" : "fd44:9::9",
            node,
            ready);
  }
}
