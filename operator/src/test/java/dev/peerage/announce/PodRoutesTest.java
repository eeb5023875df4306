package dev.peerage.announce;

import static dev.peerage.announce.DualStack.NODE;
import static dev.peerage.announce.DualStack.PEERS;
import static dev.peerage.announce.DualStack.advertisement;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.announce.Decision.Subject.PodCidr;
import dev.peerage.announce.Decision.Subject.PodPool;
import dev.peerage.fixture.Manifests;
import dev.peerage.host.HostNetwork;
import dev.peerage.peering.CiliumNodeIpam;
import dev.peerage.peering.NodeContext;
import dev.peerage.peering.NodeSettings;
import dev.peerage.peering.Passwords;
import dev.peerage.peering.PodIpPool;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PodCIDRs and the CIDRs of pools as routes. */
class PodRoutesTest {
  private static final String POD_CIDRS = advertisement("pods", "advertisementType: PodCIDR");
  private static final PodIpPool RED = pool("red", Map.of("color", "red"));
  private static final PodIpPool GREEN = pool("green", Map.of("color", "green"));

  private static PodIpPool pool(String name, Map<String, String> labels) {
    return new PodIpPool(name, labels);
  }

  private static String pools(String name, String selector, String attributes) {
    return advertisement(
        name,
        "advertisementType: CiliumPodIPPool, selector: %s, attributes: {%s}"
            .formatted(selector, attributes));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # Node's        | CiliumNode's        | of its pools | decisions
          10.1.0.0/24     | -                   | -            | 10.1.0.0/24 announced
          10.1.0.0/24     | 10.1.0.0/24         | -            | 10.1.0.0/24 announced
          10.1.0.0/24     | 10.2.0.0/24         | -            | 10.2.0.0/24 announced, 10.1.0.0/24 OtherIpam
          10.1.0.0/24     | ''                  | -            | 10.1.0.0/24 announced
          10.1.0.0/24     | ''                  | 10.3.0.0/27  | 10.1.0.0/24 OtherIpam
          ''              | 10.2.0.0/24 fd00::/64 | -          | 10.2.0.0/24 announced, fd00::/64 announced
          10.1.0.0/24 fd00::/64 | -             | -            | 10.1.0.0/24 announced, fd00::/64 announced
          10.1.0.0/24 10.1.0.0/24 | -           | -            | 10.1.0.0/24 announced
          ''              | -                   | -            | - NoAddress
          """)
  void podCidrsAreThoseThatPodsUse(
      String ofNode, String ofCiliumNode, String ofPools, String decisions) {
    String node = NODE.replace("status:", "spec: {podCIDRs: [" + quoted(ofNode) + "]}\nstatus:");
    Optional<CiliumNodeIpam> ciliumNode =
        ofCiliumNode.equals("-")
            ? Optional.empty()
            : Optional.of(
                new CiliumNodeIpam(
                    words(ofCiliumNode),
                    ofPools.equals("-") ? Map.of() : Map.of("red", words(ofPools))));
    NodePlan plan = plan(List.of(), ciliumNode, node, POD_CIDRS);
    assertThat(
            PlanText.decisions(plan, "all", new PodCidr()::equals).stream()
                .map(each -> each.replaceFirst("announced .*", "announced")))
        .containsExactly(decisions.split(", "));
  }

  private static List<String> words(String text) {
    return List.of(text.split(" ")).stream().filter(word -> !word.isEmpty()).toList();
  }

  private static String quoted(String text) {
    return String.join(", ", words(text).stream().map(word -> "\"" + word + "\"").toList());
  }

  @Test
  void aBrokenCidrIsAProblemOfItsObject() {
    String node = NODE.replace("status:", "spec: {podCIDRs: [10.1.0.0]}\nstatus:");
    NodePlan plan =
        plan(
            List.of(RED),
            Optional.of(new CiliumNodeIpam(List.of("x/24"), Map.of("red", List.of("10.3.0.0/99")))),
            node,
            POD_CIDRS,
            pools("pools", "{}", ""));
    assertThat(plan.problems())
        .extracting(problem -> problem.object() + " " + problem.field())
        .containsExactly(
            "CiliumNode k8s-ctr spec.ipam.podCIDRs",
            "Node k8s-ctr spec.podCIDRs",
            "CiliumNode k8s-ctr spec.ipam.pools.allocated[red].cidrs");
    assertThat(PlanText.routes(plan, "all")).isEmpty();
  }

  /** The attributes of the routes follow the advertisement. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          localPreference: 99, communities: {standard: ['65000:99']}    | lp=99 [65000:99]
          localPreference: 101, communities: {standard: ['65000:101']}  | lp=101 [65000:101]
          communities: {wellKnown: [no-export], large: ['65001:100:100']} | [65535:65281] [65001:100:100]
          communities: {standard: ['65535:65281', '4294967041'], wellKnown: [no-export]} | [65535:65281]
          """)
  void attributesAreReplaced(String attributes, String routes) {
    NodePlan plan =
        plan(
            List.of(),
            Optional.empty(),
            NODE.replace("status:", "spec: {podCIDRs: [10.1.0.0/24]}\nstatus:"),
            advertisement("pods", "advertisementType: PodCIDR, attributes: {" + attributes + "}"));
    assertThat(PlanText.routes(plan, "all")).containsExactly("10.1.0.0/24 " + routes);
  }

