package dev.peerage.crd.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peerage.crd.v2.LabelSelector.Operator;
import dev.peerage.crd.v2.LabelSelector.Requirement;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordsTest {
  private final KubernetesSerialization yaml = new KubernetesSerialization();

  @Test
  void fillsAbsentBlocksAndValuesWithTheSchemasDefaults() {
    var spec = read(CiliumBGPPeerConfig.class, "spec: {timers: {holdTimeSeconds: 9}}").getSpec();

    assertThat(spec.transport().peerPort()).isEqualTo(179);
    assertThat(spec.timers()).isEqualTo(new CiliumBGPPeerConfigSpec.Timers(120, 9, 30));
    assertThat(spec.gracefulRestart().enabled()).isFalse();
    assertThat(spec.ebgpMultihop()).isEqualTo(1);
    assertThat(spec.families()).isEmpty();
  }

  @Test
  void passesOverWhatANewerCiliumKnows() {
    var peer =
        read(
                CiliumBGPPeerConfig.class,
                """
                spec:
                  bfd: {enabled: true}
                  families:
                  - {afi: ipv9, safi: unicast}
                  - {afi: ipv4, safi: unicast, advertisements: {}}
                """)
            .getSpec();
    assertThat(peer.families()).extracting("afi").containsExactly(Afi.IPV4);

    var advertisement =
        read(
                CiliumBGPAdvertisement.class,
                """
                spec:
                  advertisements:
                  - {advertisementType: Moon}
                  - advertisementType: Service
                    service: {addresses: [MoonIP, ClusterIP]}
                """)
            .getSpec();
    assertThat(advertisement.advertisements()).hasSize(1);
    assertThat(advertisement.advertisements().getFirst().service())
        .extracting("addresses")
        .isEqualTo(List.of(CiliumBGPAdvertisementSpec.ServiceAddress.CLUSTER_IP));

    var cluster =
        read(
                CiliumBGPClusterConfig.class,
                """
                spec:
                  bgpInstances:
                  - name: a
                    peers: [{name: p, autoDiscovery: {mode: Unnumbered}}]
                """)
            .getSpec();
    assertThat(cluster.bgpInstances().getFirst().peers().getFirst().autoDiscovery())
        .isEqualTo(new AutoDiscovery(null, null));
  }

  @Test
  void emptyStatusIsWrittenAsEmptyObject() {
    assertThat(yaml.asJson(new CiliumBGPNodeConfigStatus(List.of(), List.of()))).isEqualTo("{}");
  }

  @Test
  void conditionsKeepTheirEmptyMessage() {
    assertThat(yaml.asJson(new Condition("t", "False", null, "now", "Reason", "")))
        .contains("\"message\":\"\"")
        .doesNotContain("observedGeneration");
  }

  @Test
  void saysWhichRequiredFieldIsMissing() {
    assertThatThrownBy(
            () -> read(CiliumBGPClusterConfig.class, "spec: {bgpInstances: [{localASN: 1}]}"))
        .hasStackTraceContaining("name is required");
  }

  @Test
  void selectorsFollowKubernetes() {
    assertThat(new LabelSelector(Map.of(), List.of()).matches(Map.of())).isTrue();
    assertThat(new LabelSelector(Map.of("a", "1"), List.of()).matches(Map.of("a", "1"))).isTrue();
    assertThat(new LabelSelector(Map.of("a", "1"), List.of()).matches(Map.of("a", "2"))).isFalse();
    assertThat(expression(Operator.IN, "1", "2").matches(Map.of("a", "2"))).isTrue();
    assertThat(expression(Operator.IN, "1").matches(Map.of())).isFalse();
    assertThat(expression(Operator.NOT_IN, "1").matches(Map.of())).isTrue();
    assertThat(expression(Operator.NOT_IN, "1").matches(Map.of("a", "1"))).isFalse();
    assertThat(expression(Operator.EXISTS).matches(Map.of("a", ""))).isTrue();
    assertThat(expression(Operator.DOES_NOT_EXIST).matches(Map.of("a", ""))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1",
        " 10.0.0.1 ",
        "\t10.0.0.1\n",
        "\r\n fd00::1\f",
        "0.0.0.0",
        "255.255.255.255",
        "::",
        "::1",
        "1::",
        "fe80::1%eth0",
        "2001:db8::1:2",
        "1:2:3:4:5:6:7:8",
        "::ffff:10.0.0.1",
        "1:2:3:4:5:6:10.0.0.1"
      })
  void addressesMatch(String address) {
    assertThat(address).matches(Patterns.IP);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0.0/8",
        "10.0.0.256",
        "10.0.0",
        "host",
        ":::",
        "1::2::3",
        "12345::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "::/0"
      })
  void othersDoNot(String address) {
    assertThat(address).doesNotMatch(Patterns.IP);
  }

  @Test
  void communitiesHaveTheirRanges() {
    assertThat("65535:65535").matches(Patterns.STANDARD_COMMUNITY);
    assertThat("4294967295").matches(Patterns.STANDARD_COMMUNITY);
    assertThat("4294967295:0:4294967295").matches(Patterns.LARGE_COMMUNITY);
    for (var wrong : List.of("65536:0", "4294967296", "01:1", "1:", "1:2:3", "-1")) {
      assertThat(wrong).doesNotMatch(Patterns.STANDARD_COMMUNITY);
    }
    assertThat("1:2").doesNotMatch(Patterns.LARGE_COMMUNITY);
  }

  private static LabelSelector expression(Operator operator, String... values) {
    return new LabelSelector(Map.of(), List.of(new Requirement("a", operator, List.of(values))));
  }

  private <T> T read(Class<T> type, String text) {
    return yaml.unmarshal(text, type);
  }
}
