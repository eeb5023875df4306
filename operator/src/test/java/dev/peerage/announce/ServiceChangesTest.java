package dev.peerage.announce;

import static dev.peerage.announce.DualStack.NODE;
import static dev.peerage.announce.DualStack.PEERS;
import static dev.peerage.announce.DualStack.advertisement;
import static dev.peerage.announce.DualStack.service;
import static dev.peerage.announce.DualStack.slice;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.fixture.Manifests;
import dev.peerage.host.HostNetwork;
import dev.peerage.kube.ServiceKey;
import dev.peerage.peering.NodeContext;
import dev.peerage.peering.NodeSettings;
import dev.peerage.peering.NodeSettings.RouterIdMode;
import dev.peerage.peering.Passwords;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Services that change, step by step, in one planner. */
class ServiceChangesTest {
  private static final String ALL =
      advertisement(
          "all",
          "advertisementType: Service, selector: {},"
              + " service: {addresses: [LoadBalancerIP, ClusterIP, ExternalIP]}");
  private static final String VIPS =
      advertisement(
          "vips",
          "advertisementType: Service, selector: {}, service: {addresses: [LoadBalancerIP]}");

  private final NodePlanner planner = new NodePlanner();
  private NodePlan plan = NodePlan.NOTHING;

  private void around(NodeSettings settings, String... manifests) {
    planner.configuration(
        Manifests.of(manifests)
            .snapshot(
                new NodeContext(
                    settings, HostNetwork.NONE, Passwords.NONE, List.of(), Optional.empty())));
    plan = planner.plan();
  }

  /** The state of one Service, and what the peer with both families has then. */
  private void step(String what, String name, String manifests, String... routes) {
    Manifests objects = Manifests.of(manifests);
    planner.service(
        new ServiceKey("default", name),
        objects.all(Service.class).stream().findFirst(),
        objects.all(EndpointSlice.class));
    plan = planner.plan();
    assertThat(PlanText.routes(plan, "all")).as(what).containsExactly(routes);
  }

  private static String lb(String spec, String... addresses) {
    return service(
        "web",
        "",
        "type: LoadBalancer" + spec,
        List.of(addresses).stream()
            .map(address -> "{ip: '" + address + "'}")
            .collect(Collectors.joining(", ")));
  }

  @Test
  void modifications() {
    around(NodeSettings.DEFAULT, NODE, PEERS, VIPS);
    step("without address", "web", lb(""));
    step("with one", "web", lb("", "172.16.0.1"), "172.16.0.1/32");
    step("changed in one pass", "web", lb("", "172.16.0.2"), "172.16.0.2/32");
    step(
        "of both families",
        "web",
        lb("", "172.16.0.2", "fd00:16::1"),
        "172.16.0.2/32",
        "fd00:16::1/128");
    assertThat(PlanText.routes(plan, "v4")).containsExactly("172.16.0.2/32");
    step("foreign", "web", lb(", loadBalancerClass: a/b", "172.16.0.2"));
    step(
        "ours by name",
        "web",
        lb(", loadBalancerClass: io.cilium/bgp-control-plane", "172.16.0.2"),
        "172.16.0.2/32");
    step("no load balancer any more", "web", service("web", "", "type: ClusterIP", ""));
    step("back", "web", lb("", "172.16.0.2"), "172.16.0.2/32");
    step("deleted", "web", "");
    assertThat(plan.desired().instances().getFirst().routes()).isEmpty();
  }

  /** Other threads read a plan while the planner goes on. */
  @Test
  void aPlanStaysAsItWasMade() {
    around(NodeSettings.DEFAULT, NODE, PEERS, VIPS);
    NodePlan empty = plan;
    List<Decision> none = List.copyOf(empty.decisions());
    step("with one", "web", lb("", "172.16.0.1"), "172.16.0.1/32");
    NodePlan one = plan;
    List<Decision> decided = List.copyOf(one.decisions());
    step("another address", "web", lb("", "172.16.0.2"), "172.16.0.2/32");
    around(NodeSettings.DEFAULT, NODE, PEERS);
    assertThat(empty.decisions()).containsExactlyElementsOf(none);
    assertThat(one.decisions()).containsExactlyElementsOf(decided).isNotEqualTo(plan.decisions());
    assertThat(PlanText.routes(one, "all")).containsExactly("172.16.0.1/32");
  }

  @Test
  void sharing() {
    around(NodeSettings.DEFAULT, NODE, PEERS, VIPS);
    String a = service("a", "", "type: LoadBalancer", "{ip: 172.16.0.1}");
    String b = service("b", "", "type: LoadBalancer", "{ip: 172.16.0.1}");
    step("first", "a", a, "172.16.0.1/32");
    step("second", "b", b, "172.16.0.1/32");
    step("first deleted", "a", "", "172.16.0.1/32");
    step("second deleted", "b", "");
  }

