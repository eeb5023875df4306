package dev.peerage.agent;

import static dev.peerage.fixture.SeedLab.NODE_CONFIG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.ListenFault;
import dev.peerage.bgp.speaker.MessageCounts;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.SessionError;
import dev.peerage.bgp.speaker.SessionTerms;
import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.Condition;
import dev.peerage.fixture.Manifests;
import dev.peerage.peering.Problem;
import dev.peerage.peering.Problem.ObjectRef;
import dev.peerage.peering.Problem.Severity;
import java.net.Inet4Address;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReconcileErrorsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.9Z");
  private static final String TWO_INSTANCES =
      NODE_CONFIG.replace(
          "  bgpInstances:\n",
          """
            bgpInstances:
            - name: other
              localASN: 65002
              peers:
              - {name: spine, peerASN: 65000, peerAddress: 192.168.10.201, peerConfigRef: {name: open}}
          """);

  @Test
  void allIsWellWithoutCondition() {
    assertThat(condition(NODE_CONFIG, SpeakerState.EMPTY)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // object of the problem            | its field                                         |
        // instances that show it
        "CiliumBGPClusterConfig cilium-bgp  | spec.bgpInstances[other].localASN                 | other",
        "CiliumBGPNodeConfig k8s-ctr        | spec.bgpInstances[instance-65001].peers[x].peerASN | instance-65001",
        "CiliumBGPPeerConfig open           | spec.authSecretRef                                | other",
        "CiliumBGPPeerConfig cilium-peer    | spec.families                                     | instance-65001",
        "CiliumBGPPeerConfig unused         | spec.families                                     | ",
        "CiliumBGPAdvertisement any         | spec.advertisements[0].attributes                 | other,instance-65001",
        "Node k8s-ctr                       | spec.podCIDRs                                     | other,instance-65001",
      })
  void eachErrorStandsAtTheInstancesThatItConcerns(String object, String field, String instances) {
    Problem error = error(object, field);
    String expected =
        instances == null
            ? ""
            : String.join(
                "\n",
                List.of(instances.split(",")).stream()
                    .map(instance -> instance + ": " + error)
                    .toList());
    assertThat(
            condition(TWO_INSTANCES, SpeakerState.EMPTY, error).map(Condition::message).orElse(""))
        .isEqualTo(expected);
  }

  @Test
  void aWarningIsNoError() {
    Problem warning = new Problem(ObjectRef.ofCluster("Node", "k8s-ctr"), "spec", "x", "y");
    assertThat(condition(NODE_CONFIG, SpeakerState.EMPTY, warning)).isEmpty();
  }

  @Test
  void thePortThatIsTakenIsAnError() {
    SpeakerState state =
        new SpeakerState(
            List.of(
                new InstanceState(
                    "instance-65001",
                    65001,
                    Inet4Address.ofLiteral("10.0.0.1"),
                    List.of(),
                    "cannot listen on :::179: address already in use")));
    assertThat(condition(NODE_CONFIG, state))
        .contains(
            new Condition(
                "cilium.io/BGPReconcileError",
                "True",
                7L,
                "2026-11-21T10:00:00Z",
                "BGPReconcileError",
                "instance-65001: CiliumBGPClusterConfig cilium-bgp"
                    + " spec.bgpInstances[instance-65001].localPort: cannot listen on :::179:"
                    + " address already in use; routers cannot connect to this node, and the"
                    + " sessions that it opens itself are as they were; stop what else uses the"
                    + " port on this node, or set another port"));
  }

  @ParameterizedTest
  @EnumSource(value = ListenFault.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void eachLineHasObjectFieldConsequenceAndRemedy(ListenFault fault) {
    InstanceState broken =
        new InstanceState(
            "instance-65001",
            65001,
            Inet4Address.ofLiteral("10.0.0.1"),
            List.of(),
            "words of the speaker",
            fault);
    List<String> lines =
        condition(
                NODE_CONFIG,
                new SpeakerState(List.of(broken)),
                error("CiliumBGPPeerConfig cilium-peer", "spec.authSecretRef"))
            .orElseThrow()
            .message()
            .lines()
            .toList();
    assertThat(lines)
        .hasSize(2)
        .allSatisfy(line ->
            assertThat(line)
                .matches("instance-65001: Cilium\\w+ [\\w-]+ spec[^ ]*: [^;]+; [^;]+; [^;]+"));
    assertThat(lines.getLast())
        .contains("words of the speaker")
        .matches(
            fault == ListenFault.NOT_PERMITTED ? ".*agent.bindPrivilegedPorts=true.*" : ".*node.*");
  }

  @Test
  void aPeerThatSentTooMuchIsAnErrorUntilItIsUpAgain() {
    String words = "the peer sent more than 10 prefixes, its limit; it is refused for 60 s";
    Notification tooMany = Notification.of(NotificationCode.MAXIMUM_NUMBER_OF_PREFIXES_REACHED);
    for (Notification sent : List.of(tooMany, Notification.hardReset(tooMany))) {
      PeerState peer =
          new PeerState(
              "tor",
              Inet4Address.ofLiteral("10.0.0.9"),
              179,
              65000,
              new PeerState.Phase.Down("idle"),
              List.of(),
              new SessionError.Sent(sent, words, Instant.EPOCH),
              Instant.EPOCH,
              SessionTerms.Timers.DEFAULT,
              MessageCounts.NONE,
              MessageCounts.NONE);
      SpeakerState state =
          new SpeakerState(
              List.of(
                  new InstanceState(
                      "instance-65001",
                      65001,
                      Inet4Address.ofLiteral("10.0.0.1"),
                      List.of(peer),
                      "")));

      assertThat(condition(NODE_CONFIG, state).map(Condition::message))
          .contains(
              "instance-65001: CiliumBGPClusterConfig cilium-bgp"
                  + " spec.bgpInstances[instance-65001].peers[tor]: "
                  + words
                  + "; until then nothing is announced to it; let the router send less, or raise"
                  + " agent.receivedRoutes of the chart");
    }
  }

  @Test
  void theTimeIsThatOfTheFirstErrorInARow() {
    String stored =
        """
        status:
          conditions:
          - {type: cilium.io/BGPReconcileError, status: 'True', reason: BGPReconcileError, message: old, lastTransitionTime: '2025-01-01T00:00:00Z'}
        """;
    Condition condition =
        condition(
                NODE_CONFIG.replace("---\n", "") + stored,
                SpeakerState.EMPTY,
                error("Node k8s-ctr", "spec"))
            .orElseThrow();
    assertThat(condition.lastTransitionTime()).isEqualTo("2025-01-01T00:00:00Z");
    assertThat(condition.message()).isNotEqualTo("old");
  }

  @Test
  void aLongMessageEndsWithTheNumberOfTheRest() {
    Problem[] many =
        IntStream.range(0, 1000)
            .mapToObj(i -> error("Service default/é" + i, "spec.externalIPs"))
            .toArray(Problem[]::new);
    String message = condition(NODE_CONFIG, SpeakerState.EMPTY, many).orElseThrow().message();
    assertThat(message.getBytes(StandardCharsets.UTF_8).length)
        .isBetween(32 * 1024 - 200, 32 * 1024);
    List<String> lines = message.lines().toList();
    int shown = lines.size() - 1;
    assertThat(lines.getLast()).isEqualTo("and " + (1000 - shown) + " more");
    assertThat(lines.get(shown - 1))
        .isEqualTo(
            "instance-65001: " + error("Service default/é" + (shown - 1), "spec.externalIPs"));
  }

  private static Optional<Condition> condition(
      String nodeConfig, SpeakerState state, Problem... problems) {
    CiliumBGPNodeConfig config = Manifests.of(nodeConfig).all(CiliumBGPNodeConfig.class).getFirst();
    config.getMetadata().setGeneration(7L);
    return ReconcileErrors.condition(config, state, List.of(problems), NOW);
  }

  private static Problem error(String object, String field) {
    String[] words = object.split(" ");
    return new Problem(
        ObjectRef.ofCluster(words[0], words[1]),
        field,
        "it is wrong; nothing is done",
        "correct it",
        Severity.ERROR,
        Problem.Scope.CLUSTER);
  }
}
