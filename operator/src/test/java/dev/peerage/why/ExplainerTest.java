package dev.peerage.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.wire.Prefix;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.table.WhyTable;
import dev.peerage.why.Explanation.Announced;
import dev.peerage.why.Explanation.Row;
import dev.peerage.why.Explanation.Standing;
import dev.peerage.why.Explanation.Step;
import dev.peerage.why.WhyAnswer.Change;
import dev.peerage.why.WhyAnswer.Heard;
import dev.peerage.why.WhyAnswer.Peer;
import dev.peerage.why.WhyAnswer.Route;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the answers of three nodes and the API's objects say together. */
class ExplainerTest {
  private static final KubernetesSerialization YAML = new KubernetesSerialization();
  private static final Target WEB = new Target.OfService(Optional.of("default"), "web");
  private static final String THEN = "2026-11-30T02:51:07Z";
  private static final String SUBJECT = "Service default/web LoadBalancerIP";
  private static final String VIP = "172.16.1.1/32";
  private static final Reason NO_ENDPOINT =
      new Reason(Link.ENDPOINTS, "no endpoint on the node is ready", "see to its endpoints", "");
  private static final Reason REFUSED =
      new Reason(Link.SESSION, "the session is active: connection refused", "see to it", "");

  private static Peer peer(String state) {
    return new Peer("one", 65001, "tor", "192.168.10.200", state, THEN, "", List.of(), List.of());
  }

  private static Route route(@Nullable Reason reason, boolean wanted, @Nullable String sent) {
    return new Route(
        "one",
        "tor",
        SUBJECT,
        VIP,
        wanted ? "Announced" : "NoLocalEndpoint",
        reason,
        wanted ? List.of(new WhyAnswer.Announced(VIP, List.of("vips"), sent)) : List.of());
  }

  private static WhyAnswer answer(String node, Route... routes) {
    return new WhyAnswer(
        node, "", List.of(peer("established")), List.of(routes), List.of(), List.of(), THEN, 0);
  }

  private static final Route SENT = route(null, true, THEN);

  private static Explanation explain(Map<String, WhyAnswer> answers) {
    return Explainer.explain(WEB, Optional.empty(), answers, Map.of());
  }

  @Test
  void whatIsSentEverywhereIsFine() {
    Explanation why =
        explain(Map.of("k8s-w0", answer("k8s-w0", SENT), "k8s-w1", answer("k8s-w1", SENT)));
    assertThat(why.broken()).isFalse();
    assertThat(why.causes()).isEmpty();
    assertThat(why.rows())
        .containsExactly(
            new Row("k8s-w0", "tor 192.168.10.200", VIP, Announced.YES, THEN, null),
            new Row("k8s-w1", "tor 192.168.10.200", VIP, Announced.YES, THEN, null));
    assertThat(why.summary())
        .containsExactly(VIP + " is announced by 2 of 2 nodes, on 2 of 2 sessions");
    assertThat(why.chain()).extracting(Step::standing).containsOnly(Standing.OK);
  }

  @Test
  void aNodeWithoutEndpointIsRightWhileAnotherAnnounces() {
    WhyAnswer without = answer("k8s-w1", route(NO_ENDPOINT, false, null));
    Explanation some = explain(Map.of("k8s-w0", answer("k8s-w0", SENT), "k8s-w1", without));
    assertThat(some.broken()).isFalse();
    assertThat(some.causes()).singleElement().matches(Explanation.Cause::harmless);
    assertThat(WhyTable.of(some)).contains("(1) endpoints, by design: no endpoint on the node");

    Explanation none = explain(Map.of("k8s-w1", without));
    assertThat(none.broken()).isTrue();
    assertThat(none.chain())
        .contains(
            new Step(Link.NODE, Standing.OK),
            new Step(Link.ENDPOINTS, Standing.BROKEN),
            new Step(Link.ADVERTISEMENT, Standing.NOT_REACHED));
  }

  @Test
  void oneSessionThatIsDownIsAProblemAndEachCauseIsThereOnce() {
    Route down = route(REFUSED, true, null);
    Explanation why =
        explain(
            Map.of(
                "k8s-w0", answer("k8s-w0", SENT),
                "k8s-w1", answer("k8s-w1", down),
                "k8s-w2", answer("k8s-w2", down)));
    assertThat(why.broken()).isTrue();
    assertThat(why.causes())
        .containsExactly(
            new Explanation.Cause(
                REFUSED,
                false,
                List.of("k8s-w1 to tor 192.168.10.200", "k8s-w2 to tor 192.168.10.200")));
    assertThat(why.rows().getLast().since()).isEqualTo(THEN);
    assertThat(why.chain()).contains(new Step(Link.SESSION, Standing.BROKEN));
  }

