package dev.peerage.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.announce.DecisionChange;
import dev.peerage.announce.NodePlan;
import dev.peerage.announce.NodePlanner;
import dev.peerage.announce.ServiceLabels;
import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.MessageCounts;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.SessionError;
import dev.peerage.bgp.speaker.SessionTerms.Timers;
import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.fixture.Manifests;
import dev.peerage.kube.ServiceKey;
import dev.peerage.peering.NodeSnapshot;
import io.fabric8.kubernetes.api.model.Service;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What one node says about one Service, link by link. */
class NodeWhyTest {
  private static final Instant THEN = Instant.parse("2026-11-30T02:51:07Z");
  private static final ServiceKey WEB = new ServiceKey("default", "web");
  private static final WhyQuery QUERY = new WhyQuery.OfService(WEB);
  private static final String NODE =
      """
      kind: Node
      metadata: {name: k8s-w0}
      status: {addresses: [{type: InternalIP, address: 192.168.10.101}]}
      ---
      """;
  private static final String PEERS =
      """
      kind: CiliumBGPNodeConfig
      metadata: {name: k8s-w0, ownerReferences: [{kind: CiliumBGPClusterConfig, name: bgp}]}
      spec:
        bgpInstances:
        - name: one
          localASN: 65001
          peers: [{name: tor, peerASN: 65000, peerAddress: 192.168.10.200, peerConfigRef: {name: p}}]
      ---
      """;
  private static final String CONFIG =
      """
      kind: CiliumBGPPeerConfig
      metadata: {name: p}
      spec: {families: [{afi: ipv4, safi: unicast, advertisements: {matchLabels: {to: tor}}}]}
      ---
      """;
  private static final String ADVERTISEMENT =
      """
      kind: CiliumBGPAdvertisement
      metadata: {name: vips, labels: {to: tor}}
      spec:
        advertisements:
        - advertisementType: Service
          service: {addresses: [LoadBalancerIP]}
          selector: {matchExpressions: [{key: app, operator: In, values: [web]}]}
      ---
      """;
  private static final String SERVICE =
      """
      kind: Service
      metadata: {name: web, namespace: default, labels: {app: web}}
      spec: {type: LoadBalancer, externalTrafficPolicy: Cluster}
      status: {loadBalancer: {ingress: [{ip: 172.16.1.1}]}}
      ---
      """;

  private final SpeakerState up =
      state(up(Capability.Multiprotocol.of(AddressFamily.IPV4_UNICAST)));

  private static PeerState.Phase up(Capability... received) {
    return new PeerState.Phase.Up(
        THEN,
        9,
        3,
        new PeerState.Session(
            new InetSocketAddress("192.168.10.101", 40000),
            new InetSocketAddress("192.168.10.200", 179),
            true,
            (Inet4Address) InetAddress.ofLiteral("192.168.10.200"),
            List.of(Capability.Multiprotocol.of(AddressFamily.IPV4_UNICAST)),
            List.of(received)));
  }

  private static SpeakerState state(PeerState.Phase phase) {
    return new SpeakerState(
        List.of(
            new InstanceState(
                "one",
                65001,
                (Inet4Address) InetAddress.ofLiteral("192.168.10.101"),
                List.of(
                    new PeerState(
                        "tor",
                        InetAddress.ofLiteral("192.168.10.200"),
                        179,
                        65000,
                        phase,
                        List.of(),
                        new SessionError.Tcp("connection refused", THEN),
                        THEN,
                        Timers.DEFAULT,
                        MessageCounts.NONE,
                        MessageCounts.NONE)),
                "")));
  }

  private static NodeWhy why(NodeSnapshot objects, NodePlan plan, SpeakerState state) {
    return new NodeWhy(
        "k8s-w0",
        plan,
        Optional.of(objects),
        state,
        _ -> objects.services().stream().findFirst().map(ServiceLabels::of).orElse(Map.of()));
  }

