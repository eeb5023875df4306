package dev.peerage.crd.v2;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one node's agent shall run; the operator writes it. */
@ApiObject
public record CiliumBGPNodeConfigSpec(
    @Required @Size(min = 1, max = 16) @JsonPropertyDescription("The virtual routers of this node.")
        List<Instance> bgpInstances) {

  public CiliumBGPNodeConfigSpec {
    bgpInstances = Absent.list(bgpInstances);
  }

  /** A virtual router. */
  @ApiObject
  public record Instance(
      @Required @Size(min = 1, max = 255) @JsonPropertyDescription("Unique among the instances.")
          String name,
      @Min(1) @Max(4294967295d) @JsonPropertyDescription("Autonomous system of this instance.")
          @Nullable Long localASN,
      @JsonPropertyDescription("BGP identifier; absent: the agent derives it from the node.")
          @Nullable String routerID,
      @Min(1) @Max(65535) @JsonPropertyDescription("TCP port to listen on; absent: none.")
          @Nullable Integer localPort,
      @JsonPropertyDescription("The routers to talk to.") List<Peer> peers) {

    public Instance {
      name = Absent.required(name, "name");
      peers = Absent.list(peers);
    }
  }

  /**
   * A router to talk to.
   *
   * @param peerASN absent or 0: whatever the peer says in its OPEN
   */
  @ApiObject
  public record Peer(
      @Required @JsonPropertyDescription("Unique among the instance's peers.") String name,
      @Pattern(Patterns.IP) @JsonPropertyDescription("Address of the peer, without prefix length.")
          @Nullable String peerAddress,
      @Min(0) @Max(4294967295d) @JsonPropertyDescription("The peer's autonomous system; 0: any.")
          @Nullable Long peerASN,
      @JsonPropertyDescription("Finds the peer's address instead of peerAddress.")
          @Nullable AutoDiscovery autoDiscovery,
      @Pattern(Patterns.IP) @JsonPropertyDescription("Source address of the session.")
          @Nullable String localAddress,
      @JsonPropertyDescription("The session's parameters.") @Nullable PeerConfigRef peerConfigRef) {

    public Peer {
      name = Absent.required(name, "name");
    }
  }
}
