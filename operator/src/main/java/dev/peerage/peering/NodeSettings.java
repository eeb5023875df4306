package dev.peerage.peering;

/**
 * The agent's options that decide what is announced.
 *
 * @param noServiceEndpointsRoutable whether a Service without endpoints is announced under traffic
 *     policy Cluster ({@code enable-no-service-endpoints-routable})
 * @param legacyOrigin whether LoadBalancerIP routes have ORIGIN INCOMPLETE instead of IGP ({@code
 *     enable-bgp-legacy-origin-attribute})
 * @param routerIdMode where an instance without {@code routerID} takes it from
 * @param externalIps which {@code spec.externalIPs} may be announced
 */
public record NodeSettings(
    boolean noServiceEndpointsRoutable,
    boolean legacyOrigin,
    RouterIdMode routerIdMode,
    ExternalIpRanges externalIps) {
  /** The defaults of the options. */
  public static final NodeSettings DEFAULT = new NodeSettings(true, false, RouterIdMode.DEFAULT);

  /** With all {@code spec.externalIPs}. */
  public NodeSettings(
      boolean noServiceEndpointsRoutable, boolean legacyOrigin, RouterIdMode routerIdMode) {
    this(noServiceEndpointsRoutable, legacyOrigin, routerIdMode, ExternalIpRanges.ALL);
  }

  /** Where an instance without {@code routerID} takes it from. */
  public enum RouterIdMode {
    /** The node's IPv4 address, else a MAC address. */
    DEFAULT,
    /** The operator's pool; without an ID from it the instance is not started. */
    IP_POOL
  }
}
