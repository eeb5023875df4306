package dev.peerage.why;

import com.fasterxml.jackson.annotation.JsonValue;

/** A link of the chain from a Service to a router's table, in the order of the chain. */
public enum Link {
  /** The Service exists, and is one that Peerage announces. */
  SERVICE("service"),
  /** It has an address. */
  POOL("pool"),
  /** The node runs BGP, has an agent, and is not taken out. */
  NODE("node"),
  /** Endpoints take the traffic that would come. */
  ENDPOINTS("endpoints"),
  /** An advertisement that reaches the peer selects it. */
  ADVERTISEMENT("advertisement"),
  /** The peer is configured, with a CiliumBGPPeerConfig. */
  PEER_CONFIG("peer config"),
  /** The family is configured, and both sides have agreed on it. */
  FAMILY("family"),
  /** The session is Established. */
  SESSION("session"),
  /** The peer was sent the route. */
  WIRE("on the wire");

  private final String text;

  Link(String text) {
    this.text = text;
  }

  /** As it is printed, and written in JSON. */
  @JsonValue
  public String text() {
    return text;
  }
}
