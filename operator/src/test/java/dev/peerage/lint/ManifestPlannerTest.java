package dev.peerage.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.announce.NodePlan;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.lint.ManifestFolder.Reading;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The planners one after the other, over the example and changes of it. */
class ManifestPlannerTest {
  private static final Path EXAMPLE = Path.of("../examples/seed-lab");
  private static final Instant NOW = Instant.parse("2026-01-02T12:00:00Z");
  private static final ManifestPlan NOTHING =
      new ManifestPlan(List.of(), new TreeMap<>(), new TreeMap<>(), List.of());

  @TempDir private Path folder;

  @BeforeEach
  void copy() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLE)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName().toString()));
      }
    }
  }

  private ManifestPlan plan(ManifestPlan before, Instant now) {
    Reading reading = ManifestFolder.of(folder).read();
    assertThat(reading).isInstanceOf(Reading.Good.class);
    return ManifestPlanner.plan(
        ((Reading.Good) reading).manifests(),
        before.services(),
        before.nodeConfigs(),
        before.usable(),
        now);
  }

  private static List<String> addresses(ManifestPlan plan, String service) {
    return plan.services().stream()
        .filter(each -> each.getMetadata().getName().equals(service))
        .map(Service::getStatus)
        .flatMap(status -> status.getLoadBalancer().getIngress().stream())
        .map(LoadBalancerIngress::getIp)
        .toList();
  }

  private static List<String> created(ManifestPlan plan) {
    return plan.nodeConfigs().values().stream()
        .map(config -> config.getMetadata().getCreationTimestamp())
        .distinct()
        .toList();
  }

  private void replace(String file, String from, String to) throws IOException {
    String text = Files.readString(folder.resolve(file));
    assertThat(text).contains(from);
    Files.writeString(folder.resolve(file), text.replace(from, to));
  }

  @Test
  void everyNodeAnnouncesWhatTheOperatorGave() {
    ManifestPlan plan = plan(NOTHING, NOW);

    assertThat(plan.warnings()).isEmpty();
    assertThat(addresses(plan, "webpod")).containsExactly("172.16.1.1");
    assertThat(plan.nodeConfigs()).containsOnlyKeys("k8s-ctr", "k8s-w0", "k8s-w1");
    assertThat(plan.nodes().values())
        .allSatisfy(node -> assertThat(node.problems()).isEmpty())
        .extracting(NodePlan::desired)
        .allSatisfy(desired ->
            assertThat(desired.instances().getFirst().routes().toString())
                .contains("172.16.1.1/32"));
  }

  @Test
  void aServiceKeepsItsAddressWhenAnotherComesBeforeIt() throws IOException {
    ManifestPlan before = plan(NOTHING, NOW);
    Files.writeString(
        folder.resolve("00-first.yaml"),
        """
        apiVersion: v1
        kind: Service
        metadata: {name: a-first, labels: {app: webpod}}
        spec: {type: LoadBalancer, ports: [{port: 80}]}
        """);

    ManifestPlan after = plan(before, NOW.plusSeconds(60));
    assertThat(addresses(after, "webpod")).containsExactly("172.16.1.1");
    assertThat(addresses(after, "a-first")).containsExactly("172.16.1.2");
  }

  /** As the operator does. */
  @Test
  void theLastPoolThatGoesTakesTheAddressesBack() throws IOException {
    ManifestPlan before = plan(NOTHING, NOW);
    assertThat(addresses(before, "webpod")).isNotEmpty();
    Path pool = fileWith("kind: CiliumLoadBalancerIPPool");
    String text = Files.readString(pool);
    Files.delete(pool);

    ManifestPlan without = plan(before, NOW);
    assertThat(addresses(without, "webpod")).isEmpty();
    assertThat(without.warnings())
        .anyMatch(it ->
            it.toString().startsWith("Service default/webpod: cilium.io/IPAMRequestSatisfied: "));
    assertThat(plan(without, NOW).warnings())
        .as("as long as it lasts")
        .isEqualTo(without.warnings());

    Files.writeString(pool, text);
    assertThat(addresses(plan(without, NOW), "webpod")).isEqualTo(addresses(before, "webpod"));
  }

  private Path fileWith(String line) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (Files.readString(file).contains(line)) {
          return file;
        }
      }
    }
    throw new AssertionError("no " + line);
  }

  /** As on a node whose agent runs; a plan that nothing came before has no peers. */
  @Test
  void whatAnEditMakesUnusableGoesOn() throws IOException {
    ManifestPlan before = plan(NOTHING, NOW);
    Path config = fileWith("kind: CiliumBGPPeerConfig");
    replace(
        config.getFileName().toString(),
        "metadata:\n  name: cilium-peer\n",
        "metadata:\n  name: another\n");

    ManifestPlan after = plan(before, NOW);
    assertThat(peers(after)).isEqualTo(peers(before)).isNotEmpty();
    assertThat(peers(plan(after, NOW))).as("as long as it lasts").isEqualTo(peers(before));
    assertThat(after.nodes().values()).allSatisfy(node -> assertThat(node.problems()).isNotEmpty());
    assertThat(peers(plan(NOTHING, NOW))).isEmpty();
  }

  private static List<String> peers(ManifestPlan plan) {
    return plan.nodes().values().stream()
        .flatMap(node -> node.desired().instances().stream())
        .flatMap(instance -> instance.peers().stream())
        .map(DesiredPeer::name)
        .toList();
  }

  @Test
  void aNodeConfigIsAsOldAsItsOwnerLives() throws IOException {
    ManifestPlan before = plan(NOTHING, NOW);
    assertThat(created(before)).containsExactly("2026-01-02T12:00:00Z");

    ManifestPlan after = plan(before, NOW.plusSeconds(60));
    assertThat(created(after)).containsExactly("2026-01-02T12:00:00Z");

    // With another owner the first ones are collected as garbage, and others made.
    replace("20-bgp.yaml", "name: cilium-bgp\n", "name: another\n");
    assertThat(created(plan(after, NOW.plusSeconds(120)))).containsExactly("2026-01-02T12:02:00Z");
  }

  @Test
  void aServiceThatGetsNoAddressIsAWarning() throws IOException {
    replace("30-pool.yaml", "spec:\n", "spec:\n  serviceSelector: {matchLabels: {no: such}}\n");

    assertThat(plan(NOTHING, NOW).warnings())
        .singleElement()
        .asString()
        .startsWith("Service default/webpod: ");
  }

  @Test
  void aClusterConfigWithAConditionThatIsTrueIsAWarning() throws IOException {
    replace("10-nodes.yaml", "enable-bgp: \"true\"", "enable-bgp: \"false\"");

    ManifestPlan plan = plan(NOTHING, NOW);
    assertThat(plan.warnings())
        .anyMatch(it -> it.toString().startsWith("CiliumBGPClusterConfig cilium-bgp: "));
    assertThat(plan.nodeConfigs()).isEmpty();
  }
}
