package dev.peerage.peering;

import static dev.peerage.fixture.SeedLab.LAB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.peerage.announce.NodePlan;
import dev.peerage.announce.NodePlanner;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.Endpoint;
import dev.peerage.bgp.speaker.Endpoint.Authentication;
import dev.peerage.fixture.Manifests;
import dev.peerage.fixture.SeedLab;
import dev.peerage.peering.Problem.Scope;
import dev.peerage.peering.Problem.Severity;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an edit makes unusable goes on as it was; what it removes ends. */
class LastUsableTest {
  private static final String OTHER =
      "    - {name: other, peerASN: 65000, peerAddress: 192.168.10.201, peerConfigRef: {name: cilium-peer}}\n";

  /** Two peers, and all that an edit of a NodeConfig can spoil. */
  private static final String GOOD =
      LAB.replace("localASN: 65001", "localASN: 65001\n    localPort: 1790\n    routerID: 10.0.0.1")
          .replace("peerASN: 65000,", "peerASN: 65000, localAddress: 192.168.10.100,")
          .replace("    peers:\n", "    peers:\n" + OTHER);

  private static final String ADDRESS = "peers[tor-switch].peerAddress";
  private static final String SPEC =
      "CiliumBGPClusterConfig cilium-bgp spec.bgpInstances[instance-65001].";
  private static final String CONFIG = "CiliumBGPPeerConfig cilium-peer spec.";

  private final NodePlanner planner = new NodePlanner();