  /** The only route of type LoadBalancerIP, of which nothing was sent. */
  private static WhyAnswer.Route route(SpeakerState state, String... texts) {
    NodeSnapshot objects = Manifests.of(texts).snapshot();
    NodePlan plan = NodePlanner.plan(objects);
    return why(objects, plan, state).routes(QUERY.decisions(plan), Map.of()).stream()
        .filter(each -> each.subject().endsWith("LoadBalancerIP"))
        .findFirst()
        .orElseThrow();
  }

  private Reason reason(String... texts) {
    return Optional.ofNullable(route(up, texts).reason()).orElseThrow();
  }

  @Test
  void theLabelThatFailsIsNamedWithTheCommandThatSetsIt() {
    assertThat(reason(NODE, PEERS, CONFIG, ADVERTISEMENT, SERVICE.replace("app: web", "app: shop")))
        .isEqualTo(
            new Reason(
                Link.ADVERTISEMENT,
                "no selector matches the labels of the Service: vips wants app in (web), the Service"
                    + " has app=shop",
                "correct the labels of the Service, or the advertisement's selector",
                "kubectl label service -n default web app=web --overwrite"));
  }

  @Test
  void anAdvertisementThatWouldFitButForItsOwnLabelIsNamed() {
    assertThat(reason(NODE, PEERS, CONFIG, ADVERTISEMENT.replace("to: tor", "to: tro"), SERVICE))
        .satisfies(reason -> {
          assertThat(reason.link()).isEqualTo(Link.ADVERTISEMENT);
          assertThat(reason.what())
              .isEqualTo(
                  "CiliumBGPAdvertisement vips would announce it, but metadata.labels:"
                      + " CiliumBGPPeerConfig p wants to=tor, the advertisement has to=tro");
          assertThat(reason.next())
              .isEqualTo("kubectl label ciliumbgpadvertisement vips to=tor --overwrite");
        });
    assertThat(reason(NODE, PEERS, CONFIG, SERVICE).what())
        .isEqualTo(
            "no CiliumBGPAdvertisement that reaches the peer is about the LoadBalancerIP of"
                + " Services; CiliumBGPPeerConfig p selects those with to=tor");
  }

  @Test
  void theFamilyThatIsNotConfiguredIsNamedBesideThoseThatAre() {
    assertThat(
            reason(NODE, PEERS, CONFIG, ADVERTISEMENT, SERVICE.replace("172.16.1.1", "'fd00::1'")))
        .satisfies(reason -> {
          assertThat(reason.link()).isEqualTo(Link.FAMILY);
          assertThat(reason.what())
              .isEqualTo(
                  "spec.families of CiliumBGPPeerConfig p has ipv4/unicast, not ipv6/unicast");
          assertThat(reason.next()).isEqualTo("kubectl edit ciliumbgppeerconfig p");
        });
  }

  @Test
  void aPeerWithoutConfigPointsToItsAuthor() {
    String bare = PEERS.replace(", peerConfigRef: {name: p}", "");
    assertThat(reason(NODE, bare, ADVERTISEMENT, SERVICE).next())
        .isEqualTo("kubectl edit ciliumbgpclusterconfig bgp");
  }

  @Test
  void anAnnouncementIsOneOnlyWhenItWasSent() {
    NodeSnapshot objects = Manifests.of(NODE, PEERS, CONFIG, ADVERTISEMENT, SERVICE).snapshot();
    NodePlan plan = NodePlanner.plan(objects);
    var told = new NodeWhy.Told("one", "tor", Prefix.parse("172.16.1.1/32"));
    assertThat(NodeWhy.told(QUERY.decisions(plan))).containsExactly(told);
    List<WhyAnswer.Route> sent =
        why(objects, plan, up).routes(QUERY.decisions(plan), Map.of(told, THEN));
    assertThat(sent)
        .filteredOn(each -> !each.announced().isEmpty())
        .singleElement()
        .satisfies(route -> {
          assertThat(route.reason()).isNull();
          assertThat(route.announced())
              .containsExactly(
                  new WhyAnswer.Announced(
                      "172.16.1.1/32", List.of("vips"), "2026-11-30T02:51:07Z"));
        });
    assertThat(reason(NODE, PEERS, CONFIG, ADVERTISEMENT, SERVICE).link()).isEqualTo(Link.WIRE);
  }

