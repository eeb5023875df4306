package dev.peerage.crd.v2;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * How a peer's address is found when the configuration does not give it.
 *
 * @param mode null when this version does not know the mode
 */
@ApiObject
public record AutoDiscovery(
    @Required @JsonPropertyDescription("How the peer's address is found.") @UnknownAsNull
        @Nullable Mode mode,
    @JsonPropertyDescription("For mode DefaultGateway: which default route to follow.")
        @Nullable DefaultGateway defaultGateway) {

  /** Where the address comes from. */
  public enum Mode {
    @JsonProperty("DefaultGateway")
    DEFAULT_GATEWAY
  }

  /** The default route's family. */
  public enum Family {
    @JsonProperty("ipv4")
    IPV4,
    @JsonProperty("ipv6")
    IPV6
  }

  /** The peer is the gateway of the node's default route of this family. */
  @ApiObject
  public record DefaultGateway(
      @Required @JsonPropertyDescription("The default route's family.") @UnknownAsNull
          @Nullable Family addressFamily) {}
}