  static Stream<Arguments> edits() {
    return Stream.of(
        arguments("localASN: 65001", "", SPEC + "localASN"),
        arguments("localASN: 65001", "localASN: 0", SPEC + "localASN"),
        arguments("routerID: 10.0.0.1", "routerID: 0.0.0.0", SPEC + "routerID"),
        arguments("localPort: 1790", "localPort: 0", SPEC + "localPort"),
        arguments(", peerAddress: 192.168.10.200", "", SPEC + ADDRESS),
        arguments("192.168.10.200", "192.168.10.256", SPEC + ADDRESS),
        arguments("192.168.10.200", "'fe80::1'", SPEC + ADDRESS),
        arguments("192.168.10.200", "224.0.0.5", SPEC + ADDRESS),
        arguments("192.168.10.200", "192.168.10.201", SPEC + ADDRESS),
        // The first in the order, but the second has the address.
        arguments("192.168.10.201", "192.168.10.200", SPEC + "peers[other].peerAddress"),
        arguments(
            "peerAddress: 192.168.10.200",
            "autoDiscovery: {mode: DefaultGateway}",
            SPEC + "peers[tor-switch].autoDiscovery.defaultGateway"),
        arguments(
            "peerAddress: 192.168.10.200",
            "autoDiscovery: {mode: DefaultGateway, defaultGateway: {addressFamily: ipv4}}",
            SPEC + "peers[tor-switch].autoDiscovery"),
        arguments(
            "localAddress: 192.168.10.100",
            "localAddress: 'fd00::1'",
            SPEC + "peers[tor-switch].localAddress"),
        arguments(
            "peerASN: 65000, local", "peerASN: -1, local", SPEC + "peers[tor-switch].peerASN"),
        arguments(
            "192.168.10.200, peerConfigRef: {name: cilium-peer}",
            "192.168.10.200, peerConfigRef: {name: gone}",
            SPEC + "peers[tor-switch].peerConfigRef.name"),
        arguments("ebgpMultihop: 2", "ebgpMultihop: 0", CONFIG + "ebgpMultihop"),
        arguments("holdTimeSeconds: 9", "holdTimeSeconds: 2", CONFIG + "timers.holdTimeSeconds"),
        arguments("{afi: ipv4, safi: unicast", "{afi: l2vpn, safi: evpn", CONFIG + "families"));
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @MethodSource("edits")
  void whatAnEditMakesUnusableGoesOnAsItWas(String before, String after, String where) {
    assertThat(GOOD).contains(before);
    DesiredSpeaker good = plan(GOOD).desired();

    NodePlan spoiled = plan(GOOD.replace(before, after));

    assertThat(spoiled.desired()).isEqualTo(good);
    List<Problem> errors =
        spoiled.problems().stream().filter(it -> it.severity() == Severity.ERROR).toList();
    assertThat(errors)
        .isNotEmpty()
        .allSatisfy(error -> {
          assertThat(error.scope()).isEqualTo(Scope.NODE);
          assertThat(error.toString())
              .startsWith(where + ": ")
              .containsPattern("; (the|this)[^;]* (goes|go) on [^;]+; .");
        });
    // However often, and whatever else is edited meanwhile.
    assertThat(plan(GOOD.replace(before, after) + " ").desired()).isEqualTo(good);
    NodePlan mended = plan(GOOD);
    assertThat(mended.desired()).isEqualTo(good);
    assertThat(mended.problems()).isEmpty();
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @MethodSource("edits")
  void whoStartsAfreshHasNothingToGoOnWith(String before, String after) {
    NodePlan fresh = NodePlanner.plan(Manifests.of(GOOD.replace(before, after)).snapshot());
    assertThat(fresh.desired()).isNotEqualTo(plan(GOOD).desired());
    assertThat(fresh.problems().stream().map(Problem::toString))
        .isNotEmpty()
        .noneMatch(it -> it.contains(" go on ") || it.contains(" goes on "));
  }

  @Test
  void thePlanInForceIsWhatAnotherPlannerGoesOnWith() {
    NodePlan good = plan(GOOD);
    var next = new NodePlanner(good.usable());
    next.configuration(Manifests.of(GOOD.replace("localASN: 65001", "")).snapshot());
    assertThat(next.plan().desired()).isEqualTo(good.desired());
  }

  @Test
  void aPeerConfigThatIsDeletedLeavesItsPeersAndTheirRoutes() {
    DesiredSpeaker good = plan(GOOD).desired();
    String without = GOOD.replace(SeedLab.PEER_CONFIG, "");
    assertThat(plan(without).desired()).isEqualTo(good);

    // The routes follow the advertisements all the same.
    assertThat(names(plan(without.replace(SeedLab.POD_CIDR, "")))).isEqualTo(names(plan(GOOD)));
    assertThat(
            plan(without.replace(SeedLab.POD_CIDR, "")).desired().instances().getFirst().routes())
        .isEmpty();
  }

  @Test
  void theSourceOfASessionOutlivesThePeerConfigToo() {
    String bound =
        GOOD.replace("localAddress: 192.168.10.100,", "")
            .replace("ebgpMultihop: 2", "ebgpMultihop: 2\n  transport: {sourceInterface: eth0}");
    planner.configuration(Manifests.of(bound).snapshot(PeerAddressesTest.withGateway()));
    NodePlan good = planner.plan();
    assertThat(peers(good))
        .allMatch(peer -> peer.endpoint().source() instanceof Endpoint.Source.Address);

    int config = bound.indexOf("kind: CiliumBGPPeerConfig");
    String without = bound.substring(0, config) + bound.substring(bound.indexOf("---", config) + 4);
    planner.configuration(Manifests.of(without).snapshot(PeerAddressesTest.withGateway()));
    assertThat(planner.plan().desired()).isEqualTo(good.desired());
  }

  @Test
  void whatAnEditRemovesEnds() {
    plan(GOOD);
    assertThat(names(plan(GOOD.replace(OTHER, "")))).containsExactly("tor-switch");
    plan(GOOD);
    assertThat(plan(GOOD.replace("localPort: 1790", "")).desired().instances().getFirst().listen())
        .isEqualTo(new DesiredInstance.Listen.Off());
    NodePlan renamed =
        plan(
            GOOD.replace("name: instance-65001", "name: instance-65002")
                .replace("localASN: 65001", ""));
    assertThat(renamed.desired().instances()).isEmpty();
    // What ended is nothing to go on with.
    assertThat(plan(GOOD.replace("localASN: 65001", "")).desired().instances()).isEmpty();
  }

  @Test
  void aRemovalBesideABadEditIsARemoval() {
    plan(GOOD);
    assertThat(names(plan(GOOD.replace("localASN: 65001", "").replace(OTHER, ""))))
        .containsExactly("tor-switch");
  }

  @Test
  void aGatewayThatTheHostLosesIsNoEdit() {
    String found =
        GOOD.replace(
            "peerAddress: 192.168.10.200",
            "autoDiscovery: {mode: DefaultGateway, defaultGateway: {addressFamily: ipv4}}");
    planner.configuration(Manifests.of(found).snapshot(PeerAddressesTest.withGateway()));
    assertThat(names(planner.plan())).containsExactly("other", "tor-switch");
    assertThat(names(plan(found))).containsExactly("other");
  }

  @Test
  void aPasswordIsTheException() {
    String signed = GOOD.replace("ebgpMultihop: 2", "ebgpMultihop: 2\n  authSecretRef: bgp");
    NodePlan good = plan(signed, "s3cret");
    assertThat(authentications(good)).containsOnly(new Authentication.TcpMd5("s3cret"));

    NodePlan without = plan(signed);

    assertThat(names(without)).isEqualTo(names(good));
    assertThat(authentications(without)).containsOnly(new Authentication.Withheld());
    assertThat(without.problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.scope()).isEqualTo(Scope.CLUSTER);
          assertThat(problem.toString())
              .startsWith(CONFIG + "authSecretRef: there is no Secret 'bgp'")
              .contains("; the peers that use it have no session until there is one, because");
        });
    // Whatever else is wrong with the peer.
    for (String worse :
        List.of(
            signed.replace("192.168.10.200", "224.0.0.5"),
            signed.replace("holdTimeSeconds: 9", "holdTimeSeconds: 2"),
            signed.replace("ebgpMultihop: 2", "ebgpMultihop: 0"))) {
      assertThat(authentications(plan(worse))).containsOnly(new Authentication.Withheld());
      assertThat(authentications(plan(worse, "n3w")))
          .containsOnly(new Authentication.TcpMd5("n3w"));
    }
    assertThat(plan(signed, "s3cret").desired()).isEqualTo(good.desired());
  }

