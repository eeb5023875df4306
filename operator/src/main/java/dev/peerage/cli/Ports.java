package dev.peerage.cli;

/**
 * The default ports of what runs on the host's network. 17901 to 17905 belong to nobody in IANA's
 * registry, lie below the node ports (30000 to 32767) and those that the kernel gives out (32768
 * and up), and are none of the programs that run on the network of a Kubernetes node: kubelet,
 * kube-proxy and the control plane (2379, 2380, 6443, 10248 to 10259), Cilium (4240, 4244, 9876 to
 * 9901, 9962 to 9964), MetalLB (7472, 7473, 7946, 9120, 9121), Calico (5473, 9091 to 9099),
 * kube-router (20241, 20244, 50051), FRR (2601 to 2623), the node exporter (9100). {@code
 * PortsTest} holds the list against the chart.
 */
final class Ports {
  static final int LOOKING_GLASS = 17901;
  static final int AGENT_HEALTH = 17902;
  static final int OPERATOR_HEALTH = 17904;

  private Ports() {}
}