  @Test
  void overlappingAdvertisementsOfPodCidrsAreMerged() {
    NodePlan plan =
        plan(
            List.of(),
            Optional.empty(),
            NODE.replace("status:", "spec: {podCIDRs: [10.1.0.0/24]}\nstatus:"),
            advertisement(
                "a",
                "advertisementType: PodCIDR, attributes: {localPreference: 98, communities: {standard: ['65000:98']}}"),
            advertisement(
                "b",
                "advertisementType: PodCIDR, attributes: {localPreference: 102, communities: {standard: ['65000:102']}}"));
    assertThat(PlanText.policy(plan, "all"))
        .containsExactly("PodCIDR-ipv4 10.1.0.0/24 lp=102 [65000:102, 65000:98]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # selector                                                | red       | green
          null                                                      | SelectorMissing[pools] | SelectorMissing[pools]
          {}                                                        | announced | announced
          {matchLabels: {color: red}}                               | announced | NotSelected[pools]
          {matchLabels: {io.cilium.podippool.name: green}}          | NotSelected[pools] | announced
          {matchLabels: {io.cilium.podippool.namespace: ''}}        | announced | announced
          {matchLabels: {io.cilium.podippool.namespace: default}}   | NotSelected[pools] | NotSelected[pools]
          '{matchExpressions: [{key: color, operator: In, values: [red, green]}]}' | announced | announced
          """)
  void poolsAreSelectedByTheirLabels(String selector, String red, String green) {
    NodePlan plan =
        plan(
            List.of(RED, GREEN),
            allocated("red", "10.3.0.0/27", "green", "10.4.0.0/27"),
            NODE,
            pools("pools", selector, ""));
    assertThat(decided(plan, "red")).containsExactly("10.3.0.0/27 " + red);
    assertThat(decided(plan, "green")).containsExactly("10.4.0.0/27 " + green);
    assertThat(plan.problems()).hasSize(selector.equals("null") ? 1 : 0);
  }

  /** Partial, then full allocation; then the pool is deleted while the node still holds CIDRs. */
  @Test
  void poolRoutesFollowAllocationAndPool() {
    String advertisement = pools("red", "{matchLabels: {color: red}}", "");
    List<PodIpPool> both = List.of(RED, GREEN);
    NodePlan nothing = plan(both, Optional.empty(), NODE, advertisement);
    assertThat(decided(nothing, "red")).containsExactly("- NoAddress");
    NodePlan partly = plan(both, allocated("red", "10.3.0.0/27"), NODE, advertisement);
    assertThat(PlanText.routes(partly, "all")).containsExactly("10.3.0.0/27");
    NodePlan fully =
        plan(
            both,
            allocated("red", "10.3.0.0/27 10.3.0.32/27 fd00:3::/120", "green", "10.4.0.0/27"),
            NODE,
            advertisement);
    assertThat(PlanText.policy(fully, "all"))
        .containsExactly(
            "CiliumPodIPPool-red-ipv4 10.3.0.0/27 10.3.0.32/27",
            "CiliumPodIPPool-red-ipv6 fd00:3::/120");
    assertThat(PlanText.routes(fully, "v4")).containsExactly("10.3.0.0/27", "10.3.0.32/27");
    NodePlan gone =
        plan(List.of(GREEN), allocated("red", "10.3.0.0/27"), NODE, pools("all", "{}", ""));
    assertThat(PlanText.routes(gone, "all")).isEmpty();
    assertThat(decided(gone, "red")).containsExactly("10.3.0.0/27 NoPool");
  }

  @Test
  void overlappingAdvertisementsOfPoolsAreMergedPerPool() {
    NodePlan plan =
        plan(
            List.of(RED, GREEN),
            allocated("red", "10.3.0.0/27", "green", "10.4.0.0/27"),
            NODE,
            pools("all", "{}", "localPreference: 120, communities: {standard: ['1:1']}"),
            pools("red", "{matchLabels: {color: red}}", "communities: {standard: ['1:2']}"));
    assertThat(PlanText.routes(plan, "all"))
        .containsExactly("10.3.0.0/27 lp=120 [1:1, 1:2]", "10.4.0.0/27 lp=120 [1:1]");
  }

  private static Optional<CiliumNodeIpam> allocated(String... poolsAndCidrs) {
    Map<String, List<String>> allocated = new HashMap<>();
    for (int i = 0; i < poolsAndCidrs.length; i += 2) {
      allocated.put(poolsAndCidrs[i], words(poolsAndCidrs[i + 1]));
    }
    return Optional.of(new CiliumNodeIpam(List.of(), allocated));
  }

  private static List<String> decided(NodePlan plan, String pool) {
    return PlanText.decisions(plan, "all", new PodPool(pool)::equals).stream()
        .map(each -> each.replaceFirst("announced .*", "announced"))
        .toList();
  }

  private static NodePlan plan(
      List<PodIpPool> pools, Optional<CiliumNodeIpam> ciliumNode, String node, String... more) {
    return NodePlanner.plan(
        Manifests.of(node, PEERS, String.join("", more))
            .snapshot(
                new NodeContext(
                    NodeSettings.DEFAULT, HostNetwork.NONE, Passwords.NONE, pools, ciliumNode)));
  }
}