  @Test
  void trafficPolicy() {
    around(NodeSettings.DEFAULT, NODE, PEERS, ALL);
    String service =
        lb(", clusterIP: 10.96.0.1, externalTrafficPolicy: Local", "172.16.0.1", "fd00:16::1");
    String local = slice("web", "IPv4", "k8s-ctr");
    String remote = slice("web", "IPv4", "k8s-w0");
    step("local", "web", service + local, "10.96.0.1/32", "172.16.0.1/32");
    step("remote", "web", service + remote, "10.96.0.1/32");
    step(
        "both",
        "web",
        service + slice("web", "IPv4", "k8s-w0", "k8s-ctr"),
        "10.96.0.1/32",
        "172.16.0.1/32");
    step(
        "of both families",
        "web",
        service + local + slice("web", "IPv6", "k8s-ctr"),
        "10.96.0.1/32",
        "172.16.0.1/32",
        "fd00:16::1/128");
    step("none", "web", service, "10.96.0.1/32");
    step(
        "Cluster",
        "web",
        service.replace("Policy: Local", "Policy: Cluster"),
        "10.96.0.1/32",
        "172.16.0.1/32",
        "fd00:16::1/128");
    step(
        "internal Local",
        "web",
        service.replace("external", "internal"),
        "172.16.0.1/32",
        "fd00:16::1/128");
  }

  @Test
  void noEndpoints() {
    around(new NodeSettings(false, false, RouterIdMode.DEFAULT), NODE, PEERS, VIPS);
    step("none", "web", lb("", "172.16.0.1"));
    step("one", "web", lb("", "172.16.0.1") + slice("web", "IPv4", "k8s-w0"), "172.16.0.1/32");
    step(
        "not ready",
        "web",
        lb("", "172.16.0.1")
            + slice("web", "IPv4", "k8s-w0").replace("ready: true", "ready: false"));
    step("deleted", "web", "");
  }

  @Test
  void addressesOfAllTypesPerPeer() {
    String peers =
        PEERS.replace(
            "{families: [{afi: ipv4, safi: unicast, advertisements: {}}]}",
            "{families: [{afi: ipv4, safi: unicast, advertisements: {matchLabels: {only: vips}}}]}");
    around(NodeSettings.DEFAULT, NODE, peers, ALL, VIPS.replace("advertise: bgp", "only: vips"));
    String service = lb(", clusterIP: 10.96.0.1, externalIPs: [192.0.2.1]", "172.16.0.1");
    step("all", "web", service, "10.96.0.1/32", "172.16.0.1/32", "192.0.2.1/32");
    assertThat(PlanText.routes(plan, "v4")).containsExactly("172.16.0.1/32");
    step(
        "other external address",
        "web",
        service.replace("192.0.2.1", "192.0.2.2"),
        "10.96.0.1/32",
        "172.16.0.1/32",
        "192.0.2.2/32");
    step("deleted", "web", "");
    assertThat(PlanText.routes(plan, "v4")).isEmpty();
  }

  /** One broken address concerns itself only, and the peer's address changes nothing. */
  @Test
  void whatElseChangesKeepsTheRoutes() {
    around(NodeSettings.DEFAULT, NODE, PEERS, VIPS);
    step("broken", "web", lb("", "172.16.0", "172.16.0.1"), "172.16.0.1/32");
    assertThat(plan.problems()).hasSize(1);
    around(NodeSettings.DEFAULT, NODE, PEERS.replace("192.168.10.200", "192.168.10.210"), VIPS);
    assertThat(PlanText.routes(plan, "all")).containsExactly("172.16.0.1/32");
    assertThat(plan.problems()).hasSize(1);
    around(new NodeSettings(true, true, RouterIdMode.DEFAULT), NODE, PEERS, VIPS);
    assertThat(PlanText.routes(plan, "all")).containsExactly("172.16.0.1/32 INCOMPLETE");
  }

  @Test
  void attributesFollowTheAdvertisements() {
    Map<String, String> steps = new LinkedHashMap<>();
    steps.put("localPreference: 99, communities: {standard: ['65000:99']}", " lp=99 [65000:99]");
    steps.put("localPreference: 101, communities: {standard: ['1:101']}", " lp=101 [1:101]");
    steps.put("", "");
    steps.forEach((attributes, expected) -> {
      around(
          NodeSettings.DEFAULT,
          NODE,
          PEERS,
          advertisement(
              "vips",
              "advertisementType: Service, selector: {},"
                  + " service: {addresses: [LoadBalancerIP, ClusterIP]}, attributes: {"
                  + attributes
                  + "}"));
      step(
          attributes,
          "web",
          lb(", clusterIP: 10.96.0.1", "172.16.0.1"),
          "10.96.0.1/32" + expected,
          "172.16.0.1/32" + expected);
    });
  }
}
