package dev.peerage.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.peerage.apiserver.ApiServer;
import dev.peerage.lint.ManifestFolder.Reading;
import dev.peerage.yaml.FileProblem;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Of Kubernetes' own types lint and lab refuse what the API server refuses, and name the field;
 * what it takes they take. Each row is asked of both.
 */
@Tag("cluster")
@ResourceLock(ApiServer.OBJECTS)
final class CoreTypesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private final ApiServer server = ApiServer.running();

  @TempDir private Path folder;

  static Stream<Arguments> refused() {
    String long64 = "a".repeat(64);
    return Stream.of(
        arguments(metadata("labels: {enable-bgp: true}"), "metadata.labels.enable-bgp"),
        arguments(metadata("labels: {rack: 5}"), "metadata.labels.rack"),
        arguments(metadata("labels: {rack: [a]}"), "metadata.labels.rack"),
        arguments(metadata("labels: [rack]"), "metadata.labels"),
        arguments(metadata("labels: {'a b': c}"), "metadata.labels.a b"),
        arguments(metadata("labels: {'/b': c}"), "metadata.labels./b"),
        arguments(metadata("labels: {'A.b/c': d}"), "metadata.labels.A.b/c"),
        arguments(metadata("labels: {rack: -a}"), "metadata.labels.rack"),
        arguments(metadata("labels: {rack: a b}"), "metadata.labels.rack"),
        arguments(metadata("labels: {rack: %s}".formatted(long64)), "metadata.labels.rack"),
        arguments(metadata("labels: {%s: a}".formatted(long64)), "metadata.labels." + long64),
        arguments(metadata("annotations: {note: true}"), "metadata.annotations.note"),
        arguments(metadata("annotations: {note: 1.5}"), "metadata.annotations.note"),
        arguments(metadata("annotations: {'a b': c}"), "metadata.annotations.a b"),
        arguments(metadata("finalizers: x/y"), "metadata.finalizers"),
        arguments(custom("labels: {advertise: true}"), "metadata.labels.advertise"),
        arguments(custom("annotations: {note: 7}"), "metadata.annotations.note"),
        arguments(service("ports: [{port: '80'}]"), "spec.ports[0].port"),
        arguments(service("ports: {port: 80}"), "spec.ports"),
        arguments(service("externalIPs: 192.0.2.1"), "spec.externalIPs"),
        arguments(service("externalIPs: [1]"), "spec.externalIPs[0]"),
        arguments(service("selector: {app: 5}"), "spec.selector.app"),
        arguments(service("selector: {app: true}"), "spec.selector.app"),
        arguments(service("loadBalancerClass: 3"), "spec.loadBalancerClass"),
        arguments(service("publishNotReadyAddresses: 'yes'"), "spec.publishNotReadyAddresses"),
        arguments(service("ports: [{port: 80, targetPort: true}]"), "spec.ports[0].targetPort"),
        arguments(node("unschedulable: 'false'"), "spec.unschedulable"),
        arguments(node("podCIDRs: 10.1.0.0/24"), "spec.podCIDRs"),
        arguments(node("taints: [{key: a, effect: 5}]"), "spec.taints[0].effect"),
        arguments(slice("endpoints: [{addresses: 10.1.0.1}]"), "endpoints[0].addresses"),
        arguments(
            slice("endpoints: [{addresses: [10.1.0.1], conditions: {ready: 'true'}}]"),
            "endpoints[0].conditions.ready"),
        arguments(slice("ports: [{port: '80'}]"), "ports[0].port"));
  }

  static Stream<String> taken() {
    return Stream.of(
        metadata("labels: {enable-bgp: 'true', rack: '5', empty: '', none: null}"),
        metadata("labels: {a.b-c.example/x_y.z: Aa-_.9}"),
        metadata("labels: {rack: %s}".formatted("a".repeat(63))),
        metadata("annotations: {note: 'true', A.Example/b: 'any {text}'}"),
        custom("labels: {advertise: 'true'}"),
        service("ports: [{port: 80, targetPort: http}]"),
        service("ports: [{port: 80, targetPort: 8080}]"),
        service("publishNotReadyAddresses: true"),
        node("unschedulable: false"),
        slice("endpoints: [{addresses: [10.1.0.1], conditions: {ready: true}}]"));
  }

  private static String metadata(String line) {
    return """
    apiVersion: v1
    kind: Service
    metadata: {name: core-types, %s}
    spec: {ports: [{port: 80}]}
    """
        .formatted(line);
  }

  private static String custom(String line) {
    return """
    apiVersion: cilium.io/v2
    kind: CiliumBGPAdvertisement
    metadata: {name: core-types, %s}
    spec: {advertisements: [{advertisementType: PodCIDR}]}
    """
        .formatted(line);
  }

  private static String service(String line) {
    return """
    apiVersion: v1
    kind: Service
    metadata: {name: core-types}
    spec: {%s%s}
    """
        .formatted(line, line.contains("ports:") ? "" : ", ports: [{port: 80}]");
  }

  private static String node(String line) {
    return """
    apiVersion: v1
    kind: Node
    metadata: {name: core-types}
    spec: {%s}
    status: {addresses: [{type: InternalIP, address: 10.0.0.1}]}
    """
        .formatted(line);
  }

  private static String slice(String line) {
    return """
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: core-types}
    addressType: IPv4
    %s%s
    """
        .formatted(line, line.contains("endpoints:") ? "" : "\nendpoints: []");
  }

  @ParameterizedTest
  @MethodSource
  void refused(String yaml, String field) throws IOException {
    assertThat(server(yaml)).as("the API server").isFalse();
    Reading reading = lint(yaml);
    assertThat(reading).isInstanceOf(Reading.Bad.class);
    List<FileProblem> problems = ((Reading.Bad) reading).problems();
    assertThat(problems)
        .anySatisfy(problem -> assertThat(problem.toString()).contains(", " + field));
  }

  @ParameterizedTest
  @MethodSource
  void taken(String yaml) throws IOException {
    assertThat(server(yaml)).as("the API server").isTrue();
    assertThat(lint(yaml)).isInstanceOf(Reading.Good.class);
  }

  private Reading lint(String yaml) throws IOException {
    Files.writeString(folder.resolve("a.yaml"), yaml);
    return ManifestFolder.of(folder).read();
  }

  /** Whether it takes the object, which is sent as it is written and not kept. */
  private boolean server(String yaml) throws IOException {
    JsonNode object = YAML.readTree(yaml);
    String path =
        switch (object.path("kind").asText()) {
          case "Service" -> "/api/v1/namespaces/default/services";
          case "Node" -> "/api/v1/nodes";
          case "EndpointSlice" -> "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
          case "CiliumBGPAdvertisement" -> "/apis/cilium.io/v2/ciliumbgpadvertisements";
          case String other -> throw new IllegalArgumentException(other);
        };
    try {
      server
          .client()
          .raw(
              path + "?dryRun=All&fieldValidation=Strict", "POST", JSON.writeValueAsString(object));
      return true;
    } catch (KubernetesClientException e) {
      assertThat(e.getCode()).as(e.getMessage()).isIn(400, 422);
      return false;
    }
  }
}
