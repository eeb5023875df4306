package dev.peerage.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("cluster")
@ResourceLock(ApiServer.OBJECTS)
final class ManifestsTest {
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
  private static final Pattern YAML = Pattern.compile("(?ms)^```yaml\n(apiVersion: .*?)^```$");

  private final ApiServer server = ApiServer.running();

  static List<Path> examples() throws IOException {
    try (var files = Files.list(ROOT.resolve("examples/seed-lab"))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void examplesAreAccepted(Path example) throws IOException {
    assertThat(server.tryOut(Files.readString(example))).isNotEmpty();
  }

  static List<String> guide() throws IOException {
    List<String> manifests = new ArrayList<>();
    Matcher found = YAML.matcher(Files.readString(ROOT.resolve("docs/guide.md")));
    while (found.find()) {
      manifests.add(found.group(1));
    }
    assertThat(manifests).hasSizeGreaterThan(1);
    return manifests;
  }

  @ParameterizedTest
  @MethodSource("guide")
  void manifestsOfTheGuideAreAccepted(String manifests) {
    assertThat(server.tryOut(manifests)).isNotEmpty();
  }

  /** Objects of today's kinds, written as the kind before them, CiliumBGPPeeringPolicy. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        apiVersion: cilium.io/v2alpha1
        kind: CiliumBGPClusterConfig
        metadata: {name: old}
        spec:
          virtualRouters:
          - localASN: 64901
            neighbors: [{peerAddress: 10.9.0.1, peerASN: 64902}]
            serviceSelector: {matchExpressions: [{key: some, operator: Exists}]}
        """,
        """
        apiVersion: cilium.io/v2alpha1
        kind: CiliumBGPNodeConfig
        metadata: {name: old}
        spec:
          node: old
          virtualRouters:
          - localASN: 64901
            neighbors: [{peerAddress: 10.9.0.1, peerASN: 64902}]
            exportPodCIDR: true
        """
      })
  void virtualRoutersAreRefusedAndTheFieldsNamed(String manifest) {
    assertThatThrownBy(() -> server.client().resource(manifest).create())
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            refused -> assertThat(refused.getCode()).isEqualTo(422))
        .hasMessageContaining("spec.bgpInstances: Required value");
    // As kubectl asks.
    assertThatThrownBy(
            () -> server.client().resource(manifest).fieldValidation(Validation.STRICT).create())
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("unknown field \"spec.virtualRouters\"");
  }
}
