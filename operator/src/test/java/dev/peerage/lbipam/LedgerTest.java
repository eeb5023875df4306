package dev.peerage.lbipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.crd.v2.Condition;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private final IpamWorld world = new IpamWorld();

  @Test
  void givesTheLabsAddressAndCounts() {
    world.pool("cilium-pool", "allowFirstLastIPs: 'No', blocks: [{cidr: 172.16.1.0/24}]");
    assertThat(world.counts("cilium-pool")).isEqualTo("total 256 available 254 used 2");

    world.service("webpod", "");
    world.settle();

    assertThat(world.addresses("webpod")).containsExactly("172.16.1.1");
    assertThat(world.condition("webpod"))
        .isEqualTo("cilium.io/IPAMRequestSatisfied True satisfied ");
    assertThat(world.counts("cilium-pool")).isEqualTo("total 256 available 253 used 3");
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
  void countsBeyond64Bits() {
    world.pool("p", "blocks: [{cidr: '2001:db8::/64'}, {cidr: '2001:db8:1::/64'}]");
    world.service("s1", "ipFamilies: [IPv6]");
    world.settle();

    assertThat(world.addresses("s1")).containsExactly("2001:db8::");
    assertThat(world.counts("p"))
        .isEqualTo("total 36893488147419103232 available 36893488147419103231 used 1");
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

  /** The API server's times have whole seconds: Services of one apply are often of the same. */
  @Test
  void servicesOfOneSecondGoByNamespaceAndName() {
    world.pool("p", "blocks: [{cidr: 10.0.0.0/29}]");
    for (var name : List.of("c", "a", "b")) {
      world.service(name, "");
      world.change(name, it -> it.getMetadata().setCreationTimestamp("2026-03-01T00:00:00Z"));
    }
    world.settle();

    assertThat(world.addresses("a")).containsExactly("10.0.0.0");
    assertThat(world.addresses("b")).containsExactly("10.0.0.1");
    assertThat(world.addresses("c")).containsExactly("10.0.0.2");
  }
}
