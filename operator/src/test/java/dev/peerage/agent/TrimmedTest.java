package dev.peerage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.announce.Decision;
import dev.peerage.announce.NodePlan;
import dev.peerage.announce.NodePlanner;
import dev.peerage.announce.OwnNode;
import dev.peerage.fixture.Manifests;
import dev.peerage.fixture.SeedLab;
import dev.peerage.peering.NodeSettings;
import dev.peerage.peering.NodeSnapshot;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrimmedTest {
  private static final String EVERYTHING =
      SeedLab.NODE
          + SeedLab.NODE_CONFIG
          + """
          kind: CiliumBGPPeerConfig
          metadata: {name: cilium-peer}
          spec:
            families:
            - {afi: ipv4, safi: unicast, advertisements: {}}
            - {afi: ipv6, safi: unicast, advertisements: {}}
          ---
          """
          + SeedLab.POD_CIDR
          + SeedLab.advertisement(
              "all",
              "{a: b}",
              "ClusterIP, LoadBalancerIP, ExternalIP",
              "{matchExpressions: [{key: hidden, operator: DoesNotExist}]}",
              "")
          + SeedLab.service("cluster", "externalIPs: [192.0.2.1]")
          + SeedLab.service("local", "externalTrafficPolicy: Local")
          + SeedLab.service("inside", "internalTrafficPolicy: Local")
          + SeedLab.service("foreign", "loadBalancerClass: example.com/other")
          + SeedLab.service("hidden", "").replace("app: hidden", "hidden: yes-it-is")
          + slice("local", "k8s-ctr", "{ready: false, serving: true, terminating: true}")
          + slice("inside", "k8s-ctr", "{ready: true}")
          + slice("cluster", "k8s-w1", "{ready: true}");

  @Test
  void trimmedObjectsGiveTheSamePlan() {
    NodeSnapshot whole = Manifests.of(EVERYTHING).snapshot();
    NodeSnapshot trimmed =
        new NodeSnapshot(
            Trimmed.node(whole.node()),
            whole.nodeConfigs(),
            whole.peerConfigs(),
            whole.advertisements(),
            whole.services().stream().map(Trimmed::service).toList(),
            whole.endpointSlices().stream().map(slice -> Trimmed.slice(slice, "k8s-ctr")).toList());
    NodePlan plan = NodePlanner.plan(whole);
    assertThat(NodePlanner.plan(trimmed)).isEqualTo(plan);
    assertThat(plan.decisions().stream().<Class<?>>map(d -> d.outcome().getClass()).distinct())
        .as("the sample reaches the rules that read Services")
        .contains(
            Decision.Outcome.Announced.class,
            Decision.Outcome.ForeignClass.class,
            Decision.Outcome.NotSelected.class);
  }

  @Test
  void fieldsThatNoRuleReadsMakeNoDifference() {
    Service service = Manifests.of(EVERYTHING).all(Service.class).getFirst();
    Service touched =
        new ServiceBuilder(service)
            .editMetadata()
            .addToAnnotations("a", "b")
            .endMetadata()
            .editSpec()
            .addNewPort()
            .withPort(80)
            .endPort()
            .withSelector(Map.of("app", "x"))
            .endSpec()
            .build();
    assertThat(Trimmed.service(touched)).isEqualTo(Trimmed.service(service));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ready: true}                                    | true",
        "{}                                               | true",
        "{ready: false, serving: true, terminating: true} | true",
        "{ready: false}                                   | false",
      })
  void ofEndpointsOfOtherNodesOnlyTheFirstThatTakesTrafficIsAChange(
      String conditions, boolean change) {
    EndpointSlice local = endpoints(endpoint("k8s-ctr", "{ready: true}"));
    EndpointSlice one =
        endpoints(endpoint("k8s-ctr", "{ready: true}"), endpoint("k8s-w1", conditions));
    EndpointSlice more =
        endpoints(
            endpoint("k8s-w0", conditions),
            endpoint("k8s-ctr", "{ready: true}"),
            endpoint("k8s-w1", conditions),
            endpoint("k8s-w1", "{ready: false}"));
    assertThat(one.equals(local)).isNotEqualTo(change);
    assertThat(more).isEqualTo(one);
    assertThat(Trimmed.slice(more, "k8s-ctr")).as("trimmed again").isEqualTo(more);
  }

  @Test
  void readyEndpointsOfOtherNodesCountMoreThanThoseThatShutDown() {
    String last = "{ready: false, serving: true, terminating: true}";
    EndpointSlice ready = endpoints(endpoint("k8s-w0", "{ready: true}"));
    assertThat(endpoints(endpoint("k8s-w0", last), endpoint("k8s-w1", "{}"))).isEqualTo(ready);
    assertThat(endpoints(endpoint("k8s-w0", "{}"), endpoint("k8s-w1", last))).isEqualTo(ready);
    assertThat(endpoints(endpoint("k8s-w0", last))).isNotEqualTo(ready);
  }

  private static String endpoint(String node, String conditions) {
    return "{addresses: [172.20.0.9], nodeName: %s, conditions: %s}".formatted(node, conditions);
  }

  private static EndpointSlice endpoints(String... endpoints) {
    EndpointSlice slice =
        Manifests.of(
                """
                kind: EndpointSlice
                metadata: {name: a-1, namespace: default}
                addressType: IPv4
                endpoints: [%s]
                """
                    .formatted(String.join(", ", endpoints)))
            .all(EndpointSlice.class)
            .getFirst();
    return Trimmed.slice(slice, "k8s-ctr");
  }

  @Test
  void ofLabelsOfTheNodeOnlyThoseOfRulesAreKept() {
    Node worker = node("{a: b, %s: \"yes\"}".formatted(OwnNode.EXCLUDED));
    assertThat(OwnNode.of(worker, NodeSettings.DEFAULT).excluded()).isTrue();
    assertThat(worker.getMetadata().getLabels()).hasSize(1);

    // As kubeadm labels it.
    Node controlPlane =
        node("{a: b, %s: \"\", %s: \"\"}".formatted(OwnNode.EXCLUDED, OwnNode.CONTROL_PLANE));
    assertThat(OwnNode.of(controlPlane, NodeSettings.DEFAULT).excluded()).isFalse();
    assertThat(controlPlane.getMetadata().getLabels()).hasSize(2);
  }

  private static Node node(String labels) {
    return Trimmed.node(
        Manifests.of("kind: Node\nmetadata: {name: k8s-ctr, labels: %s}\n".formatted(labels))
            .all(Node.class)
            .getFirst());
  }

  private static String slice(String service, String node, String conditions) {
    return """
    kind: EndpointSlice
    metadata: {name: %s-1, namespace: default, labels: {kubernetes.io/service-name: %s}}
    addressType: IPv4
    endpoints: [{addresses: [172.20.0.9], nodeName: %s, conditions: %s}]
    ---
    """
        .formatted(service, service, node, conditions);
  }
}