  @Test
  void whatKeepsTheSessionIsTheReason() {
    WhyAnswer.Route route =
        route(
            state(new PeerState.Phase.Down("active")), NODE, PEERS, CONFIG, ADVERTISEMENT, SERVICE);
    assertThat(route.reason())
        .isEqualTo(
            new Reason(
                Link.SESSION,
                "the session with peer tor at 192.168.10.200 is active: connection refused",
                "see to the session",
                "peerage peers --node k8s-w0"));
    assertThat(
            route(
                    state(up(Capability.Multiprotocol.of(AddressFamily.IPV6_UNICAST))),
                    NODE,
                    PEERS,
                    CONFIG,
                    ADVERTISEMENT,
                    SERVICE)
                .reason())
        .extracting(Reason::link, Reason::what)
        .containsExactly(
            Link.FAMILY,
            "peer tor has not agreed on ipv4/unicast: it announced no such multiprotocol capability"
                + " in its OPEN");
    // RFC 4760 section 8: who announces no multiprotocol capability speaks IPv4.
    assertThat(route(state(up()), NODE, PEERS, CONFIG, ADVERTISEMENT, SERVICE).reason())
        .extracting(Reason::link)
        .isEqualTo(Link.WIRE);
  }

  @Test
  void aPeerThatIsLeftOutIsThereWithItsProblem() {
    NodeSnapshot objects = Manifests.of(NODE, PEERS, ADVERTISEMENT, SERVICE).snapshot();
    NodePlan plan = NodePlanner.plan(objects);
    assertThat(why(objects, plan, SpeakerState.EMPTY).peers(objects.nodeConfigs()))
        .singleElement()
        .satisfies(peer -> {
          assertThat(peer.state()).isEqualTo(WhyAnswer.Peer.LEFT_OUT);
          assertThat(peer.problems())
              .singleElement()
              .satisfies(problem -> {
                assertThat(problem.instance()).isEqualTo("one");
                assertThat(problem.peer()).isEqualTo("tor");
                assertThat(problem.what()).startsWith("there is no CiliumBGPPeerConfig 'p'");
              });
        });
    ProblemsAnswer problems =
        new NodeProblems(objects.nodeConfigs(), plan.problems())
            .answer("k8s-w0", "", List.of(), plan.desired(), SpeakerState.EMPTY);
    assertThat(problems.problems())
        .anySatisfy(problem -> assertThat(problem.peer()).isEqualTo("tor"))
        .anySatisfy(problem -> assertThat(problem.peer()).isNull());
  }

  @Test
  void aChangeSaysWhy() {
    NodeSnapshot objects = Manifests.of(NODE, PEERS, CONFIG, ADVERTISEMENT, SERVICE).snapshot();
    Service service = objects.services().getFirst();
    var planner = new NodePlanner();
    planner.configuration(objects);
    planner.service(WEB, Optional.of(service), List.of());
    var first = planner.takeChanges();
    assertThat(first.changes()).extracting(each -> each.after().isPresent()).containsOnly(true);

    Service local = Manifests.of(SERVICE.replace("Cluster", "Local")).all(Service.class).getFirst();
    planner.service(WEB, Optional.of(local), List.of());
    DecisionChange change =
        planner.takeChanges().changes().stream().filter(QUERY::isAbout).findFirst().orElseThrow();
    assertThat(why(objects, planner.plan(), up).change(THEN, change))
        .isEqualTo(
            new WhyAnswer.Change(
                "2026-11-30T02:51:07Z",
                "one",
                "tor",
                "172.16.1.1/32",
                "withdrawn: spec.externalTrafficPolicy is Local, and no endpoint on the node is"
                    + " ready"));
    planner.service(WEB, Optional.empty(), List.of());
    assertThat(planner.takeChanges().changes())
        .allSatisfy(each -> assertThat(each.after()).isEmpty())
        .isNotEmpty();
    assertThat(planner.takeChanges()).isEqualTo(DecisionChange.Some.NONE);
  }
}
