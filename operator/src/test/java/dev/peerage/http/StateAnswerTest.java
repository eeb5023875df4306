package dev.peerage.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.MessageCounts;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.PeerState.FamilyCount;
import dev.peerage.bgp.speaker.PeerState.Phase;
import dev.peerage.bgp.speaker.SessionError;
import dev.peerage.bgp.speaker.SessionTerms.Timers;
import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StateAnswerTest {
  private static final Instant THEN = Instant.parse("2026-01-02T12:00:00Z");
  private static final Instant NOW = THEN.plusSeconds(90);

  private static ObjectNode answer(Phase phase, SessionError error) {
    PeerState peer =
        new PeerState(
            "r1",
            InetAddress.ofLiteral("127.0.0.1"),
            179,
            65000,
            phase,
            List.of(new FamilyCount(AddressFamily.IPV4_UNICAST, 3, 2, 1)),
            error,
            THEN,
            new Timers(5, 9, 3),
            new MessageCounts(1, 2, 3, 4, 5, 600),
            MessageCounts.NONE);
    InstanceState instance =
        new InstanceState(
            "main",
            65001,
            (Inet4Address) InetAddress.ofLiteral("10.0.0.1"),
            List.of(peer),
            "cannot listen");
    return new ObjectMapper().valueToTree(StateAnswer.of(new SpeakerState(List.of(instance)), NOW));
  }

  @Test
  void anEstablishedSessionShowsConnectionTimersAndCapabilities() {
    ObjectNode answer =
        answer(
            new Phase.Up(
                THEN,
                6,
                2,
                new PeerState.Session(
                    new InetSocketAddress("10.0.0.1", 40000),
                    new InetSocketAddress("127.0.0.1", 179),
                    true,
                    (Inet4Address) InetAddress.ofLiteral("10.0.0.9"),
                    List.of(
                        Capability.Multiprotocol.of(AddressFamily.IPV4_UNICAST),
                        new Capability.GracefulRestart(
                            true,
                            true,
                            120,
                            List.of(
                                new Capability.GracefulRestart.FamilyState(
                                    Capability.Family.of(AddressFamily.IPV4_UNICAST), true)))),
                    List.of(
                        new Capability.FourOctetAsn(65000),
                        new Capability.Fqdn("evil\u001b[31m", "lab")))),
            new SessionError.None());

    assertThat(answer.at("/instances/0/listenProblem").asText()).isEqualTo("cannot listen");
    assertThat(answer.at("/instances/0/peers/0/uptimeSeconds").asLong()).isEqualTo(90);
    ObjectNode session = (ObjectNode) answer.at("/instances/0/peers/0/session");
    assertThat(session.at("/since").asText()).isEqualTo("2026-01-02T12:00:00Z");
    assertThat(session.at("/timers/connectRetry").asInt()).isEqualTo(5);
    assertThat(session.at("/received/notifications").asInt()).isEqualTo(3);
    assertThat(session.at("/received/bytes").asInt()).isEqualTo(600);
    assertThat(session.at("/error").isNull()).isTrue();
    assertThat(session.at("/up/localPort").asInt()).isEqualTo(40000);
    assertThat(session.at("/up/holdSeconds").asInt()).isEqualTo(6);
    assertThat(session.at("/up/peerID").asText()).isEqualTo("10.0.0.9");
    assertThat(session.at("/up/capabilitiesSent").toString())
        .isEqualTo(
            "[\"multiprotocol ipv4/unicast\",\"graceful restart 120 s, restarting, notifications:"
                + " ipv4/unicast (forwarding)\"]");
    assertThat(session.at("/up/capabilitiesReceived").toString())
        .isEqualTo("[\"four-octet ASN 65000\",\"host name evil [31m.lab\"]");
  }

  @Test
  void anErrorShowsKindCodeAndTime() {
    ObjectNode answer =
        answer(
            new Phase.Down("idle"),
            new SessionError.Sent(
                Notification.of(NotificationCode.BAD_PEER_AS), "AS 1 is not 65000", THEN));

    ObjectNode session = (ObjectNode) answer.at("/instances/0/peers/0/session");
    assertThat(session.at("/up").isNull()).isTrue();
    assertThat(session.at("/error").toString())
        .isEqualTo(
            "{\"kind\":\"notificationSent\",\"code\":2,\"subcode\":2,"
                + "\"text\":\"AS 1 is not 65000\",\"since\":\"2026-01-02T12:00:00Z\"}");
  }

  @Test
  void aConfigurationErrorHasNoCode() {
    ObjectNode answer =
        answer(new Phase.Down("active"), new SessionError.Configuration("no interface eth7", THEN));

    ObjectNode error = (ObjectNode) answer.at("/instances/0/peers/0/session/error");
    assertThat(error.at("/kind").asText()).isEqualTo("configuration");
    assertThat(error.at("/code").isNull()).isTrue();
  }
}
