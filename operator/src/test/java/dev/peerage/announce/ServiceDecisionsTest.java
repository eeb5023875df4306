package dev.peerage.announce;

import static dev.peerage.announce.DualStack.NODE;
import static dev.peerage.announce.DualStack.PEERS;
import static dev.peerage.announce.DualStack.advertisement;
import static dev.peerage.announce.DualStack.service;
import static dev.peerage.announce.DualStack.slice;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.announce.Decision.Subject.ServiceAddress;
import dev.peerage.fixture.Manifests;
import dev.peerage.host.HostNetwork;
import dev.peerage.peering.AddressType;
import dev.peerage.peering.ExternalIpRanges;
import dev.peerage.peering.NodeContext;
import dev.peerage.peering.NodeSettings;
import dev.peerage.peering.NodeSettings.RouterIdMode;
import dev.peerage.peering.Passwords;
import dev.peerage.peering.Problem;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which addresses of a Service a peer is told of, and why not the others. */
class ServiceDecisionsTest {
  private static final String EVERYTHING =
      advertisement(
          "vips",
          "advertisementType: Service, selector: {},"
              + " service: {addresses: [LoadBalancerIP, ClusterIP, ExternalIP]}");
  private static final String LOCAL = slice("web", "IPv4", "k8s-ctr");
  private static final String REMOTE = slice("web", "IPv4", "k8s-w1");
  private static final String PROXY = "service.kubernetes.io/service-proxy-name: ";