  @Test
  void anAgentThatDoesNotAnswerIsNamed() {
    Explanation why =
        Explainer.explain(
            WEB,
            Optional.empty(),
            Map.of("k8s-w0", answer("k8s-w0", SENT)),
            Map.of("k8s-w1", "connection refused"));
    assertThat(why.broken()).isTrue();
    assertThat(why.rows().getLast()).isEqualTo(new Row("k8s-w1", "", "", Announced.UNKNOWN, "", 1));
    assertThat(WhyTable.of(why)).contains("the agent does not answer: connection refused");
  }

  @Test
  void aPeerThatIsLeftOutIsARowOfItsOwn() {
    var left =
        new Peer(
            "one",
            65001,
            "spare",
            "192.168.10.201",
            Peer.LEFT_OUT,
            "",
            "",
            List.of(),
            List.of(
                new ProblemsAnswer.Problem(
                    "CiliumBGPClusterConfig bgp",
                    "spec.bgpInstances[one].peers[spare].peerConfigRef.name",
                    "there is no CiliumBGPPeerConfig 'p2'",
                    "create it or correct the name",
                    "error",
                    "one",
                    "spare")));
    Explanation why =
        explain(
            Map.of(
                "k8s-w0",
                new WhyAnswer(
                    "k8s-w0",
                    "",
                    List.of(peer("established"), left),
                    List.of(SENT),
                    List.of(),
                    List.of(),
                    THEN,
                    0)));
    assertThat(why.broken()).isTrue();
    assertThat(why.causes())
        .singleElement()
        .satisfies(cause -> {
          assertThat(cause.reason().link()).isEqualTo(Link.PEER_CONFIG);
          assertThat(cause.reason().what()).contains("peer spare of instance one", "'p2'");
          assertThat(cause.reason().next()).isEqualTo("kubectl edit ciliumbgpclusterconfig bgp");
        });
  }

  @Test
  void whoHearsItBackAndWhatChangedIsTold() {
    WhyAnswer hears =
        new WhyAnswer(
            "k8s-w1",
            "",
            List.of(peer("established")),
            List.of(route(NO_ENDPOINT, false, null)),
            List.of(
                new Heard(
                    "one",
                    "tor",
                    "192.168.10.200",
                    VIP,
                    "192.168.10.200",
                    "65000 65001",
                    "own AS")),
            List.of(new Change(THEN, "one", "tor", VIP, "withdrawn: no endpoint")),
            "2026-11-30T00:00:00Z",
            3);
    Explanation why = explain(Map.of("k8s-w0", answer("k8s-w0", SENT), "k8s-w1", hears));
    assertThat(why.heard())
        .containsExactly(
            VIP
                + " is heard back by k8s-w1 from 192.168.10.200 (AS path 65000 65001, next hop"
                + " 192.168.10.200)");
    assertThat(why.changes())
        .containsExactly(THEN + " k8s-w1 to tor: " + VIP + " withdrawn: no endpoint");
    assertThat(why.rows().getLast().since()).isEqualTo(THEN);
    assertThat(why.notes())
        .containsExactly("node k8s-w1 left 3 routes off: ask about a single address");
    assertThat(explain(Map.of("k8s-w0", answer("k8s-w0", SENT))).heard())
        .singleElement()
        .asString()
        .contains("heard back by no node, which proves nothing");
  }

  /** What begins with a brace would be taken for JSON. */
  private static <T> T yaml(String text, Class<T> type) {
    return YAML.unmarshal("---\n" + text, type);
  }

  private static ClusterFacts facts(
      Optional<String> service, List<String> pools, String clusterConfig, String... nodes) {
    return new ClusterFacts(
        service.map(it -> yaml(it, Service.class)),
        Optional.empty(),
        List.of(),
        pools.stream().map(it -> yaml(it, CiliumLoadBalancerIPPool.class)).toList(),
        List.of(nodes).stream().map(it -> yaml(it, Node.class)).toList(),
        clusterConfig.isEmpty()
            ? List.of()
            : List.of(yaml(clusterConfig, CiliumBGPClusterConfig.class)),
        List.of(yaml("metadata: {name: k8s-w0}", CiliumBGPNodeConfig.class)),
        List.of());
  }

  private static final String SELECTING =
      "{metadata: {name: bgp}, spec: {nodeSelector: {matchLabels: {enable-bgp: 'true'}},"
          + " bgpInstances: []}}";
  private static final String SERVICE =
      "{metadata: {name: web, namespace: default}, spec: {type: LoadBalancer},"
          + " status: {loadBalancer: {ingress: [{ip: 172.16.1.1}]}}}";

