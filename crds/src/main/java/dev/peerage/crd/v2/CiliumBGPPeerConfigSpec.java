package dev.peerage.crd.v2;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of a session. Absent blocks and values are filled with the defaults of the schema, as
 * an agent must do for blocks that the API server leaves out.
 *
 * @param authSecretRef name of a Secret whose key {@code password} protects the session (RFC 2385)
 * @param ebgpMultihop TTL of eBGP sessions; 1: the peer must be a direct neighbor
 * @param families empty: IPv6 and IPv4 unicast, with nothing advertised
 */
@ApiObject
public record CiliumBGPPeerConfigSpec(
    @JsonPropertyDescription("TCP parameters.") Transport transport,
    @JsonPropertyDescription("Timers of the session.") Timers timers,
    @JsonPropertyDescription(
            "Name of the Secret whose key password protects the session with TCP MD5.")
        @Nullable String authSecretRef,
    @JsonPropertyDescription("Graceful restart (RFC 4724).") GracefulRestart gracefulRestart,
    @Default("1")
        @Min(1)
        @Max(255)
        @JsonPropertyDescription(
            "Time to live of packets to an eBGP peer; 1: direct neighbors only. No effect on iBGP.")
        Integer ebgpMultihop,
    @JsonPropertyDescription(
            "What may be exchanged; absent: IPv6 and IPv4 unicast, nothing advertised.")
        List<Family> families) {

  public CiliumBGPPeerConfigSpec {
    transport = Absent.or(transport, new Transport(179, null));
    timers = Absent.or(timers, new Timers(120, 90, 30));
    gracefulRestart = Absent.or(gracefulRestart, new GracefulRestart(false, 120));
    ebgpMultihop = Absent.or(ebgpMultihop, 1);
    families = Absent.list(families).stream().filter(Family::known).toList();
  }

  /** TCP parameters. */
  @ApiObject
  public record Transport(
      @Default("179") @Min(1) @Max(65535) @JsonPropertyDescription("The peer's TCP port.")
          Integer peerPort,
      @JsonPropertyDescription("Interface whose address the session starts from.")
          @Nullable String sourceInterface) {

    public Transport {
      peerPort = Absent.or(peerPort, 179);
    }
  }

  /** Timers in seconds (RFC 4271 §10). */
  @ApiObject
  @ValidationRule(
      value = "self.keepAliveTimeSeconds <= self.holdTimeSeconds",
      message =
          "keepAliveTimeSeconds (30 when absent) must not be greater than holdTimeSeconds"
              + " (90 when absent)")
  public record Timers(
      @Default("120")
          @Min(1)
          @Max(2147483647)
          @JsonPropertyDescription("Longest wait before the next attempt to connect.")
          Integer connectRetryTimeSeconds,
      @Default("90")
          @Min(3)
          @Max(65535)
          @JsonPropertyDescription("A peer that is silent for so long is given up.")
          Integer holdTimeSeconds,
      @Default("30") @Min(1) @Max(65535) @JsonPropertyDescription("Time between keepalives.")
          Integer keepAliveTimeSeconds) {

    public Timers {
      connectRetryTimeSeconds = Absent.or(connectRetryTimeSeconds, 120);
      holdTimeSeconds = Absent.or(holdTimeSeconds, 90);
      keepAliveTimeSeconds = Absent.or(keepAliveTimeSeconds, 30);
    }
  }

  /** Graceful restart (RFC 4724). */
  @ApiObject
  public record GracefulRestart(
      @Required @JsonPropertyDescription("Whether the peer keeps our routes while we restart.")
          Boolean enabled,
      @Default("120")
          @Min(1)
          @Max(4095)
          @JsonPropertyDescription("How long the peer waits for our return.")
          Integer restartTimeSeconds) {

    public GracefulRestart {
      enabled = Absent.or(enabled, false);
      restartTimeSeconds = Absent.or(restartTimeSeconds, 120);
    }
  }

  /**
   * An address family of the session.
   *
   * @param advertisements selects CiliumBGPAdvertisement objects by label; absent: none
   */
  @ApiObject
  public record Family(
      @Required @JsonPropertyDescription("Address family.") @UnknownAsNull Afi afi,
      @Required @JsonPropertyDescription("Subsequent address family.") @UnknownAsNull Safi safi,
      @JsonPropertyDescription(
              "Labels of the CiliumBGPAdvertisements for this family; absent: none, empty: all.")
          @Nullable LabelSelector advertisements) {

    @SuppressWarnings("ConstantValue") // null when a newer Cilium's value is not known here
    private boolean known() {
      return afi != null && safi != null;
    }
  }
}