  /** A Service with an address of each kind, unless its spec says otherwise. */
  private static String web(String labels, String spec) {
    StringBuilder fields =
        new StringBuilder(spec.contains("externalIPs:") ? "ports: []" : "externalIPs: [192.0.2.1]");
    if (!spec.contains("type:")) {
      fields.append(", type: LoadBalancer");
    }
    if (!spec.contains("clusterIP:")) {
      fields.append(", clusterIP: 10.96.0.1");
    }
    if (!spec.isEmpty()) {
      fields.append(", ").append(spec);
    }
    return service("web", labels, fields.toString(), "{ip: 172.16.0.1}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          # labels     | spec                                   | LoadBalancerIP              | ClusterIP       | ExternalIP
          ""           | ""                                     | announced                   | announced       | announced
          ""           | loadBalancerClass: io.cilium/bgp-control-plane | announced           | announced       | announced
          ""           | loadBalancerClass: io.cilium/l2-announcer | ForeignClass io.cilium/l2-announcer | announced | announced
          ""           | externalTrafficPolicy: Local           | NoLocalEndpoint             | announced       | NoLocalEndpoint
          ""           | internalTrafficPolicy: Local           | announced                   | NoLocalEndpoint | announced
          PROXY other  | ""                                     | ForeignProxy other          | ForeignProxy other | ForeignProxy other
          PROXY ""     | ""                                     | "ForeignProxy "             | "ForeignProxy " | "ForeignProxy "
          PROXY other  | loadBalancerClass: example.com/other   | ForeignProxy other          | ForeignProxy other | ForeignProxy other
          ""           | clusterIP: None                        | Headless                    | - Headless      | Headless
          ""           | "clusterIPs: [None], clusterIP: ''"    | Headless                    | - Headless      | Headless
          ""           | type: ExternalName                     |                             | ExternalName    | ExternalName
          ""           | type: NodePort                         |                             | announced       | announced
          """)
  void everyAddressHasItsReason(
      String labels, String spec, String loadBalancer, String cluster, String external) {
    String service = web(text(labels).replace("PROXY", PROXY), text(spec));
    NodePlan plan = plan(NodeSettings.DEFAULT, NODE, PEERS, EVERYTHING, service, REMOTE);
    assertThat(decided(plan, AddressType.LOAD_BALANCER_IP))
        .isEqualTo(expected("172.16.0.1/32 ", loadBalancer));
    assertThat(decided(plan, AddressType.CLUSTER_IP)).isEqualTo(expected("10.96.0.1/32 ", cluster));
    assertThat(decided(plan, AddressType.EXTERNAL_IP))
        .isEqualTo(expected("192.0.2.1/32 ", external));
  }

  private static String text(String cell) {
    return cell == null ? "" : cell.replace("\"\"", "''");
  }

  private static List<String> expected(String prefix, String outcome) {
    if (outcome == null) {
      return List.of();
    }
    if (outcome.equals("announced")) {
      return List.of(prefix + "announced " + prefix + "by [vips]");
    }
    return List.of(outcome.startsWith("- ") ? outcome : prefix + outcome);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          # ingress                                            | decisions
          ""                                                   | - NoAddress
          {}                                                   | - NoAddress
          {hostname: lb.example.com}                           | - Hostname lb.example.com
          "{ip: 172.16.0.1}, {ip: 172.16.0.1}"                 | 172.16.0.1/32 announced
          "{ip: 172.16.0.1}, {hostname: lb.example.com}"       | 172.16.0.1/32 announced
          "{ip: 172.16.0.1, hostname: lb.example.com}"         | 172.16.0.1/32 announced
          "{ip: 172.16.0.1}, {ip: 172.16.0.2}, {ip: 'fd00:16::1'}" | 172.16.0.1/32 announced, 172.16.0.2/32 announced, fd00:16::1/128 announced
          "{ip: 172.16.0.1, ipMode: VIP}"                      | 172.16.0.1/32 announced
          "{ip: 172.16.0.1, ipMode: Proxy}"                    | 172.16.0.1/32 ProxiedAddress
          "{ip: 172.16.0.1, ipMode: Proxy}, {ip: 172.16.0.2}"  | 172.16.0.1/32 ProxiedAddress, 172.16.0.2/32 announced
          """)
  void everyIngressCounts(String ingress, String decisions) {
    NodePlan plan =
        plan(
            NodeSettings.DEFAULT,
            NODE,
            PEERS,
            EVERYTHING,
            service("web", "", "type: LoadBalancer", text(ingress)));
    assertThat(
            decided(plan, AddressType.LOAD_BALANCER_IP).stream()
                .map(each -> each.replaceFirst("announced .*", "announced")))
        .containsExactly(decisions.split(", "));
  }

  @Test
  void onlyTheServicesOwnFamiliesAreAnnounced() {
    NodePlan plan =
        plan(
            NodeSettings.DEFAULT,
            NODE,
            PEERS,
            EVERYTHING,
            service(
                "web",
                "",
                "type: LoadBalancer, ipFamilies: [IPv4], externalIPs: ['fd00:17::1', 192.0.2.1]",
                text("{ip: 172.16.0.1}, {ip: 'fd00:16::1'}")));

    assertThat(decided(plan, AddressType.LOAD_BALANCER_IP))
        .map(each -> each.replaceFirst("announced .*", "announced"))
        .containsExactly("172.16.0.1/32 announced", "fd00:16::1/128 OtherFamily");
    assertThat(decided(plan, AddressType.EXTERNAL_IP))
        .map(each -> each.replaceFirst("announced .*", "announced"))
        .containsExactly("fd00:17::1/128 OtherFamily", "192.0.2.1/32 announced");
  }

  @Test
  void withoutAddressTheReasonAgainstItComesFirst() {
    NodePlan plan =
        plan(
            NodeSettings.DEFAULT,
            NODE,
            PEERS,
            EVERYTHING,
            service("web", "", "type: LoadBalancer, loadBalancerClass: a/b", ""));
    assertThat(decided(plan, AddressType.LOAD_BALANCER_IP)).containsExactly("- ForeignClass a/b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # routable | policy  | endpoints | IPv4            | IPv6
          true       | Cluster | none      | announced       | announced
          false      | Cluster | none      | NoEndpoint      | NoEndpoint
          false      | Cluster | remote    | announced       | NoEndpoint
          false      | Cluster | local     | announced       | NoEndpoint
          true       | Local   | none      | NoLocalEndpoint | NoLocalEndpoint
          true       | Local   | remote    | NoLocalEndpoint | NoLocalEndpoint
          true       | Local   | local     | announced       | NoLocalEndpoint
          false      | Local   | remote    | NoLocalEndpoint | NoLocalEndpoint
          false      | Local   | local     | announced       | NoLocalEndpoint
          """)
  void everyFamilyNeedsItsEndpoints(
      boolean routable, String policy, String endpoints, String ipv4, String ipv6) {
    NodePlan plan =
        plan(
            new NodeSettings(routable, false, RouterIdMode.DEFAULT),
            NODE,
            PEERS,
            EVERYTHING,
            service(
                "web",
                "",
                "type: LoadBalancer, externalTrafficPolicy: " + policy,
                "{ip: 172.16.0.1}, {ip: 'fd00:16::1'}"),
            switch (endpoints) {
              case "local" -> LOCAL;
              case "remote" -> REMOTE;
              default -> "";
            });
    assertThat(
            decided(plan, AddressType.LOAD_BALANCER_IP).stream()
                .map(each -> each.replaceFirst("announced .*", "announced")))
        .containsExactly("172.16.0.1/32 " + ipv4, "fd00:16::1/128 " + ipv6);
  }

  @Test
  void anExcludedNodeAnnouncesNoLoadBalancerIp() {
    String excluded =
        NODE.replace("name: k8s-ctr", "name: k8s-ctr, labels: {" + OwnNode.EXCLUDED + ": ''}");
    NodePlan plan = plan(NodeSettings.DEFAULT, excluded, PEERS, EVERYTHING, web("", ""), LOCAL);
    assertThat(decided(plan, AddressType.LOAD_BALANCER_IP))
        .containsExactly("172.16.0.1/32 ExcludedNode");
    assertThat(PlanText.routes(plan, "all")).containsExactly("10.96.0.1/32", "192.0.2.1/32");
  }

  @Test
  void onlyLoadBalancerIpsHaveTheLegacyOrigin() {
    NodePlan plan =
        plan(
            new NodeSettings(true, true, RouterIdMode.DEFAULT),
            NODE,
            PEERS,
            EVERYTHING,
            web("", ""));
    assertThat(PlanText.routes(plan, "all"))
        .containsExactly("10.96.0.1/32", "172.16.0.1/32 INCOMPLETE", "192.0.2.1/32");
  }

  @Test
  void peersHaveReasonsOfTheirOwn() {
    NodePlan plan =
        plan(
            NodeSettings.DEFAULT,
            NODE,
            PEERS,
            EVERYTHING,
            service("web", "", "type: LoadBalancer", "{ip: 172.16.0.1}, {ip: 'fd00:16::1'}"));
    assertThat(plan.decisions())
        .extracting(each -> each.peer() + " " + each.outcome().getClass().getSimpleName())
        .containsExactlyInAnyOrder(
            "all NoAdvertisement",
            "v4 NoAdvertisement",
            "bare NoPeerConfig",
            "all Announced",
            "all Announced",
            "v4 Announced",
            "v4 FamilyNotConfigured",
            "bare NoPeerConfig",
            "bare NoPeerConfig");
  }

  /** Whoever may write a Service chooses its external addresses; all others are given to it. */
  @Test
  void externalIpsOutsideTheAllowedRangesAreNotAnnouncedAndAProblemSaysSo() {
    var settings =
        new NodeSettings(
            true,
            false,
            RouterIdMode.DEFAULT,
            ExternalIpRanges.parse("192.0.2.0/28,2001:db8::/64"));
    NodePlan plan =
        plan(
            settings,
            NODE,
            PEERS,
            EVERYTHING,
            web("", "externalIPs: [192.0.2.15, 192.0.2.16, '2001:db8::f', '2001:db8:1::f']"));

    assertThat(decided(plan, AddressType.EXTERNAL_IP))
        .containsExactly(
            "192.0.2.15/32 announced 192.0.2.15/32 by [vips]",
            "192.0.2.16/32 OutsideExternalIpRanges",
            "2001:db8::f/128 announced 2001:db8::f/128 by [vips]",
            "2001:db8:1::f/128 OutsideExternalIpRanges");
    assertThat(PlanText.routes(plan, "all"))
        .containsExactly("10.96.0.1/32", "172.16.0.1/32", "192.0.2.15/32", "2001:db8::f/128");
    assertThat(plan.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "Service default/web spec.externalIPs: what the installation allows to be announced"
                + " does not contain 192.0.2.16, 2001:db8:1::f, and no node announces it;"
                + " choose addresses within externalIPs.allowedCIDRs of the chart, or have that"
                + " widened");
  }

  @Test
  void externalIpsThatNobodyAsksForAreNoProblem() {
    NodePlan plan =
        plan(
            new NodeSettings(
                true, false, RouterIdMode.DEFAULT, ExternalIpRanges.parse("203.0.113.0/24")),
            NODE,
            PEERS,
            advertisement(
                "vips",
                "advertisementType: Service, selector: {}, service: {addresses: [ClusterIP]}"),
            web("", ""));

    assertThat(plan.problems()).isEmpty();
  }

  private static List<String> decided(NodePlan plan, AddressType type) {
    return PlanText.decisions(
        plan,
        "all",
        subject -> subject instanceof ServiceAddress address && address.type() == type);
  }

  private static NodePlan plan(NodeSettings settings, String... manifests) {
    return NodePlanner.plan(
        Manifests.of(manifests)
            .snapshot(
                new NodeContext(
                    settings, HostNetwork.NONE, Passwords.NONE, List.of(), Optional.empty())));
  }
}
