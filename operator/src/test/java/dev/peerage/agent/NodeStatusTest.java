package dev.peerage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.MessageCounts;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.PeerState.FamilyCount;
import dev.peerage.bgp.speaker.PeerState.Phase;
import dev.peerage.bgp.speaker.SessionError;
import dev.peerage.bgp.speaker.SessionTerms;
import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.fixture.Manifests;
import dev.peerage.fixture.SeedLab;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeStatusTest {
  private static final KubernetesSerialization JSON = new KubernetesSerialization();
  private static final FamilyCount COUNT = new FamilyCount(AddressFamily.IPV4_UNICAST, 1, 0, 2);
  private static final Phase UP =
      new Phase.Up(
          Instant.parse("2025-08-15T14:27:14.987Z"),
          9,
          3,
          new PeerState.Session(
              new InetSocketAddress("192.168.10.100", 40000),
              new InetSocketAddress("192.168.10.200", 179),
              true,
              (Inet4Address) InetAddress.ofLiteral("192.168.10.200"),
              List.of(),
              List.of()));

  @Test
  void anEstablishedSessionIsShownAsInTheLab() {
    assertStatus(
        SeedLab.NODE_CONFIG,
        running(65000, UP),
        """
        {"bgpInstances": [{"localASN": 65001, "name": "instance-65001", "peers": [{
          "establishedTime": "2025-08-15T14:27:14Z", "name": "tor-switch", "peerASN": 65000,
          "peerAddress": "192.168.10.200", "peeringState": "established",
          "routeCount": [{"advertised": 2, "afi": "ipv4", "received": 1, "safi": "unicast"}],
          "timers": {"appliedHoldTimeSeconds": 9, "appliedKeepaliveSeconds": 3}}]}]}
        """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"idle", "connect", "active", "open_sent", "open_confirm"})
  void aSessionThatIsNotEstablishedHasNoTimeAndTimersOfZero(String state) {
    assertStatus(
        SeedLab.NODE_CONFIG,
        running(65000, new Phase.Down(state)),
        """
        {"bgpInstances": [{"localASN": 65001, "name": "instance-65001", "peers": [{
          "name": "tor-switch", "peerASN": 65000, "peerAddress": "192.168.10.200",
          "peeringState": "%s",
          "routeCount": [{"advertised": 2, "afi": "ipv4", "received": 1, "safi": "unicast"}],
          "timers": {"appliedHoldTimeSeconds": 0, "appliedKeepaliveSeconds": 0}}]}]}
        """
            .formatted(state));
  }

  @Test
  void theAsnThatThePeerAnnouncedStandsInForZero() {
    String any = SeedLab.NODE_CONFIG.replace("peerASN: 65000", "peerASN: 0");
    assertThat(asn(any, running(65000, UP))).isEqualTo(65000);
    assertThat(asn(any, running(0, new Phase.Down("active")))).isZero();
    assertThat(asn(any, SpeakerState.EMPTY)).isZero();
  }

  @Test
  void aPeerThatDoesNotRunKeepsNameAsnAndAddress() {
    assertStatus(
        SeedLab.NODE_CONFIG,
        SpeakerState.EMPTY,
        """
        {"bgpInstances": [{"localASN": 65001, "name": "instance-65001", "peers": [{
          "name": "tor-switch", "peerASN": 65000, "peerAddress": "192.168.10.200"}]}]}
        """);
  }

  @Test
  void aPeerWithoutAsnOrAddressIsLeftOut() {
    String status = "{\"bgpInstances\": [{\"localASN\": 65001, \"name\": \"instance-65001\"}]}";
    assertStatus(SeedLab.NODE_CONFIG.replace("peerASN: 65000, ", ""), running(65000, UP), status);
    assertStatus(
        SeedLab.NODE_CONFIG.replace("peerAddress: 192.168.10.200, ", ""),
        SpeakerState.EMPTY,
        status);
  }

  @Test
  void aPeerThatWasFoundShowsTheAddressItRunsWith() {
    String found =
        SeedLab.NODE_CONFIG.replace(
            "peerAddress: 192.168.10.200",
            "autoDiscovery: {mode: DefaultGateway, defaultGateway: {addressFamily: ipv4}}");
    assertThat(json(found, running(65000, UP)).at("/bgpInstances/0/peers/0/peerAddress").asText())
        .isEqualTo("192.168.10.200");
    assertThat(json(found, SpeakerState.EMPTY).at("/bgpInstances/0/peers").isMissingNode())
        .isTrue();
  }

  @Test
  void conditionsOfOthersStay() {
    String foreign =
        """
        status:
          conditions:
          - {type: cilium.io/BGPReconcileError, status: 'True', reason: BGPReconcileError, message: old, lastTransitionTime: '2025-01-01T00:00:00Z'}
          - {type: example.org/Other, status: 'True', reason: Any, message: '', lastTransitionTime: '2025-01-01T00:00:00Z'}
        """;
    assertThat(
            json(SeedLab.NODE_CONFIG.replace("---\n", "") + foreign, SpeakerState.EMPTY)
                .at("/conditions")
                .findValuesAsText("type"))
        .containsExactly("example.org/Other");
  }

  @Test
  void theStatusThatWasReadBackEqualsTheOneWritten() {
    CiliumBGPNodeConfig config = config(SeedLab.NODE_CONFIG);
    var status = NodeStatus.of(config, running(65000, UP));
    assertThat(JSON.unmarshal(JSON.asJson(status), status.getClass())).isEqualTo(status);
  }

  private static long asn(String config, SpeakerState state) {
    return json(config, state).at("/bgpInstances/0/peers/0/peerASN").asLong();
  }

  private static void assertStatus(String config, SpeakerState state, String expected) {
    assertThat(json(config, state)).isEqualTo(JSON.unmarshal(expected, JsonNode.class));
  }

  private static JsonNode json(String config, SpeakerState state) {
    return JSON.unmarshal(JSON.asJson(NodeStatus.of(config(config), state)), JsonNode.class);
  }

  private static CiliumBGPNodeConfig config(String yaml) {
    return Manifests.of(yaml).all(CiliumBGPNodeConfig.class).getFirst();
  }

  private static SpeakerState running(long asn, Phase phase) {
    return new SpeakerState(
        List.of(
            new InstanceState(
                "instance-65001",
                65001,
                (Inet4Address) InetAddress.ofLiteral("192.168.10.100"),
                List.of(
                    new PeerState(
                        "tor-switch",
                        InetAddress.ofLiteral("192.168.10.200"),
                        179,
                        asn,
                        phase,
                        List.of(COUNT),
                        new SessionError.None(),
                        Instant.EPOCH,
                        SessionTerms.Timers.DEFAULT,
                        MessageCounts.NONE,
                        MessageCounts.NONE)),
                "")));
  }
}
