package dev.peerage.crd.v2;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Subsequent address family of a route. Only {@link #UNICAST} is implemented. */
public enum Safi {
  @JsonProperty("unicast")
  UNICAST,
  @JsonProperty("multicast")
  MULTICAST,
  @JsonProperty("mpls_label")
  MPLS_LABEL,
  @JsonProperty("encapsulation")
  ENCAPSULATION,
  @JsonProperty("vpls")
  VPLS,
  @JsonProperty("evpn")
  EVPN,
  @JsonProperty("ls")
  LS,
  @JsonProperty("sr_policy")
  SR_POLICY,
  @JsonProperty("mup")
  MUP,
  @JsonProperty("mpls_vpn")
  MPLS_VPN,
  @JsonProperty("mpls_vpn_multicast")
  MPLS_VPN_MULTICAST,
  @JsonProperty("route_target_constraints")
  ROUTE_TARGET_CONSTRAINTS,
  @JsonProperty("flowspec_unicast")
  FLOWSPEC_UNICAST,
  @JsonProperty("flowspec_vpn")
  FLOWSPEC_VPN,
  @JsonProperty("key_value")
  KEY_VALUE
}
