package dev.peerage.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A set of objects that changes by one object at a time, at random: Nodes, Services with their
 * EndpointSlices, and all of Cilium's kinds. There are few names, labels and addresses, so that
 * objects meet: pools that overlap, Services that ask for the same address, peers without a config,
 * ClusterConfigs that want the same Node.
 */
final class RandomObjects {
  private static final List<String> COLORS = List.of("red", "blue");
  private static final List<String> RACKS = List.of("a", "b");

  private final Random random;

  /** By file name. */
  private final Map<String, String> objects = new TreeMap<>();

  /** The names of all objects that there can be; each begins with its kind's. */
  private static final List<String> NAMES =
      List.of(
          "node-1",
          "node-2",
          "pool-1",
          "pool-2",
          "pool-3",
          "service-1",
          "service-2",
          "service-3",
          "service-4",
          "slice-1",
          "slice-2",
          "slice-3",
          "cluster-1",
          "cluster-2",
          "peer-1",
          "peer-2",
          "advertisement-1",
          "advertisement-2",
          "advertisement-3",
          "override-1");

  /** One change. */
  sealed interface Change {
    /** The object is new, or has another form. */
    record Write(String name, String yaml) implements Change {}

    /** The object is gone. */
    record Delete(String name) implements Change {}
  }

  RandomObjects(long seed) {
    random = new Random(seed);
  }

  /** So that there is something to begin with: a Node that is selected, a peer and a Service. */
  List<Change> beginning() {
    List<Change> changes = new ArrayList<>();
    for (String name :
        List.of(
            "node-1",
            "peer-1",
            "cluster-1",
            "advertisement-1",
            "pool-1",
            "service-1",
            "slice-1",
            "service-2")) {
      changes.add(write(name));
    }
    return changes;
  }

  Change next() {
    String name = any(NAMES);
    // With a Node its agent would end, which goes on here.
    if (objects.containsKey(name) && !name.startsWith("node") && random.nextInt(5) < 2) {
      objects.remove(name);
      return new Change.Delete(name);
    }
    return write(name);
  }

  /** The names of all that is there, and of all that never was. */
  List<String> names() {
    return List.copyOf(objects.keySet());
  }

