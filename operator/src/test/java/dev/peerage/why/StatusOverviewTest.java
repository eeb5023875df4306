package dev.peerage.why;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.table.StatusTable;
import dev.peerage.why.ClusterStatus.Trouble;
import dev.peerage.why.WhyAnswer.Peer;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusOverviewTest {
  private static final KubernetesSerialization YAML = new KubernetesSerialization();
  private static final String THEN = "2026-11-30T02:51:07Z";
  private static final String POOL =
      "{metadata: {name: blue}, spec: {blocks: []}, status: {conditions: [{type: cilium.io/IPsUsed,"
          + " status: Unknown, reason: noreason, message: '1', lastTransitionTime:"
          + " '2026-11-30T02:51:07Z'}, {type: cilium.io/IPsTotal, status: Unknown, reason: noreason,"
          + " message: '254', lastTransitionTime: '2026-11-30T02:51:07Z'}]}}";
  private static final String GOOD =
      "{metadata: {name: web, namespace: default}, spec: {type: LoadBalancer},"
          + " status: {loadBalancer: {ingress: [{ip: 172.16.1.1}]}}}";

  /** What begins with a brace would be taken for JSON. */
  private static <T> T yaml(String text, Class<T> type) {
    return YAML.unmarshal("---\n" + text, type);
  }

  private static Peer peer(String state, String error) {
    return new Peer(
        "one", 65001, "tor", "192.168.10.200", state, THEN, error, List.of(), List.of());
  }

  private static ProblemsAnswer answer(
      String node, Peer peer, long wanted, long sent, ProblemsAnswer.Problem... problems) {
    return new ProblemsAnswer(node, "", List.of(peer), wanted, sent, List.of(problems), 0);
  }

  private static StatusFacts facts(
      List<String> nodes, String clusterConfig, List<String> configured, String... services) {
    return new StatusFacts(
        nodes.stream().map(each -> yaml(each, Node.class)).toList(),
        List.of(yaml(clusterConfig, CiliumBGPClusterConfig.class)),
        configured.stream()
            .map(each -> yaml("metadata: {name: " + each + "}", CiliumBGPNodeConfig.class))
            .toList(),
        List.of(yaml(POOL, CiliumLoadBalancerIPPool.class)),
        List.of(services).stream().map(each -> yaml(each, Service.class)).toList(),
        List.of());
  }

  private static final List<String> NODES =
      List.of("metadata: {name: k8s-w0}", "metadata: {name: k8s-w1}");
  private static final String CONFIG =
      "{metadata: {name: bgp}, spec: {nodeSelector: {matchLabels: {enable-bgp: 'true'}},"
          + " bgpInstances: []}}";

  @Test
  void allIsWell() {
    ClusterStatus status =
        StatusOverview.of(
            Optional.of(facts(NODES, CONFIG, List.of("k8s-w0"), GOOD)),
            Map.of("k8s-w0", answer("k8s-w0", peer("established", ""), 2, 2)),
            Map.of());
    assertThat(status.isBroken()).isFalse();
    assertThat(StatusTable.of(status))
        .isEqualTo(
            """
            nodes     1 of 2 run BGP, 1 agents answer
            sessions  1 of 1 established
            routes    2 of 2 on the wire
            services  1 of 1 of type LoadBalancer have an address
            pools     blue 1/254 used

            No problem found.
            """);
  }

  @Test
  void theSameProblemOnManyNodesIsOneWithAnExample() {
    Peer down = peer("active", "connection refused");
    ClusterStatus status =
        StatusOverview.of(
            Optional.empty(),
            Map.of(
                "k8s-w0", answer("k8s-w0", down, 2, 0),
                "k8s-w1", answer("k8s-w1", down, 2, 0)),
            Map.of("k8s-w2", "no answer within 15 s"));
    assertThat(status.problems())
        .containsExactly(
            new Trouble(
                "the agent does not answer: no answer within 15 s",
                List.of("k8s-w2"),
                "kubectl get pods -A -o wide -l app.kubernetes.io/component=agent"),
            new Trouble(
                "the session with peer tor 192.168.10.200 is active: connection refused",
                List.of("k8s-w0", "k8s-w1"),
                "peerage peers tor --node k8s-w0"));
    assertThat(status.sessionsUp()).isZero();
    assertThat(status.sessions()).isEqualTo(2);
  }

  @Test
  void whereNoNodeIsSelectedTheLabelIsNamed() {
    ClusterStatus status =
        StatusOverview.of(
            Optional.of(facts(NODES, CONFIG, List.of())),
            Map.of(
                "k8s-w0",
                new ProblemsAnswer(
                    "k8s-w0",
                    "there is no CiliumBGPNodeConfig k8s-w0",
                    List.of(),
                    0,
                    0,
                    List.of(),
                    0)),
            Map.of());
    assertThat(status.problems())
        .singleElement()
        .satisfies(trouble -> {
          assertThat(trouble.what()).contains("bgp wants enable-bgp=true");
          assertThat(trouble.where()).containsExactly("k8s-w0", "k8s-w1");
        });
  }

  @Test
  void aServiceWithoutAddressAndRoutesThatAreNotSentAreProblems() {
    String refused =
        "{metadata: {name: shop, namespace: default}, spec: {type: LoadBalancer}, status:"
            + " {conditions: [{type: cilium.io/IPAMRequestSatisfied, status: 'False', reason:"
            + " no_pool, message: no pool selects it, lastTransitionTime: '2026-11-30T02:51:07Z'}]}}";
    String foreign =
        "{metadata: {name: other, namespace: default}, spec: {type: LoadBalancer,"
            + " loadBalancerClass: x/y}}";
    ClusterStatus status =
        StatusOverview.of(
            Optional.of(facts(NODES, CONFIG, List.of("k8s-w0", "k8s-w1"), GOOD, refused, foreign)),
            Map.of("k8s-w0", answer("k8s-w0", peer("established", ""), 2, 1)),
            Map.of());
    assertThat(status.services()).isEqualTo(2);
    assertThat(status.addressed()).isEqualTo(1);
    assertThat(status.problems())
        .extracting(Trouble::what, Trouble::where)
        .containsExactly(
            tuple("the node has a CiliumBGPNodeConfig, but no agent runs there", List.of("k8s-w1")),
            tuple(
                "not all routes that are to be announced are on the wire: a family that a router has"
                    + " not agreed on, or one on its way",
                List.of("k8s-w0")),
            tuple("no address, no_pool: no pool selects it", List.of("default/shop")));
  }

  @Test
  void aProblemOfTheObjectsIsToldWithItsRemedy() {
    var problem =
        new ProblemsAnswer.Problem(
            "CiliumBGPPeerConfig p",
            "spec.families",
            "no family is given",
            "list them",
            "warning",
            null,
            null);
    var note = new ProblemsAnswer.Problem("Node n", "", "nothing", "nothing", "note", null, null);
    ClusterStatus status =
        StatusOverview.of(
            Optional.empty(),
            Map.of("k8s-w0", answer("k8s-w0", peer("established", ""), 0, 0, problem, note)),
            Map.of());
    assertThat(status.problems())
        .containsExactly(
            new Trouble(
                "CiliumBGPPeerConfig p spec.families: no family is given; list them",
                List.of("k8s-w0"),
                "kubectl edit ciliumbgppeerconfig p"));
  }
}
