package dev.peerage.announce;

import static dev.peerage.announce.DualStack.PEERS;
import static dev.peerage.announce.DualStack.advertisement;
import static dev.peerage.announce.DualStack.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.announce.Decision.Outcome;
import dev.peerage.announce.Decision.Subject;
import dev.peerage.fixture.Manifests;
import dev.peerage.host.HostNetwork;
import dev.peerage.host.Link;
import dev.peerage.host.OperState;
import dev.peerage.peering.CiliumNodeIpam;
import dev.peerage.peering.ExternalIpRanges;
import dev.peerage.peering.NodeContext;
import dev.peerage.peering.NodeSettings;
import dev.peerage.peering.NodeSettings.RouterIdMode;
import dev.peerage.peering.Passwords;
import dev.peerage.peering.PodIpPool;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One node on which something is kept back for every reason that there is. */
class EveryReasonTest {
  private static final String NODE =
      """
      kind: Node
      metadata: {name: k8s-ctr}
      spec: {podCIDRs: [10.1.0.0/24]}
      status: {addresses: [{type: InternalIP, address: 192.168.10.100}]}
      ---
      """;
  private static final String ADVERTISEMENTS =
      advertisement("pods", "advertisementType: PodCIDR")
          + advertisement("lo1", "advertisementType: Interface, interface: {name: lo1}")
          + advertisement("lo2", "advertisementType: Interface, interface: {name: lo2}")
          + advertisement("lo3", "advertisementType: Interface, interface: {name: lo3}")
          + advertisement("pools", "advertisementType: CiliumPodIPPool")
          + advertisement(
              "vips",
              "advertisementType: Service, service: {addresses: [LoadBalancerIP, ExternalIP]},"
                  + " selector: {matchLabels: {app: web}}");

  private static final NodeContext CONTEXT =
      new NodeContext(
          new NodeSettings(
              false, false, RouterIdMode.DEFAULT, ExternalIpRanges.parse("192.0.2.0/24")),
          new HostNetwork(
              List.of(link("lo1", true, "10.9.0.1", "127.0.0.1"), link("lo2", false, "10.9.0.2")),
              List.of()),
          Passwords.NONE,
          List.of(new PodIpPool("red", Map.of())),
          Optional.of(
              new CiliumNodeIpam(
                  List.of("10.2.0.0/24"),
                  Map.of("red", List.of("10.3.0.0/27"), "gone", List.of("10.4.0.0/27")))));

  private static Link link(String name, boolean adminUp, String... addresses) {
    return new Link(
        7,
        name,
        "",
        adminUp,
        OperState.UNKNOWN,
        Optional.empty(),
        List.of(addresses).stream().map(InetAddress::ofLiteral).toList());
  }

  private static String web(String name, String spec, String ingress) {
    return service(name, "app: web", spec, ingress);
  }

  private static final String SERVICES =
      web("cluster", "type: LoadBalancer, clusterIP: 10.96.0.1", "{ip: 172.16.0.1}")
          + web("local", "type: LoadBalancer, externalTrafficPolicy: Local", "{ip: 172.16.0.2}")
          + web("pending", "type: LoadBalancer", "")
          + web("named", "type: LoadBalancer", "{hostname: lb.example.com}")
          + web("proxied", "type: LoadBalancer", "{ip: 172.16.0.3, ipMode: Proxy}")
          + web("foreign", "type: LoadBalancer, loadBalancerClass: a/b", "{ip: 172.16.0.4}")
          + web("headless", "clusterIP: None, externalIPs: [192.0.2.1]", "")
          + web("elsewhere", "type: ExternalName, externalIPs: [192.0.2.2]", "")
          + service("other", "app: other", "externalIPs: [192.0.2.3]", "")
          + web("outside", "externalIPs: [198.51.100.1]", "")
          + service(
              "taken",
              "app: web, service.kubernetes.io/service-proxy-name: mesh",
              "externalIPs: [192.0.2.4]",
              "");

  @Test
  void everyAddressHasItsReason() {
    NodePlan plan = plan(NODE);
    assertThat(
            plan.decisions().stream()
                .filter(each -> each.peer().equals("v4"))
                .map(each ->
                    text(each.subject())
                        + ": "
                        + each.prefix().map(PlanText::text).orElse("-")
                        + " "
                        + PlanText.text(each.outcome())))
        .containsExactlyInAnyOrder(
            """
            lo1: 10.9.0.1/32 announced 10.9.0.1/32 by [lo1]
            lo1: 127.0.0.1/32 UnreachableAddress LOOPBACK
            lo2: 10.9.0.2/32 InterfaceDown by admin
            lo3: - NoInterface
            PodCIDR: 10.2.0.0/24 announced 10.2.0.0/24 by [pods]
            PodCIDR: 10.1.0.0/24 OtherIpam
            red: 10.3.0.0/27 SelectorMissing[pools]
            gone: 10.4.0.0/27 SelectorMissing[pools]
            cluster: 172.16.0.1/32 NoEndpoint
            cluster: 10.96.0.1/32 NoAdvertisement
            local: 172.16.0.2/32 NoLocalEndpoint
            pending: - NoAddress
            named: - Hostname lb.example.com
            proxied: 172.16.0.3/32 ProxiedAddress
            foreign: 172.16.0.4/32 ForeignClass a/b
            headless: - NoAdvertisement
            headless: 192.0.2.1/32 Headless
            elsewhere: 192.0.2.2/32 ExternalName
            other: 192.0.2.3/32 NotSelected[vips]
            outside: 198.51.100.1/32 OutsideExternalIpRanges
            taken: 192.0.2.4/32 ForeignProxy mesh
            """
                .split("\n"));
  }

  /** With the reasons that hide others on one node: no config, no family, label and gone pool. */
  @Test
  void thereIsNoReasonWithoutCase() {
    NodePlan excluded =
        plan(
            NODE.replace("name: k8s-ctr", "name: k8s-ctr, labels: {" + OwnNode.EXCLUDED + ": ''}"),
            advertisement("all-pools", "advertisementType: CiliumPodIPPool, selector: {}"),
            web("dual", "type: LoadBalancer", "{ip: 'fd00:16::1'}"),
            web("single", "ipFamilies: [IPv6], externalIPs: [192.0.2.9]", ""));
    assertThat(
            List.of(plan(NODE), excluded).stream()
                .flatMap(plan -> plan.decisions().stream())
                .<Class<?>>map(each -> each.outcome().getClass())
                .distinct())
        .containsExactlyInAnyOrder(Outcome.class.getPermittedSubclasses());
  }

  private static NodePlan plan(String node, String... more) {
    return NodePlanner.plan(
        Manifests.of(node, PEERS, ADVERTISEMENTS, SERVICES, String.join("", more))
            .snapshot(CONTEXT));
  }

  private static String text(Subject subject) {
    return switch (subject) {
      case Subject.PodCidr() -> "PodCIDR";
      case Subject.PodPool(String pool) -> pool;
      case Subject.Interface(String name) -> name;
      case Subject.ServiceAddress(String _, String name, var _) -> name;
    };
  }
}
