package dev.peerage.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of Cilium's own kinds. */
class CiliumIpamTest {
  @Test
  void readsPodCidrsAndAllocatedPools() {
    assertThat(
            CiliumNodeIpam.of(
                resource(
                    """
                    apiVersion: cilium.io/v2
                    kind: CiliumNode
                    metadata: {name: k8s-ctr}
                    spec:
                      ipam:
                        podCIDRs: [172.20.0.0/24, "fd00:20::/96"]
                        pools:
                          allocated:
                          - {pool: blue, cidrs: [10.10.0.0/27, "fd00:10::/120"]}
                          - {pool: red, cidrs: [10.20.0.0/27]}
                          - {pool: red, cidrs: [10.20.0.32/27]}
                          requested:
                          - {pool: green, needed: {ipv4-addrs: 16}}
                    """)))
        .isEqualTo(
            new CiliumNodeIpam(
                List.of("172.20.0.0/24", "fd00:20::/96"),
                Map.of(
                    "blue", List.of("10.10.0.0/27", "fd00:10::/120"),
                    "red", List.of("10.20.0.0/27", "10.20.0.32/27"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{ipam: }",
        "{ipam: {}}",
        "{ipam: []}",
        "{ipam: {podCIDRs: 10.0.0.0/8, pools: []}}",
        "{ipam: {podCIDRs: [{cidr: 10.0.0.0/8}], pools: {allocated: {pool: a}}}}",
        "{ipam: {pools: {allocated: [a, {cidrs: [10.0.0.0/8]}, {pool: 1}]}}}",
      })
  void formsThatAreNotKnownHoldNothing(String spec) {
    assertThat(CiliumNodeIpam.of(resource("kind: CiliumNode\nspec: " + spec)))
        .isEqualTo(new CiliumNodeIpam(List.of(), Map.of()));
  }

  @Test
  void readsTheLabelsOfAPool() {
    assertThat(
            PodIpPool.of(
                resource(
                    """
                    apiVersion: cilium.io/v2alpha1
                    kind: CiliumPodIPPool
                    metadata: {name: blue, labels: {color: blue}}
                    spec: {ipv4: {cidrs: [10.10.0.0/16], maskSize: 27}}
                    """)))
        .isEqualTo(new PodIpPool("blue", Map.of("color", "blue")));
    assertThat(PodIpPool.of(resource("kind: CiliumPodIPPool\nmetadata: {name: bare}")))
        .isEqualTo(new PodIpPool("bare", Map.of()));
  }

  private static GenericKubernetesResource resource(String yaml) {
    return new KubernetesSerialization().unmarshal(yaml, GenericKubernetesResource.class);
  }
}