  private Change write(String name) {
    String kind = name.substring(0, name.indexOf('-'));
    int number = name.charAt(name.length() - 1) - '0';
    String yaml =
        switch (kind) {
          case "node" -> node(number);
          case "pool" -> pool(name);
          case "service" -> service(name, number);
          case "slice" -> slice(name, number);
          case "cluster" -> cluster(name, number);
          case "peer" -> peer(name);
          case "advertisement" -> advertisement(name);
          case "override" -> override();
          default -> throw new IllegalArgumentException(name);
        };
    objects.put(name, yaml);
    return new Change.Write(name, yaml);
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private boolean often() {
    return random.nextInt(4) > 0;
  }

  private String node(int number) {
    return """
    apiVersion: v1
    kind: Node
    metadata: {name: node-%1$d, labels: {rack: %2$s}}
    spec: {podCIDR: 10.244.%1$d.0/24, podCIDRs: [10.244.%1$d.0/24]}
    status: {addresses: [{type: InternalIP, address: 10.0.0.%1$d}]}
    """
        .formatted(number, any(RACKS));
  }

  private String pool(String name) {
    String block =
        any(
            List.of(
                "{cidr: 20.0.1.0/30}",
                "{cidr: 20.0.2.0/31}",
                "{cidr: 20.0.2.1/32}",
                "{start: 20.0.3.1, stop: 20.0.3.3}",
                "{cidr: 'fd20::/126'}"));
    String selector =
        often() ? "" : "  serviceSelector: {matchLabels: {color: " + any(COLORS) + "}}\n";
    return """
    apiVersion: cilium.io/v2
    kind: CiliumLoadBalancerIPPool
    metadata: {name: %s}
    spec:
      blocks: [%s]
      disabled: %s
      allowFirstLastIPs: "%s"
    %s\
    """
        .formatted(name, block, !often(), often() ? "Yes" : "No", selector);
  }

  private String service(String name, int number) {
    List<String> annotations = new ArrayList<>();
    if (!often()) {
      annotations.add("lbipam.cilium.io/ips: \"" + any(List.of("20.0.1.1", "20.0.3.2")) + "\"");
    }
    if (!often()) {
      annotations.add("lbipam.cilium.io/sharing-key: shared");
    }
    List<String> lines = new ArrayList<>();
    lines.add("  type: " + (often() ? "LoadBalancer" : "ClusterIP"));
    if (lines.getFirst().endsWith("LoadBalancer") && !often()) {
      lines.add("  externalTrafficPolicy: Local");
    }
    if (!often()) {
      lines.add("  externalIPs: [192.0.2." + (1 + random.nextInt(2)) + "]");
    }
    return """
    apiVersion: v1
    kind: Service
    metadata:
      name: %s
      namespace: default
      labels: {color: %s}
      annotations: {%s}
    spec:
    %s
      selector: {app: s%d}
      ports: [{name: p, port: %d, protocol: TCP, targetPort: 80}]
    """
        .formatted(
            name,
            any(COLORS),
            String.join(", ", annotations),
            String.join("\n", lines),
            number,
            80 + random.nextInt(2));
  }

  private String slice(String name, int number) {
    List<String> endpoints = new ArrayList<>();
    for (int i = 1; i <= random.nextInt(3); i++) {
      endpoints.add(
          "{addresses: [10.244.%d.%d], nodeName: node-%d, conditions: {ready: %s, serving: true}}"
              .formatted(i, number, i, often()));
    }
    return """
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata:
      name: %s
      namespace: default
      labels: {kubernetes.io/service-name: service-%d}
    addressType: IPv4
    ports: [{name: p, port: 80, protocol: TCP}]
    endpoints: [%s]
    """
        .formatted(name, number, String.join(", ", endpoints));
  }

  private String cluster(String name, int number) {
    String selector =
        any(
            List.of(
                "",
                "  nodeSelector: {matchLabels: {rack: a}}\n",
                "  nodeSelector: {matchLabels: {rack: b}}\n",
                "  nodeSelector: {matchLabels: {rack: nowhere}}\n"));
    return """
    apiVersion: cilium.io/v2
    kind: CiliumBGPClusterConfig
    metadata: {name: %s}
    spec:
    %s  bgpInstances:
      - name: main
        localASN: %d
        peers:
        - {name: one, peerASN: 65000, peerAddress: 10.9.0.1, peerConfigRef: {name: %s}}
        - {name: two, peerASN: 65000, peerAddress: 10.9.0.2%s}
    """
        .formatted(
            name,
            selector,
            65000 + number,
            any(List.of("peer-1", "peer-1", "peer-2", "missing")),
            often() ? ", peerConfigRef: {name: peer-2}" : "");
  }

  private String peer(String name) {
    return """
    apiVersion: cilium.io/v2
    kind: CiliumBGPPeerConfig
    metadata: {name: %s}
    spec:
      gracefulRestart: {enabled: %s, restartTimeSeconds: 120}
      families:
      - {afi: ipv4, safi: unicast, advertisements: {matchLabels: {advertise: %s}}}
    %s\
    """
        .formatted(
            name,
            often(),
            any(COLORS),
            often()
                ? "  - {afi: ipv6, safi: unicast, advertisements: {matchLabels: {advertise: red}}}\n"
                : "");
  }

  private String advertisement(String name) {
    String entry =
        any(
            List.of(
                "{advertisementType: PodCIDR}",
                "{advertisementType: PodCIDR, attributes: {communities: {standard: ['65000:1']}}}",
                service("{matchLabels: {color: red}}", ""),
                service("{matchExpressions: [{key: none, operator: NotIn, values: [x]}]}", ""),
                service(
                    "{matchExpressions: [{key: color, operator: Exists}]}",
                    ", aggregationLengthIPv4: 24"),
                service("{matchLabels: {color: blue}}", "")));
    return """
    apiVersion: cilium.io/v2
    kind: CiliumBGPAdvertisement
    metadata: {name: %s, labels: {advertise: %s}}
    spec:
      advertisements:
      - %s
    """
        .formatted(name, any(COLORS), entry);
  }

  private static String service(String selector, String more) {
    return "{advertisementType: Service, selector: %s, service: {addresses: [LoadBalancerIP, ExternalIP]%s}}"
        .formatted(selector, more);
  }

  private String override() {
    return """
    apiVersion: cilium.io/v2
    kind: CiliumBGPNodeConfigOverride
    metadata: {name: node-1}
    spec:
      bgpInstances:
      - {name: %s, routerID: 10.0.0.%d, localASN: %d}
    """
        .formatted(often() ? "main" : "other", 1 + random.nextInt(3), 65001 + random.nextInt(2));
  }
}
