package dev.peerage.lbipam;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharingTest {
  private static final String KEY = "lbipam.cilium.io/sharing-key";
  private final IpamWorld world = new IpamWorld();

  @BeforeEach
  void aPool() {
    world.pool("p", "blocks: [{cidr: 10.0.0.0/24}]");
  }

  private void service(String name, String key, String protocol, int port) {
    world.annotate(name, key.isEmpty() ? Map.of() : Map.of(KEY, key));
    world.change(
        name,
        service ->
            service
                .getSpec()
                .setPorts(
                    List.of(
                        new ServicePortBuilder().withProtocol(protocol).withPort(port).build())));
  }

  @ParameterizedTest(name = "{0}: keys {1} {2}, ports {3}/{4} {5}/{6}, shared {7}")
  @CsvSource({
    "same key and other port, k, k, TCP, 80, TCP, 443, true",
    "same port with other protocol, k, k, TCP, 53, UDP, 53, true",
    "same port, k, k, TCP, 80, TCP, 80, false",
    "other key, k, l, TCP, 80, TCP, 443, false",
    "no key, '', '', TCP, 80, TCP, 443, false",
  })
  void keyAndPortsDecide(
      String what, String one, String two, String p1, int n1, String p2, int n2, boolean shared) {
    service("s1", one, p1, n1);
    service("s2", two, p2, n2);
    world.settle();

    assertThat(world.addresses("s1").equals(world.addresses("s2"))).as(what).isEqualTo(shared);
    assertThat(world.addresses("s2")).hasSize(1);
    assertThat(world.counts("p"))
        .isEqualTo("total 256 available %d used %d".formatted(shared ? 255 : 254, shared ? 1 : 2));
  }

  @Test
  void olderNameOfTheAnnotation() {
    service("s1", "k", "TCP", 80);
    service("s2", "", "TCP", 443);
    world.annotate("s2", Map.of("io.cilium/lb-ipam-sharing-key", "k"));
    world.settle();

    assertThat(world.addresses("s2")).isEqualTo(world.addresses("s1"));
  }

  @Test
  void theThirdThatDoesNotFitOpensAnotherAddressOfTheKey() {
    service("s1", "k", "TCP", 80);
    service("s2", "k", "TCP", 80);
    service("s3", "k", "TCP", 443);
    service("s4", "k", "TCP", 80);
    world.settle();

    assertThat(world.addresses("s1")).containsExactly("10.0.0.0");
    assertThat(world.addresses("s2")).containsExactly("10.0.0.1");
    assertThat(world.addresses("s3")).containsExactly("10.0.0.0");
    assertThat(world.addresses("s4")).containsExactly("10.0.0.2");
  }

  @Test
  void aRequestedAddressSaysWhyItCannotBeShared() {
    service("s1", "k", "TCP", 80);
    world.change("s1", it -> it.getSpec().setLoadBalancerIP("10.0.0.7"));
    service("s2", "k", "TCP", 80);
    world.change("s2", it -> it.getSpec().setLoadBalancerIP("10.0.0.7"));
    service("s3", "", "TCP", 443);
    world.change("s3", it -> it.getSpec().setLoadBalancerIP("10.0.0.7"));
    world.settle();

    assertThat(world.condition("s2"))
        .contains("False already_allocated_incompatible_service")
        .contains("TCP/80");
    assertThat(world.condition("s3")).contains("False already_allocated 10.0.0.7");

    world.delete("s1");
    world.settle();

    assertThat(world.addresses("s2")).containsExactly("10.0.0.7");
  }

  @Test
  void trafficPolicyAndSelectorsMustAgree() {
    service("s1", "k", "TCP", 80);
    service("s2", "k", "TCP", 443);
    service("s3", "k", "TCP", 444);
    service("s4", "k", "TCP", 445);
    world.change("s1", it -> it.getSpec().setExternalTrafficPolicy("Local"));
    world.change("s1", it -> it.getSpec().setSelector(Map.of("app", "a")));
    world.change("s2", it -> it.getSpec().setSelector(Map.of("app", "a")));
    world.change("s3", it -> it.getSpec().setExternalTrafficPolicy("Local"));
    world.change("s3", it -> it.getSpec().setSelector(Map.of("app", "b")));
    world.change("s4", it -> it.getSpec().setExternalTrafficPolicy("Local"));
    world.change("s4", it -> it.getSpec().setSelector(Map.of("app", "a")));
    world.settle();

    assertThat(world.addresses("s1")).containsExactly("10.0.0.0");
    assertThat(world.addresses("s2")).containsExactly("10.0.0.1");
    assertThat(world.addresses("s3")).containsExactly("10.0.0.2");
    assertThat(world.addresses("s4")).containsExactly("10.0.0.0");
  }

  @ParameterizedTest(name = "{0} and {1} may share: {2}")
  @CsvSource({
    "b, default, true",
    "*, *, true",
    "'c, b', '*', true",
    "b, '', false",
    "'', default, false",
  })
  void otherNamespacesMustBeNamedByBoth(String ours, String theirs, boolean shared) {
    var one = world.service("s1", "").edit().build();
    var two = world.service("s2", "").edit().build();
    one.getMetadata().setAnnotations(annotations(ours));
    two.getMetadata().setNamespace("b");
    two.getMetadata().setAnnotations(annotations(theirs));

    assertThat(Sharing.of(one).obstacle(Sharing.of(two)).isEmpty()).isEqualTo(shared);
    assertThat(Sharing.of(two).obstacle(Sharing.of(one)).isEmpty()).isEqualTo(shared);
  }

  private static Map<String, String> annotations(String namespaces) {
    return Map.of(KEY, "k", "lbipam.cilium.io/sharing-cross-namespace", namespaces);
  }

  @Test
  void aChangedPortEndsTheSharingOfTheOneThatChanged() {
    service("s1", "k", "TCP", 80);
    service("s2", "k", "TCP", 443);
    world.settle();
    assertThat(world.addresses("s2")).isEqualTo(world.addresses("s1"));

    service("s2", "k", "TCP", 80);
    world.settle();

    assertThat(world.addresses("s1")).containsExactly("10.0.0.0");
    assertThat(world.addresses("s2")).containsExactly("10.0.0.1");
  }

  @Test
  void aRestartKeepsWhatIsShared() {
    service("s1", "k", "TCP", 80);
    service("s2", "k", "TCP", 443);
    world.settle();

    world.restart();

    assertThat(world.plan().services()).isEmpty();
    assertThat(world.counts("p")).isEqualTo("total 256 available 255 used 1");
  }

  @Test
  void servicesWithoutClassAreLeftToOthersWhenToldSo() {
    world.restart(Responsibility.of(Responsibility.DefaultIpam.NONE));
    world.service("s1", "");
    world.service("s2", "loadBalancerClass: io.cilium/bgp-control-plane");
    world.settle();

    assertThat(world.addresses("s1")).isEmpty();
    assertThat(world.condition("s1")).isEmpty();
    assertThat(world.addresses("s2")).hasSize(1);
  }

  @Test
  void bothFamiliesWhenDualStackNamesNone() {
    world.pool("q", "blocks: [{cidr: 'fd00::/120'}]");
    world.service("require", "ipFamilyPolicy: RequireDualStack");
    world.service("prefer", "ipFamilyPolicy: PreferDualStack");
    world.service("requireOne", "ipFamilyPolicy: RequireDualStack, ipFamilies: [IPv6]");
    world.settle();

    assertThat(world.addresses("require")).hasSize(2);
    assertThat(world.addresses("prefer")).hasSize(2);
    assertThat(world.addresses("requireOne")).containsExactly("fd00::2", "10.0.0.2");
  }
}
