package dev.peerage.crd.v2;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one node's agent runs at present. */
@ApiObject
public record CiliumBGPNodeConfigStatus(
    @JsonPropertyDescription("The virtual routers that run.") List<Instance> bgpInstances,
    @JsonPropertyDescription("What the agent has found out about this object.")
        List<Condition> conditions) {

  public CiliumBGPNodeConfigStatus {
    bgpInstances = Absent.list(bgpInstances);
    conditions = Absent.list(conditions);
  }

  /** A virtual router. */
  @ApiObject
  public record Instance(
      @Required @JsonPropertyDescription("Name of the instance.") String name,
      @JsonPropertyDescription("Autonomous system of this instance.") @Nullable Long localASN,
      @JsonPropertyDescription("The sessions.") List<Peer> peers) {

    public Instance {
      peers = Absent.list(peers);
    }
  }

  /**
   * A session.
   *
   * @param peerASN learned from the peer where the configuration says 0
   * @param peeringState {@code idle}, {@code connect}, {@code active}, {@code open_sent}, {@code
   *     open_confirm}, {@code established} or {@code unknown}
   * @param establishedTime RFC 3339; only while established
   */
  @ApiObject
  public record Peer(
      @Required @JsonPropertyDescription("Name of the peer.") String name,
      @Required @JsonPropertyDescription("Address of the peer.") String peerAddress,
      @JsonPropertyDescription("The peer's autonomous system.") @Nullable Long peerASN,
      @JsonPropertyDescription("State of the session.") @Nullable String peeringState,
      @JsonPropertyDescription("What both sides agreed on.") @Nullable Timers timers,
      @JsonPropertyDescription("Since when the session is established.")
          @Nullable String establishedTime,
      @JsonPropertyDescription("Routes of the session by family.") List<RouteCount> routeCount) {

    public Peer {
      routeCount = Absent.list(routeCount);
    }
  }

  /** The timers that the session runs with, in seconds. */
  @ApiObject
  public record Timers(
      @JsonPropertyDescription("Agreed hold time.") @Nullable Integer appliedHoldTimeSeconds,
      @JsonPropertyDescription("Keepalive interval in use.")
          @Nullable Integer appliedKeepaliveSeconds) {}

  /** Number of routes of one family. */
  @ApiObject
  public record RouteCount(
      @Required @JsonPropertyDescription("Address family.") @UnknownAsNull @Nullable Afi afi,
      @Required @JsonPropertyDescription("Subsequent address family.") @UnknownAsNull
          @Nullable Safi safi,
      @JsonPropertyDescription("Routes that the peer sent.") @Nullable Integer received,
      @JsonPropertyDescription("Routes sent to the peer.") @Nullable Integer advertised) {}
}
