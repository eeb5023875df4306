package dev.peerage.lbipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.crd.v2.Condition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private final IpamWorld world = new IpamWorld();

  @Test
  void givesTheLabsAddressAndCounts() {
    world.pool("cilium-pool", "allowFirstLastIPs: 'No', blocks: [{cidr: 172.16.1.0/24}]");
    assertThat(world.counts("cilium-pool")).isEqualTo("total 254 available 254 used 0");

    world.service("webpod", "");
    world.settle();

    assertThat(world.addresses("webpod")).containsExactly("172.16.1.1");
    assertThat(world.condition("webpod"))
        .isEqualTo("cilium.io/IPAMRequestSatisfied True satisfied ");
    assertThat(world.counts("cilium-pool")).isEqualTo("total 254 available 253 used 1");
    assertThat(world.plan().services()).isEmpty();
  }

  @Test
  void storesThePoolsConditionsInCiliumsOrder() {
    world.pool("p", "blocks: [{cidr: 172.16.1.0/29}]");

    assertThat(world.plan().pools().get("p"))
        .extracting(Condition::type)
        .containsExactly(
            "cilium.io/PoolConflict",
            "cilium.io/IPsTotal",
            "cilium.io/IPsAvailable",
            "cilium.io/IPsUsed");
  }

  @Test
  void givesOutEveryAddressOfABlockAndThenSaysSo() {
    world.pool("p", "blocks: [{cidr: 172.16.1.0/30}]");
    for (var name : List.of("s1", "s2", "s3", "s4", "s5")) {
      world.service(name, "");
    }
    world.settle();

    assertThat(world.addresses("s1")).containsExactly("172.16.1.0");
    assertThat(world.addresses("s4")).containsExactly("172.16.1.3");
    assertThat(world.addresses("s5")).isEmpty();
    assertThat(world.condition("s5")).contains("False out_of_ips").contains("p");
    assertThat(world.counts("p")).isEqualTo("total 4 available 0 used 4");

    world.delete("s2");
    world.settle();

    assertThat(world.addresses("s5")).containsExactly("172.16.1.1");
  }

  @Test
  void smallestGapGoesFirst() {
    world.pool("p", "blocks: [{cidr: 172.16.1.0/24}]");
    world.service("a", "loadBalancerIP: 172.16.1.50");
    world.service("b", "loadBalancerIP: 172.16.1.51");
    world.service("c", "loadBalancerIP: 172.16.1.60");
    world.settle();

    world.service("d", "");
    world.settle();

    assertThat(world.addresses("d")).containsExactly("172.16.1.52");
  }

  @Test
  void oldestPoolThenNameThenOrderOfBlocks() {
    world.pool("younger", "2026-01-02T00:00:00Z", "blocks: [{cidr: 10.0.0.0/24}]");
    world.pool("b", "2026-01-01T00:00:00Z", "blocks: [{cidr: 10.0.1.0/24}]");
    world.pool("a", "2026-01-01T00:00:00Z", "blocks: [{start: 10.0.9.9}, {cidr: 10.0.2.0/24}]");
    world.service("s1", "");
    world.service("s2", "");
    world.settle();

    assertThat(world.addresses("s1")).containsExactly("10.0.9.9");
    assertThat(world.addresses("s2")).containsExactly("10.0.2.0");
  }

  @Test
  void foreignClassesAreLeftAlone() {
    world.pool("p", "blocks: [{cidr: 172.16.1.0/29}]");
    world.service("foreign", "loadBalancerClass: example.com/other");
    world.service("ours", "loadBalancerClass: io.cilium/bgp-control-plane");
    world.service("l2", "loadBalancerClass: io.cilium/l2-announcer");

    assertThat(world.plan().services().keySet()).containsExactly(new ServiceKey("default", "ours"));
  }

  @Test
  void dormantWithoutPoolsAndTakesBackWhenTheLastOneGoes() {
    world.service("s1", "");
    assertThat(world.plan().services()).isEmpty();

    world.pool("p", "blocks: [{cidr: 172.16.1.0/29}]");
    world.settle();
    assertThat(world.addresses("s1")).hasSize(1);

    world.deletePool("p");
    world.settle();
    assertThat(world.addresses("s1")).isEmpty();
    assertThat(world.condition("s1")).contains("False no_pool");
    assertThat(world.plan().services()).isEmpty();
  }

  @Test
  void aChangedTypeGivesTheAddressBack() {
    world.pool("p", "blocks: [{cidr: 172.16.1.0/29}]");
    world.service("s1", "");
    world.settle();

    world.type("s1", "ClusterIP");
    world.settle();

    assertThat(world.addresses("s1")).isEmpty();
    assertThat(world.condition("s1")).isEmpty();
    assertThat(world.counts("p")).isEqualTo("total 8 available 8 used 0");
  }

  @Test
  void disabledPoolsGiveNothingAndTakeNothing() {
    world.pool("p", "blocks: [{cidr: 172.16.1.0/29}]");
    world.service("s1", "");
    world.settle();
    world.pool("p", "disabled: true, blocks: [{cidr: 172.16.1.0/29}]");
    world.service("s2", "");
    world.settle();

    assertThat(world.addresses("s1")).containsExactly("172.16.1.0");
    assertThat(world.condition("s2")).contains("False no_pool");
  }

  @Test
  void selectorsSeeTheVirtualLabels() {
    world.pool(
        "p",
        "blocks: [{cidr: 172.16.1.0/29}], serviceSelector: {matchLabels: {"
            + "io.kubernetes.service.name: s1, io.kubernetes.service.namespace: default}}");
    world.service("s1", "");
    world.service("s2", "");
    world.settle();

    assertThat(world.addresses("s1")).hasSize(1);
    assertThat(world.addresses("s2")).isEmpty();
  }

  @Test
  void adoptsWhatAUserHasWrittenAndStripsTheRest() {
    world.pool("p", "blocks: [{cidr: 172.16.1.0/24}]");
    world.service("s1", "");
    world.ingress("s1", "172.16.1.77", "10.9.9.9", "lb.example.com");
    world.settle();

    assertThat(world.addresses("s1")).containsExactly("172.16.1.77");
  }

  @Test
  void theOlderServiceKeepsAnAddressThatTwoHave() {
    world.pool("p", "blocks: [{cidr: 172.16.1.0/24}]");
    world.service("s1", "");
    world.service("s2", "");
    world.ingress("s1", "172.16.1.7");
    world.ingress("s2", "172.16.1.7");
    world.settle();

    assertThat(world.addresses("s1")).containsExactly("172.16.1.7");
    assertThat(world.addresses("s2")).containsExactly("172.16.1.0");
  }

  @Test
  void overlapMarksTheYoungerPoolAndBlocksThere() {
    world.pool("old", "2026-01-01T00:00:00Z", "blocks: [{cidr: 10.0.0.0/24}], disabled: true");
    world.pool("new", "2026-01-02T00:00:00Z", "blocks: [{cidr: 10.0.0.128/25}]");
    world.service("s1", "");
    world.settle();

    assertThat(world.addresses("s1")).isEmpty();
    assertThat(world.poolCondition("old", "cilium.io/PoolConflict")).isEqualTo("False resolved ");
    assertThat(world.poolCondition("new", "cilium.io/PoolConflict"))
        .startsWith("True cidr_overlap ")
        .contains("10.0.0.128/25", "10.0.0.0/24", "old");

    world.pool("new", "2026-01-02T00:00:00Z", "blocks: [{cidr: 10.0.1.0/25}]");
    world.settle();

    assertThat(world.addresses("s1")).containsExactly("10.0.1.0");
    assertThat(world.poolCondition("new", "cilium.io/PoolConflict")).isEqualTo("False resolved ");
  }

  @Test
  void countsBeyond64Bits() {
    world.pool("p", "blocks: [{cidr: '2001:db8::/64'}, {cidr: '2001:db8:1::/64'}]");
    world.service("s1", "ipFamilies: [IPv6]");
    world.settle();

    assertThat(world.addresses("s1")).containsExactly("2001:db8::");
    assertThat(world.counts("p"))
        .isEqualTo("total 36893488147419103232 available 36893488147419103231 used 1");
  }

  @Test
  void dualStackServicesGetOneAddressPerFamily() {
    world.pool("p", "blocks: [{cidr: 10.0.0.0/24}, {cidr: '2001:db8::/64'}]");
    world.service("both", "ipFamilyPolicy: RequireDualStack, ipFamilies: [IPv6, IPv4]");
    world.service("one", "ipFamilyPolicy: SingleStack, ipFamilies: [IPv4]");
    world.settle();

    assertThat(world.addresses("both")).containsExactly("2001:db8::", "10.0.0.0");
    assertThat(world.addresses("one")).containsExactly("10.0.0.1");
  }

  @Test
  void requireDualStackIsNotSatisfiedByOneFamilyButPreferIs() {
    world.pool("p", "blocks: [{cidr: 10.0.0.0/24}]");
    world.service("require", "ipFamilyPolicy: RequireDualStack, ipFamilies: [IPv4, IPv6]");
    world.service("prefer", "ipFamilyPolicy: PreferDualStack, ipFamilies: [IPv4, IPv6]");
    world.settle();

    assertThat(world.addresses("require")).containsExactly("10.0.0.0");
    assertThat(world.condition("require")).contains("False no_pool").contains("IPv6");
    assertThat(world.condition("prefer")).contains("True satisfied");
  }

  @Test
  void requestedAddressesOrNone() {
    world.pool("p", "blocks: [{cidr: 10.0.0.0/24}]");
    world.service("s1", "loadBalancerIP: 10.0.0.9");
    world.service("s2", "loadBalancerIP: 10.0.0.9");
    world.service("s3", "loadBalancerIP: 10.1.0.1");
    world.annotate("s4", Map.of("lbipam.cilium.io/ips", "10.0.0.3, nonsense ,10.0.0.4"));
    world.settle();

    assertThat(world.addresses("s1")).containsExactly("10.0.0.9");
    assertThat(world.condition("s2")).contains("False already_allocated");
    assertThat(world.condition("s3")).contains("False no_pool");
    assertThat(world.addresses("s4")).containsExactly("10.0.0.3", "10.0.0.4");
  }

  @Test
  void saysWhichBlockIsWrongAndUsesTheOthers() {
    world.pool(
        "p",
        "blocks: [{stop: 10.0.0.9}, {start: 10.0.0.9, stop: 10.0.0.1}, {cidr: nonsense},"
            + " {cidr: 10.0.0.0/33}, {start: 10.0.0.1, stop: '::1'}, {start: 10.0.0.7}]");
    world.service("s1", "");
    world.settle();

    assertThat(world.addresses("s1")).containsExactly("10.0.0.7");
    assertThat(world.poolCondition("p", "peerage.dev/InvalidBlocks"))
        .contains(
            "spec.blocks[0]: ",
            "spec.blocks[1]: 10.0.0.9-10.0.0.1 starts after its end",
            "spec.blocks[2]: 'nonsense'",
            "spec.blocks[3]: 10.0.0.0/33",
            "spec.blocks[4]: 10.0.0.1-::1 mixes");
  }

  @Test
  void firstAndLastOfTinyBlocksAreNeverReserved() {
    world.pool(
        "p",
        "allowFirstLastIPs: 'No', blocks: [{cidr: 10.0.0.0/31}, {cidr: 10.0.1.1/32},"
            + " {start: 10.0.2.0, stop: 10.0.2.3}, {cidr: '2001:db8::/127'}]");

    assertThat(world.counts("p")).startsWith("total 9 ");
  }
}
