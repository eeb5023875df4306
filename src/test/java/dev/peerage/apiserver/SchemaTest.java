package dev.peerage.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API server makes of the chart's definitions: see schema.yaml for the rules. */
@Tag("cluster")
@ResourceLock(ApiServer.OBJECTS)
final class SchemaTest {
  private static final String V2 = "v2";
  private static final String EXISTING = "schema-test";

  private static KubernetesClient client;

  record Rule(
      String kind, String rule, boolean status, List<?> yes, List<?> no, @Nullable String field) {
    @Override
    public String toString() {
      return kind + ": " + rule;
    }
  }

  @SuppressWarnings("unchecked")
  static List<Rule> rules() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(SchemaTest.class.getResourceAsStream("schema.yaml"))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (int length : new int[] {64, 255, 256}) {
        text = text.replace("$" + length, "a".repeat(length));
      }
      List<Map<String, Object>> rows = Serialization.unmarshal(text, List.class);
      return rows.stream()
          .map(row ->
              new Rule(
                  Objects.requireNonNull((String) row.get("kind")),
                  Objects.requireNonNull((String) row.get("rule")),
                  row.containsKey("status"),
                  (List<Object>) row.getOrDefault("yes", List.of()),
                  (List<Object>) row.getOrDefault("no", List.of()),
                  (String) row.get("field")))
          .toList();
    }
  }

  @BeforeAll
  static void objectsWhoseStatusIsWritten() {
    client = ApiServer.running().client();
    for (String kind : STATUS_SPECS.keySet()) {
      client
          .resource(
              object(
                  kind, V2, EXISTING, Serialization.unmarshal(STATUS_SPECS.get(kind), Map.class)))
          .serverSideApply();
    }
  }

  @AfterAll
  static void remove() {
    STATUS_SPECS
        .keySet()
        .forEach(kind -> client.resource(object(kind, V2, EXISTING, Map.of())).delete());
  }

  private static final Map<String, String> STATUS_SPECS =
      Map.of(
          "CiliumBGPClusterConfig",
              "bgpInstances: [{name: i}]\nnodeSelector: {matchLabels: {none: none}}",
          "CiliumBGPPeerConfig", "ebgpMultihop: 1",
          "CiliumBGPNodeConfig", "bgpInstances: [{name: i}]",
          "CiliumLoadBalancerIPPool", "disabled: true");

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void holds(Rule rule) {
    for (String version : rule.status ? List.of(V2) : List.of(V2, "v2alpha1")) {
      for (Object yes : rule.yes) {
        assertThat(attempt(rule, version, yes)).as("%s %s", version, yes).isEmpty();
      }
      for (Object no : rule.no) {
        assertThat(attempt(rule, version, no)).as("%s %s", version, no).contains(rule.field);
      }
    }
  }

  /** The fields that are wrong; none when the object is accepted. */
  private static List<String> attempt(Rule rule, String version, Object content) {
    KubernetesClientException refused =
        catchThrowableOfType(
            KubernetesClientException.class,
            () -> {
              if (rule.status) {
                GenericKubernetesResource object = object(rule.kind, version, EXISTING, Map.of());
                object.setAdditionalProperties(Map.of("status", content));
                client.resource(object).dryRun().subresource("status").patch();
              } else {
                client.resource(object(rule.kind, version, "attempt", content)).dryRun().create();
              }
            });
    if (refused == null) {
      return List.of();
    }
    assertThat(refused.getCode()).as(refused.getMessage()).isEqualTo(422);
    StatusDetails details = Objects.requireNonNull(refused.getStatus().getDetails());
    return details.getCauses().stream().map(StatusCause::getField).toList();
  }

  private static GenericKubernetesResource object(
      String kind, String version, String name, @Nullable Object spec) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("apiVersion", "cilium.io/" + version);
    object.put("kind", kind);
    object.put("metadata", Map.of("name", name));
    if (spec != null) {
      object.put("spec", spec);
    }
    return Serialization.unmarshal(Serialization.asJson(object), GenericKubernetesResource.class);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "CiliumBGPClusterConfig | {bgpInstances: [{name: i, peers: [{name: p}]}]}"
            + " | {bgpInstances: [{name: i, peers: [{name: p, peerASN: 0}]}]}",
        "CiliumBGPPeerConfig | {} | {ebgpMultihop: 1}",
        "CiliumBGPPeerConfig | {transport: {}, timers: {}, gracefulRestart: {enabled: true}} |"
            + " {ebgpMultihop: 1, transport: {peerPort: 179}, timers: {connectRetryTimeSeconds:"
            + " 120, holdTimeSeconds: 90, keepAliveTimeSeconds: 30}, gracefulRestart: {enabled:"
            + " true, restartTimeSeconds: 120}}",
        "CiliumBGPNodeConfig | {bgpInstances: [{name: i, peers: [{name: p}]}]}"
            + " | {bgpInstances: [{name: i, peers: [{name: p}]}]}",
        "CiliumBGPNodeConfigOverride | {bgpInstances: [{name: i, peers: [{name: p}]}]}"
            + " | {bgpInstances: [{name: i, peers: [{name: p}]}]}",
        "CiliumLoadBalancerIPPool | {blocks: [{cidr: 192.0.2.0/24}]}"
            + " | {blocks: [{cidr: 192.0.2.0/24}], disabled: false}",
        "CiliumBGPAdvertisement | {advertisements: [{advertisementType: PodCIDR}]}"
            + " | {advertisements: [{advertisementType: PodCIDR}]}",
      })
  void defaultsAreFilled(String kind, String sent, String stored) {
    for (String version : List.of(V2, "v2alpha1")) {
      GenericKubernetesResource answer =
          client.resource(object(kind, version, "attempt", yaml(sent))).dryRun().create();
      assertThat(answer.getAdditionalProperties().get("spec")).as(version).isEqualTo(yaml(stored));
    }
  }

  private static Object yaml(String text) {
    return Objects.requireNonNull(Serialization.unmarshal("it: " + text, Map.class).get("it"));
  }

  @ParameterizedTest
  @ValueSource(strings = {V2, "v2alpha1"})
  void groupAndKindOfAReferenceAreAcceptedAndUnknownFieldsAreDropped(String version) {
    GenericKubernetesResource answer =
        client
            .resource(
                object(
                    "CiliumBGPClusterConfig",
                    version,
                    "attempt",
                    yaml(
                        "{bgpInstances: [{name: i, bmpServers: [{name: b}], peers: [{name: p,"
                            + " peerConfigRef: {name: c, group: cilium.io, kind:"
                            + " CiliumBGPPeerConfig}}]}]}")))
            .dryRun()
            .create();
    // What v2 does not have is not stored, and so not answered either.
    assertThat(answer.getAdditionalProperties().get("spec"))
        .isEqualTo(
            yaml(
                "{bgpInstances: [{name: i, peers: [{name: p, peerASN: 0,"
                    + " peerConfigRef: {name: c}}]}]}"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "ciliumbgpclusterconfigs, cbgpcluster, cilium ciliumbgp, true, Age",
    "ciliumbgppeerconfigs, cbgppeer, cilium ciliumbgp, true, Age",
    "ciliumbgpadvertisements, cbgpadvert, cilium ciliumbgp, false, Age",
    "ciliumbgpnodeconfigs, cbgpnode, cilium ciliumbgp, true, Age",
    "ciliumbgpnodeconfigoverrides, cbgpnodeoverride, cilium ciliumbgp, false, Age",
    "ciliumloadbalancerippools, ippools ippool lbippool lbippools, cilium, true,"
        + " Disabled Conflicting 'IPs Available' Age",
  })
  void isServedAs(
      String plural, String shortNames, String categories, boolean status, String columns) {
    CustomResourceDefinition definition =
        client
            .apiextensions()
            .v1()
            .customResourceDefinitions()
            .withName(plural + ".cilium.io")
            .require();
    assertThat(definition.getSpec().getScope()).isEqualTo("Cluster");
    assertThat(definition.getStatus().getAcceptedNames().getShortNames())
        .containsExactlyInAnyOrder(shortNames.split(" "));
    assertThat(definition.getStatus().getAcceptedNames().getCategories())
        .containsExactlyInAnyOrder(categories.split(" "));
    List<String> versions = new ArrayList<>();
    for (CustomResourceDefinitionVersion version : definition.getSpec().getVersions()) {
      versions.add(
          String.join(
                  " ",
                  version.getName(),
                  version.getServed() ? "served" : "",
                  version.getStorage() ? "stored" : "",
                  Boolean.TRUE.equals(version.getDeprecated()) ? "deprecated" : "")
              .strip());
      assertThat(version.getSubresources() != null && version.getSubresources().getStatus() != null)
          .as("status subresource")
          .isEqualTo(status);
      assertThat(
              version.getAdditionalPrinterColumns().stream()
                  .map(CustomResourceColumnDefinition::getName)
                  .map(name -> name.contains(" ") ? "'" + name + "'" : name)
                  .collect(Collectors.joining(" ")))
          .isEqualTo(columns);
    }
    assertThat(versions)
        .containsExactlyInAnyOrder("v2 served stored", "v2alpha1 served  deprecated");
  }
}
