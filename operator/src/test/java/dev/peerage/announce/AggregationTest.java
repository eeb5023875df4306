package dev.peerage.announce;

import static dev.peerage.announce.DualStack.NODE;
import static dev.peerage.announce.DualStack.PEERS;
import static dev.peerage.announce.DualStack.advertisement;
import static dev.peerage.announce.DualStack.service;
import static dev.peerage.announce.DualStack.slice;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.announce.Decision.Subject.ServiceAddress;
import dev.peerage.fixture.Manifests;
import dev.peerage.kube.ServiceKey;
import dev.peerage.peering.AddressType;
import dev.peerage.peering.Problem;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wider prefixes instead of, or beside, the addresses of Services. */
class AggregationTest {
  private static final String WEB =
      vip("web", "{ip: 172.16.1.1}, {ip: 'fd00:16::1'}", "externalTrafficPolicy: Cluster");

  private static String vip(String name, String ingress, String spec) {
    return service(name, "app: " + name, "type: LoadBalancer, " + spec, ingress);
  }

  /** An advertisement of the LoadBalancerIPs of all Services. */
  private static String vips(String name, String more, String attributes) {
    return advertisement(
        name,
        "advertisementType: Service, selector: {}, service: {addresses: [LoadBalancerIP]%s}, attributes: {%s}"
            .formatted(more, attributes));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # lengths                                               | IPv4           | IPv6           | problem at
          ''                                                      | 172.16.1.1/32  | fd00:16::1/128 |
          aggregationLengthIPv4: 24                               | 172.16.1.0/24  | fd00:16::1/128 |
          aggregationLengthIPv6: 120                              | 172.16.1.1/32  | fd00:16::/120  |
          'aggregationLengthIPv4: 16, aggregationLengthIPv6: 64'  | 172.16.0.0/16  | fd00:16::/64   |
          'aggregationLengthIPv4: 31, aggregationLengthIPv6: 127' | 172.16.1.0/31  | fd00:16::/127  |
          aggregationLengthIPv4: 1                                | 128.0.0.0/1    | fd00:16::1/128 |
          aggregationLengthIPv4: 0                                | 172.16.1.1/32  | fd00:16::1/128 | aggregationLengthIPv4
          aggregationLengthIPv6: 0                                | 172.16.1.1/32  | fd00:16::1/128 | aggregationLengthIPv6
          aggregationLengthIPv4: 32                               | 172.16.1.1/32  | fd00:16::1/128 | aggregationLengthIPv4
          aggregationLengthIPv6: 128                              | 172.16.1.1/32  | fd00:16::1/128 | aggregationLengthIPv6
          aggregationLengthIPv4: 200                              | 172.16.1.1/32  | fd00:16::1/128 | aggregationLengthIPv4
          """)
  void aLengthWidensThePrefixesOfItsFamily(
      String lengths, String ipv4, String ipv6, String problem) {
    NodePlan plan =
        Manifests.plan(NODE, PEERS, vips("vips", lengths.isEmpty() ? "" : ", " + lengths, ""), WEB);
    assertThat(PlanText.routes(plan, "all")).containsExactly(ipv4, ipv6);
    assertThat(plan.problems())
        .extracting(Problem::field)
        .isEqualTo(
            problem == null ? List.of() : List.of("spec.advertisements[0].service." + problem));
  }

  @Test
  void servicesOfPolicyLocalKeepTheirExactRoutes() {
    String aggregate = vips("agg", ", aggregationLengthIPv4: 24, aggregationLengthIPv6: 120", "");
    String local =
        vip("local", "{ip: 172.16.1.3}, {ip: 'fd00:16::3'}", "externalTrafficPolicy: Local");
    NodePlan plan =
        Manifests.plan(
            NODE,
            PEERS,
            aggregate,
            WEB,
            vip("other", "{ip: 172.16.1.2}", "externalTrafficPolicy: Cluster"),
            local,
            slice("local", "IPv4", "k8s-ctr"),
            slice("local", "IPv6", "k8s-w0"));
    assertThat(PlanText.policy(plan, "all"))
        .containsExactly(
            "Service-local-default-LoadBalancerIP-ipv4 172.16.1.3/32",
            "Service-other-default-LoadBalancerIP-ipv4-agg-24 172.16.1.0/24",
            "Service-web-default-LoadBalancerIP-ipv4-agg-24 172.16.1.0/24",
            "Service-web-default-LoadBalancerIP-ipv6-agg-120 fd00:16::/120");
    assertThat(PlanText.routes(plan, "all"))
        .containsExactly("172.16.1.0/24", "172.16.1.3/32", "fd00:16::/120");
  }

  @Test
  void anAggregateStaysAsLongAsOneAddressIsInIt() {
    String aggregate = vips("agg", ", aggregationLengthIPv4: 24", "");
    String other = vip("other", "{ip: 172.16.1.2}", "externalTrafficPolicy: Cluster");
    NodePlanner planner = new NodePlanner();
    planner.configuration(Manifests.of(NODE, PEERS, aggregate).snapshot());
    assertThat(PlanText.routes(told(planner, WEB), "v4")).containsExactly("172.16.1.0/24");
    assertThat(PlanText.routes(told(planner, other), "v4")).containsExactly("172.16.1.0/24");
    assertThat(PlanText.routes(gone(planner, WEB), "v4")).containsExactly("172.16.1.0/24");
    assertThat(PlanText.routes(gone(planner, other), "v4")).isEmpty();
  }

  private static NodePlan told(NodePlanner planner, String manifest) {
    Service service = Manifests.of(manifest).all(Service.class).getFirst();
    planner.service(ServiceKey.of(service), Optional.of(service), List.of());
    return planner.plan();
  }

  private static NodePlan gone(NodePlanner planner, String manifest) {
    Service service = Manifests.of(manifest).all(Service.class).getFirst();
    planner.service(ServiceKey.of(service), Optional.empty(), List.of());
    return planner.plan();
  }

  /** An exact route keeps its own attributes, whatever the aggregate's are. */
  @Test
  void exactAndAggregateAdvertisementsOfAServiceBothApply() {
    NodePlan plan =
        Manifests.plan(
            NODE,
            PEERS,
            advertisement(
                "exact",
                "advertisementType: Service, selector: {matchLabels: {app: web}}, service: {addresses: [LoadBalancerIP]}, attributes: {localPreference: 100, communities: {standard: ['65000:1']}}"),
            vips("agg", ", aggregationLengthIPv4: 24", "localPreference: 200"),
            vip("web", "{ip: 172.16.1.1}", "externalTrafficPolicy: Cluster"),
            vip("other", "{ip: 172.16.1.2}", "externalTrafficPolicy: Cluster"));
    assertThat(PlanText.policy(plan, "all"))
        .containsExactly(
            "Service-web-default-LoadBalancerIP-ipv4 172.16.1.1/32 [65000:1]",
            "Service-other-default-LoadBalancerIP-ipv4-agg-24 172.16.1.0/24 lp=200",
            "Service-web-default-LoadBalancerIP-ipv4-agg-24 172.16.1.0/24 lp=200");
    assertThat(PlanText.routes(plan, "all"))
        .containsExactly("172.16.1.0/24 lp=200", "172.16.1.1/32 [65000:1]");
    assertThat(
            PlanText.decisions(
                plan,
                "all",
                new ServiceAddress("default", "web", AddressType.LOAD_BALANCER_IP)::equals))
        .containsExactly(
            "172.16.1.1/32 announced 172.16.1.1/32 by [exact] + announced 172.16.1.0/24 by [agg]");
  }

  @Test
  void advertisementsOfSeveralLengthsAllApply() {
    NodePlan plan =
        Manifests.plan(
            NODE,
            PEERS,
            vips("wide", ", aggregationLengthIPv4: 16", "localPreference: 50"),
            vips("narrow", ", aggregationLengthIPv4: 24", "localPreference: 60"),
            vips("alsoNarrow", ", aggregationLengthIPv4: 24", "communities: {standard: ['1:1']}"),
            vip("web", "{ip: 172.16.1.1}", "externalTrafficPolicy: Cluster"));
    assertThat(PlanText.routes(plan, "all"))
        .containsExactly("172.16.0.0/16 lp=50", "172.16.1.0/24 lp=60 [1:1]");
  }

  @Test
  void ofContributorsWithOtherAttributesTheFirstNameCounts() {
    List<String> manifests =
        new ArrayList<>(
            List.of(
                NODE,
                PEERS,
                advertisement(
                    "a",
                    "advertisementType: Service, selector: {matchLabels: {app: aaa}}, service: {addresses: [LoadBalancerIP], aggregationLengthIPv4: 24}, attributes: {localPreference: 10}"),
                advertisement(
                    "b",
                    "advertisementType: Service, selector: {matchLabels: {app: bbb}}, service: {addresses: [LoadBalancerIP], aggregationLengthIPv4: 24}, attributes: {localPreference: 20}"),
                vip("aaa", "{ip: 172.16.1.2}", "externalTrafficPolicy: Cluster"),
                vip("bbb", "{ip: 172.16.1.1}", "externalTrafficPolicy: Cluster")));
    for (int i = 0; i < manifests.size(); i++) {
      Collections.rotate(manifests, 1);
      assertThat(PlanText.routes(Manifests.plan(manifests.toArray(String[]::new)), "all"))
          .containsExactly("172.16.1.0/24 lp=10");
    }
  }

  @Test
  void sharedAddressesCountForTheirAggregateOnce() {
    NodePlan plan =
        Manifests.plan(
            NODE,
            PEERS,
            vips("agg", ", aggregationLengthIPv4: 24", ""),
            vip("a", "{ip: 172.16.1.1}", "externalTrafficPolicy: Cluster"),
            vip("b", "{ip: 172.16.1.1}", "externalTrafficPolicy: Cluster"));
    assertThat(PlanText.routes(plan, "all")).containsExactly("172.16.1.0/24");
    assertThat(plan.desired().instances().getFirst().routes()).hasSize(1);
  }

  /** Work that grows with the square of the Services would take hours; this takes a second. */
  @Test
  @Timeout(900)
  void anAggregateOfVeryManyAddressesCostsEachOfThemLittle() {
    NodePlanner planner = new NodePlanner();
    planner.configuration(
        Manifests.of(NODE, PEERS, vips("agg", ", aggregationLengthIPv4: 8", "")).snapshot());
    Service template =
        Manifests.of(vip("web", "{ip: 10.0.0.0}", "externalTrafficPolicy: Cluster"))
            .all(Service.class)
            .getFirst();
    List<Service> services =
        IntStream.range(0, 10_000)
            .mapToObj(i ->
                new ServiceBuilder(template)
                    .editMetadata()
                    .withName("web-" + i)
                    .endMetadata()
                    .withNewStatus()
                    .withNewLoadBalancer()
                    .addNewIngress()
                    .withIp("10.0." + i / 256 + "." + i % 256)
                    .endIngress()
                    .endLoadBalancer()
                    .endStatus()
                    .build())
            .toList();
    services.forEach(each -> planner.service(ServiceKey.of(each), Optional.of(each), List.of()));
    assertThat(PlanText.routes(planner.plan(), "all")).containsExactly("10.0.0.0/8");
    services.forEach(each -> planner.service(ServiceKey.of(each), Optional.empty(), List.of()));
    assertThat(PlanText.routes(planner.plan(), "all")).isEmpty();
  }
}
