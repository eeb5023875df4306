package dev.peerage.announce;

import static dev.peerage.fixture.Manifests.plan;
import static dev.peerage.fixture.SeedLab.LAB;
import static dev.peerage.fixture.SeedLab.advertisement;
import static dev.peerage.fixture.SeedLab.service;
import static dev.peerage.fixture.SeedLab.statements;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.peerage.announce.Decision.Outcome;
import dev.peerage.announce.Decision.Subject.ServiceAddress;
import dev.peerage.bgp.export.ExportStatement;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.fixture.SeedLab;
import dev.peerage.peering.AddressType;
import dev.peerage.peering.Problem;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceRoutesTest {
  private static final String ALL_VIPS =
      advertisement("vips", "{advertise: bgp}", "LoadBalancerIP", "{}", "");

  /** Both families, all advertisements. */
  private static final String DUAL_STACK =
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
          """;

  @Test
  void aVipIsAnnouncedAsHostRoute() {
    NodePlan plan = plan(LAB, ALL_VIPS, service("webpod", ""));
    assertThat(statements(plan).getLast())
        .isEqualTo(
            new ExportStatement(
                "Service-webpod-default-LoadBalancerIP-ipv4",
                PrefixSet.of(Prefix.parse("172.16.1.1/32")),
                ExportStatement.Attributes.DEFAULT));
    assertThat(plan.desired().instances().getFirst().routes())
        .contains(Prefix.parse("172.16.1.1/32"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "null                                                      | SelectorMissing",
        "{}                                                        | Announced",
        "{matchLabels: {app: webpod}}                              | Announced",
        "{matchLabels: {app: other}}                               | NotSelected",
        "{matchLabels: {io.kubernetes.service.name: webpod}}       | Announced",
        "{matchLabels: {io.kubernetes.service.namespace: default}} | Announced",
        "{matchLabels: {io.kubernetes.service.namespace: other}}   | NotSelected",
        "{matchExpressions: [{key: somekey, operator: NotIn, values: [never-used-value]}]} | Announced",
      })
  void anAdvertisementSelectsServicesByTheirLabels(String selector, String outcome) {
    NodePlan plan =
        plan(
            LAB,
            advertisement("vips", "{advertise: bgp}", "LoadBalancerIP", selector, ""),
            service("webpod", ""));
    assertThat(outcomes(plan, AddressType.LOAD_BALANCER_IP)).containsExactly(outcome);
    assertThat(statements(plan)).hasSize(outcome.equals("Announced") ? 2 : 1);
  }

  @ParameterizedTest
  @CsvSource({
    "'',                                                   Announced",
    "loadBalancerClass: io.cilium/bgp-control-plane,       Announced",
    "loadBalancerClass: io.cilium/l2-announcer,            ForeignClass",
    "loadBalancerClass: example.com/other,                 ForeignClass",
  })
  void onlyOurClassesAreAnnounced(String spec, String outcome) {
    NodePlan plan = plan(LAB, ALL_VIPS, service("webpod", spec));
    assertThat(outcomes(plan, AddressType.LOAD_BALANCER_IP)).containsExactly(outcome);
  }

  @Test
  void aForeignClassDoesNotConcernClusterIps() {
    NodePlan plan =
        plan(
            LAB,
            advertisement("all", "{advertise: bgp}", "LoadBalancerIP, ClusterIP", "{}", ""),
            service("webpod", "loadBalancerClass: example.com/other"));
    assertThat(statements(plan))
        .extracting(ExportStatement::name)
        .containsExactly("PodCIDR-ipv4", "Service-webpod-default-ClusterIP-ipv4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no endpoint                   | IPv4 | []                                                      | NoLocalEndpoint",
        "a ready one                   | IPv4 | [{nodeName: k8s-ctr, conditions: {ready: true}}]        | Announced",
        "one on another node           | IPv4 | [{nodeName: k8s-w1, conditions: {ready: true}}]         | NoLocalEndpoint",
        "one without node              | IPv4 | [{conditions: {ready: true}}]                           | NoLocalEndpoint",
        "one on each                   | IPv4 | [{nodeName: k8s-w1, conditions: {ready: true}}, {nodeName: k8s-ctr, conditions: {ready: true}}] | Announced",
        "conditions unknown            | IPv4 | [{nodeName: k8s-ctr}]                                   | Announced",
        "readiness unknown             | IPv4 | [{nodeName: k8s-ctr, conditions: {}}]                   | Announced",
        "not ready                     | IPv4 | [{nodeName: k8s-ctr, conditions: {ready: false}}]       | NoLocalEndpoint",
        "not ready but serving         | IPv4 | [{nodeName: k8s-ctr, conditions: {ready: false, serving: true}}] | NoLocalEndpoint",
        "terminating but serving       | IPv4 | [{nodeName: k8s-ctr, conditions: {ready: false, serving: true, terminating: true}}] | Announced",
        "terminating, ready elsewhere  | IPv4 | [{nodeName: k8s-ctr, conditions: {ready: false, serving: true, terminating: true}}, {nodeName: k8s-w1, conditions: {ready: true}}] | NoLocalEndpoint",
        "terminating everywhere        | IPv4 | [{nodeName: k8s-ctr, conditions: {ready: false, serving: true, terminating: true}}, {nodeName: k8s-w1, conditions: {ready: false, serving: true, terminating: true}}] | Announced",
        "terminating, ready nowhere    | IPv4 | [{nodeName: k8s-ctr, conditions: {ready: false, serving: true, terminating: true}}, {nodeName: k8s-w1, conditions: {ready: false}}] | Announced",
        "one terminating, one ready    | IPv4 | [{nodeName: k8s-ctr, conditions: {ready: false, serving: true, terminating: true}}, {nodeName: k8s-ctr}] | Announced",
        "terminating, ready without node | IPv4 | [{nodeName: k8s-ctr, conditions: {ready: false, serving: true, terminating: true}}, {conditions: {ready: true}}] | NoLocalEndpoint",
        "terminating and not serving   | IPv4 | [{nodeName: k8s-ctr, conditions: {ready: false, serving: false, terminating: true}}] | NoLocalEndpoint",
        "ready of the other family     | IPv6 | [{nodeName: k8s-ctr, conditions: {ready: true}}]        | NoLocalEndpoint",
        "ready by name                 | FQDN | [{nodeName: k8s-ctr, conditions: {ready: true}}]        | NoLocalEndpoint",
      })
  void policyLocalNeedsAnEndpointOnTheNode(
      String what, String family, String endpoints, String outcome) {
    String slice = slice("webpod", family, endpoints);
    assertThat(
            outcomes(
                plan(LAB, ALL_VIPS, service("webpod", "externalTrafficPolicy: Local"), slice),
                AddressType.LOAD_BALANCER_IP))
        .as(what)
        .containsExactly(outcome);
    assertThat(
            outcomes(
                plan(LAB, ALL_VIPS, service("webpod", "externalTrafficPolicy: Cluster"), slice),
                AddressType.LOAD_BALANCER_IP))
        .as("policy Cluster with " + what)
        .containsExactly("Announced");
  }

  @Test
  void endpointsOfAnotherServiceOrNamespaceDoNotCount() {
    String local = "[{nodeName: k8s-ctr, conditions: {ready: true}}]";
    NodePlan plan =
        plan(
            LAB,
            ALL_VIPS,
            service("webpod", "externalTrafficPolicy: Local"),
            slice("other", "IPv4", local),
            slice("webpod", "IPv4", local).replace("namespace: default", "namespace: other"));
    assertThat(outcomes(plan, AddressType.LOAD_BALANCER_IP)).containsExactly("NoLocalEndpoint");
  }

  @Test
  void whoIsReadyElsewhereCountsInItsOwnFamilyOnly() {
    String terminating =
        "[{nodeName: k8s-ctr, conditions: {ready: false, serving: true, terminating: true}}]";
    String elsewhere = "[{nodeName: k8s-w1, conditions: {ready: true}}]";
    String local = service("webpod", "externalTrafficPolicy: Local");
    assertThat(
            outcomes(
                plan(
                    LAB,
                    ALL_VIPS,
                    local,
                    slice("webpod", "IPv4", terminating),
                    slice("webpod", "IPv6", elsewhere)),
                AddressType.LOAD_BALANCER_IP))
        .containsExactly("Announced");
    assertThat(
            outcomes(
                plan(
                    LAB,
                    ALL_VIPS,
                    local,
                    slice("webpod", "IPv4", terminating),
                    slice("webpod", "IPv4", elsewhere)),
                AddressType.LOAD_BALANCER_IP))
        .as("of two slices")
        .containsExactly("NoLocalEndpoint");
  }

  @Test
  void eachFamilyOfADualStackServiceNeedsItsOwnLocalEndpoint() {
    String dualStack =
        """
        kind: Service
        metadata: {name: webpod, namespace: default}
        spec: {type: LoadBalancer, externalTrafficPolicy: Local}
        status: {loadBalancer: {ingress: [{ip: 172.16.1.1}, {ip: "fd00:16::1"}, {hostname: lb.example.com}]}}
        ---
        """;
    NodePlan plan =
        plan(
            DUAL_STACK,
            ALL_VIPS,
            dualStack,
            slice("webpod", "IPv6", "[{nodeName: k8s-ctr, conditions: {ready: true}}]"));
    assertThat(statements(plan))
        .extracting(ExportStatement::name, ExportStatement::prefixes)
        .containsExactly(
            tuple(
                "Service-webpod-default-LoadBalancerIP-ipv6",
                Set.of(Prefix.parse("fd00:16::1/128"))));
  }

  @ParameterizedTest
  @CsvSource({
    "internalTrafficPolicy: Cluster, Announced",
    "internalTrafficPolicy: Local, NoLocalEndpoint",
    "externalTrafficPolicy: Local, Announced",
  })
  void clusterIpsFollowTheInternalPolicy(String spec, String outcome) {
    NodePlan plan =
        plan(
            LAB,
            advertisement("all", "{advertise: bgp}", "ClusterIP", "{}", ""),
            service("webpod", spec));
    assertThat(outcomes(plan, AddressType.CLUSTER_IP)).containsExactly(outcome);
    assertThat(outcomes(plan, AddressType.LOAD_BALANCER_IP)).containsExactly("NoAdvertisement");
  }

  @Test
  void externalIpsOfAnyTypeFollowTheExternalPolicy() {
    String service =
        """
        kind: Service
        metadata: {name: webpod, namespace: default}
        spec: {type: ClusterIP, externalIPs: [192.0.2.9], externalTrafficPolicy: Local}
        ---
        """;
    NodePlan plan =
        plan(
            LAB,
            advertisement("all", "{advertise: bgp}", "ClusterIP, ExternalIP", "{}", ""),
            service);
    assertThat(outcomes(plan, AddressType.EXTERNAL_IP)).containsExactly("NoLocalEndpoint");
  }

  @Test
  void anAddressInTheStatusOfAnotherTypeIsNoVip() {
    NodePlan plan =
        plan(LAB, ALL_VIPS, service("webpod", "").replace("type: LoadBalancer", "type: ClusterIP"));
    assertThat(outcomes(plan, AddressType.LOAD_BALANCER_IP)).isEmpty();
  }

  @Test
  void twoServicesMayShareAVip() {
    NodePlan plan = plan(LAB, ALL_VIPS, service("a", ""), service("b", ""));
    assertThat(statements(plan)).hasSize(3);
    assertThat(plan.desired().instances().getFirst().routes()).hasSize(2);
    NodePlan one = plan(LAB, ALL_VIPS, service("b", ""));
    assertThat(one.desired().instances().getFirst().routes())
        .isEqualTo(plan.desired().instances().getFirst().routes());
  }

  @Test
  void servicesWhoseStatementsHaveTheSameNameStaySeparate() {
    NodePlan plan =
        plan(
            LAB,
            ALL_VIPS,
            service("a-b", "").replace("namespace: default", "namespace: c"),
            service("a", "")
                .replace("namespace: default", "namespace: b-c")
                .replace("172.16.1.1", "172.16.1.2"));
    assertThat(statements(plan).subList(1, 3))
        .allMatch(s -> s.name().equals("Service-a-b-c-LoadBalancerIP-ipv4"))
        .allMatch(s -> s.prefixes().size() == 1);
  }

  @Test
  void aBrokenAddressIsAProblemOfItsServiceOnly() {
    NodePlan plan =
        plan(
            LAB,
            ALL_VIPS,
            service("bad", "").replace("172.16.1.1", "172.16.1"),
            service("good", ""));
    assertThat(plan.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "Service default/bad status.loadBalancer.ingress: '172.16.1' is not an IP address and"
                + " is not announced; correct the address");
    assertThat(statements(plan)).hasSize(2);
  }

  private static List<String> outcomes(NodePlan plan, AddressType type) {
    return plan.decisions().stream()
        .filter(decision ->
            decision.subject() instanceof ServiceAddress address && address.type() == type)
        .map(Decision::outcome)
        .map(Outcome::getClass)
        .map(Class::getSimpleName)
        .toList();
  }

  private static String slice(String service, String family, String endpoints) {
    return """
    kind: EndpointSlice
    metadata: {name: %s-1, namespace: default, labels: {kubernetes.io/service-name: %s}}
    addressType: %s
    endpoints: %s
    ---
    """
        .formatted(service, service, family, endpoints);
  }
}
