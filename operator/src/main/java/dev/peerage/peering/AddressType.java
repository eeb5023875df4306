package dev.peerage.peering;

/** Where a Service's address comes from. The names are those of {@code service.addresses}. */
public enum AddressType {
  /** {@code status.loadBalancer.ingress[].ip}. */
  LOAD_BALANCER_IP("LoadBalancerIP"),
  /** {@code spec.clusterIPs}. */
  CLUSTER_IP("ClusterIP"),
  /** {@code spec.externalIPs}. */
  EXTERNAL_IP("ExternalIP");

  private final String text;

  AddressType(String text) {
    this.text = text;
  }

  /** The name in the Kubernetes API. */
  public String text() {
    return text;
  }
}
