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
  void aRestartKeepsWhatIsShared() {
    service("s1", "k", "TCP", 80);
    service("s2", "k", "TCP", 443);
    world.settle();

    world.restart();

    assertThat(world.plan().services()).isEmpty();
    assertThat(world.counts("p")).isEqualTo("total 256 available 255 used 1");
  }
}
