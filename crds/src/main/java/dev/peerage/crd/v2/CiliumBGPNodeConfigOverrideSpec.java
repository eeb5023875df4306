package dev.peerage.crd.v2;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What differs on the one node that this object is named after. */
@ApiObject
public record CiliumBGPNodeConfigOverrideSpec(
    @Required @Size(min = 1) @JsonPropertyDescription("The instances that differ.")
        List<Instance> bgpInstances) {

  public CiliumBGPNodeConfigOverrideSpec {
    bgpInstances = Absent.list(bgpInstances);
  }

  /** The values that take the place of an instance's own. */
  @ApiObject
  public record Instance(
      @Required
          @Size(min = 1, max = 255)
          @JsonPropertyDescription("Name of the instance in the ClusterConfig.")
          String name,
      @JsonPropertyDescription("BGP identifier.") @Nullable String routerID,
      @JsonPropertyDescription("TCP port to listen on.") @Nullable Integer localPort,
      @Min(1) @Max(4294967295d) @JsonPropertyDescription("Autonomous system.")
          @Nullable Long localASN,
      @JsonPropertyDescription("The peers that differ.") List<Peer> peers) {

    public Instance {
      name = Absent.required(name, "name");
      peers = Absent.list(peers);
    }
  }

  /** The values that take the place of a peer's own. */
  @ApiObject
  public record Peer(
      @Required
          @Size(min = 1, max = 255)
          @JsonPropertyDescription("Name of the peer in the ClusterConfig.")
          String name,
      @Pattern(Patterns.IP) @JsonPropertyDescription("Source address of the session.")
          @Nullable String localAddress,
      @JsonPropertyDescription("Deprecated, has no effect.") @Nullable Integer localPort) {

    public Peer {
      name = Absent.required(name, "name");
    }
  }
}
