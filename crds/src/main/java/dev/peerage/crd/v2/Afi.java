package dev.peerage.crd.v2;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Address family of a route. Only {@link #IPV4} and {@link #IPV6} are implemented. */
public enum Afi {
  @JsonProperty("ipv4")
  IPV4,
  @JsonProperty("ipv6")
  IPV6,
  @JsonProperty("l2vpn")
  L2VPN,
  @JsonProperty("ls")
  LS,
  @JsonProperty("opaque")
  OPAQUE
}