  @Test
  void aNodeThatNoClusterConfigSelectsIsNamedWithTheLabel() {
    Explanation why =
        Explainer.explain(
            WEB,
            Optional.of(
                facts(
                    Optional.of(SERVICE),
                    List.of(),
                    SELECTING,
                    "metadata: {name: k8s-w0}",
                    "metadata: {name: k8s-w1, labels: {enable-bgp: 'false'}}")),
            Map.of("k8s-w0", answer("k8s-w0", SENT)),
            Map.of());
    assertThat(why.broken()).isFalse();
    assertThat(why.causes())
        .singleElement()
        .satisfies(cause -> {
          assertThat(cause.reason().what())
              .isEqualTo(
                  "spec.nodeSelector of no CiliumBGPClusterConfig selects the node: bgp wants"
                      + " enable-bgp=true, the node has enable-bgp=false");
          assertThat(cause.reason().next())
              .isEqualTo("kubectl label node k8s-w1 enable-bgp=true --overwrite");
          assertThat(cause.places()).containsExactly("k8s-w1");
        });
  }

  @Test
  void aSelectedNodeWithoutAgentIsNotKnown() {
    Explanation why =
        Explainer.explain(
            WEB,
            Optional.of(facts(Optional.of(SERVICE), List.of(), "", "metadata: {name: k8s-w0}")),
            Map.of(),
            Map.of("k8s-w9", "no answer"));
    assertThat(why.rows()).extracting(Row::node).containsExactly("k8s-w0", "k8s-w9");
    assertThat(why.rows()).extracting(Row::announced).containsOnly(Announced.UNKNOWN);
  }

  private static Reason first(Target target, ClusterFacts facts) {
    Explanation why = Explainer.explain(target, Optional.of(facts), Map.of(), Map.of());
    assertThat(why.broken()).isTrue();
    return why.causes().getFirst().reason();
  }

  @Test
  void theServiceItselfMayBeTheReason() {
    assertThat(first(WEB, facts(Optional.empty(), List.of(), "")).what())
        .isEqualTo("there is no Service default/web");
    assertThat(
            first(
                    WEB,
                    facts(
                        Optional.of(
                            SERVICE.replace(
                                "LoadBalancer}", "LoadBalancer, loadBalancerClass: x/y}")),
                        List.of(),
                        ""))
                .what())
        .startsWith("spec.loadBalancerClass is x/y");
    assertThat(
            first(WEB, facts(Optional.of(SERVICE.replace("{ip: 172.16.1.1}", "")), List.of(), ""))
                .what())
        .contains("no condition cilium.io/IPAMRequestSatisfied");
    String refused =
        "{metadata: {name: web, namespace: default}, spec: {type: LoadBalancer}, status:"
            + " {conditions: [{type: cilium.io/IPAMRequestSatisfied, status: 'False', reason:"
            + " no_pool, message: no pool selects it, lastTransitionTime: '2026-11-30T02:51:07Z'}]}}";
    assertThat(first(WEB, facts(Optional.of(refused), List.of(), "")))
        .isEqualTo(
            new Reason(
                Link.POOL,
                "condition cilium.io/IPAMRequestSatisfied is False since 2026-11-30T02:51:07Z,"
                    + " no_pool: no pool selects it",
                "see to the pools, or to what the Service asks of them",
                "kubectl describe service -n default web"));
  }

  @Test
  void anAddressThatNobodyHasIsLookedForInThePools() {
    var address = new Target.OfPrefix(Prefix.parse("172.16.1.9/32"));
    String pool =
        "{metadata: {name: late}, spec: {blocks: [{cidr: 172.16.1.0/24}]}, status: {conditions:"
            + " [{type: cilium.io/PoolConflict, status: 'True', reason: cidr_overlap, message: it"
            + " overlaps early, lastTransitionTime: '2026-11-30T02:51:07Z'}]}}";
    assertThat(first(address, facts(Optional.empty(), List.of(pool), "")).what())
        .isEqualTo(
            "no Service has 172.16.1.9; it is in pool late, which is in conflict since"
                + " 2026-11-30T02:51:07Z: it overlaps early and gives out nothing");
    assertThat(
            first(
                    address,
                    facts(
                        Optional.empty(),
                        List.of(
                            "{metadata: {name: some}, spec: {disabled: true, blocks: [{start:"
                                + " 172.16.1.1, stop: 172.16.1.20}]}}"),
                        ""))
                .what())
        .isEqualTo("no Service has 172.16.1.9; it is in pool some, which is disabled");
    assertThat(first(address, facts(Optional.empty(), List.of(), "")).what())
        .isEqualTo("no Service has 172.16.1.9, and no CiliumLoadBalancerIPPool holds it");
  }
}
