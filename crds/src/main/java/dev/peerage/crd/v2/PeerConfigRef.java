package dev.peerage.crd.v2;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** Names the CiliumBGPPeerConfig of a peer. */
@ApiObject
public record PeerConfigRef(
    @Required @JsonPropertyDescription("Name of the CiliumBGPPeerConfig.") String name) {

  public PeerConfigRef {
    name = Absent.required(name, "name");
  }
}