  @Test
  void aPasswordThatIsAskedForNowEndsASessionWithoutOne() {
    plan(GOOD);
    NodePlan asked = plan(GOOD.replace("ebgpMultihop: 2", "ebgpMultihop: 2\n  authSecretRef: bgp"));
    assertThat(authentications(asked)).containsOnly(new Authentication.Withheld());
  }

  private NodePlan plan(String manifests, String... password) {
    planner.configuration(
        Manifests.of(manifests)
            .snapshot(
                new NodeContext(
                    NodeSettings.DEFAULT,
                    NodeContext.NONE.host(),
                    Passwords.of(
                        "bgp", Stream.of(password).flatMap(it -> secret(it).stream()).toList()),
                    List.of(),
                    NodeContext.NONE.ciliumNode())));
    return planner.plan();
  }

  private static List<Secret> secret(String password) {
    return Manifests.of(
            "kind: Secret\nmetadata: {name: bgp}\ndata: {password: %s}\n"
                .formatted(
                    Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8))))
        .all(Secret.class);
  }

  private static List<DesiredPeer> peers(NodePlan plan) {
    return plan.desired().instances().getFirst().peers();
  }

  private static List<String> names(NodePlan plan) {
    return peers(plan).stream().map(DesiredPeer::name).toList();
  }

  private static List<Authentication> authentications(NodePlan plan) {
    return peers(plan).stream().map(peer -> peer.endpoint().authentication()).toList();
  }
}
