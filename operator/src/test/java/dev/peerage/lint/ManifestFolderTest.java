package dev.peerage.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.lint.ManifestFolder.Reading;
import dev.peerage.yaml.FileProblem;
import io.fabric8.kubernetes.api.model.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ManifestFolderTest {
  @TempDir Path folder;

  private Reading read(String yaml) throws IOException {
    Files.writeString(folder.resolve("a.yaml"), yaml);
    return ManifestFolder.of(folder).read();
  }

  private Reading.Good good(String yaml) throws IOException {
    Reading reading = read(yaml);
    assertThat(reading).isInstanceOf(Reading.Good.class);
    return (Reading.Good) reading;
  }

  private static String object(String kind, String name, String... lines) {
    String version =
        switch (kind) {
          case "Node", "Service" -> "v1";
          default -> "cilium.io/v2";
        };
    return "apiVersion: %s\nkind: %s\nmetadata:\n  name: %s\n".formatted(version, kind, name)
        + String.join("\n", lines)
        + "\n";
  }

  private static String peerConfig(String... lines) {
    return object("CiliumBGPPeerConfig", "p", "spec:", "  " + String.join("\n  ", lines));
  }

  private static String advertisement(String... lines) {
    return object(
        "CiliumBGPAdvertisement",
        "a",
        "spec:",
        "  advertisements:",
        "  " + String.join("\n  ", lines));
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        arguments("a: [1,\nb: 2", "a.yaml:2: not YAML: "),
        arguments("a: 1\n\tb: 2", "a.yaml:2: not YAML: "),
        arguments("- 1", "a.yaml:1: a Kubernetes object is a mapping, this is a list"),
        arguments("kind: Node\nkind: Node", "a.yaml:2: kind: the key is there twice"),
        arguments("metadata:\n  name: x", "a.yaml:1: kind: is missing"),
        arguments(
            object("CiliumBGPPeerConfigg", "x"),
            "a.yaml:2: kind: there is no kind 'CiliumBGPPeerConfigg' in cilium.io/v2\n"
                + "    to mend it: did you mean CiliumBGPPeerConfig?"),
        arguments(
            object("CiliumBGPPeerConfig", "x").replace("v2", "v3"),
            "a.yaml:1: CiliumBGPPeerConfig x, apiVersion: 'cilium.io/v3' does not exist for this"
                + " kind\n    to mend it: use cilium.io/v2"),
        arguments(
            object("Service", "Web"),
            "a.yaml:4: Service default/Web, metadata.name: 'Web' is no valid name"),
        arguments(
            object("Service", "web", "  labels: {enable-bgp: true}"),
            "a.yaml:5: Service default/web, metadata.labels.enable-bgp: text is wanted, but without"
                + " quotes Kubernetes reads this as the boolean true\n"
                + "    to mend it: put the word in quotes"),
        arguments(
            peerConfig("timers:", "  holdTimeSeconds: 2"),
            "a.yaml:7: CiliumBGPPeerConfig p, spec.timers.holdTimeSeconds: 2 is out of range\n"
                + "    to mend it: use a whole number from 3 to 65535"),
        arguments(
            peerConfig("timers:", "  holdTimeSeconds: 9s"),
            "a.yaml:7: CiliumBGPPeerConfig p, spec.timers.holdTimeSeconds: is text: '9s'\n"
                + "    to mend it: write a whole number from 3 to 65535"),
        arguments(
            peerConfig("timers:", "  holdTimeSecond: 9"),
            "a.yaml:7: CiliumBGPPeerConfig p, spec.timers.holdTimeSecond: there is no such field\n"
                + "    to mend it: did you mean holdTimeSeconds?"),
        arguments(
            peerConfig("timers:", "  holdTimeSeconds: 9"),
            "a.yaml:6: CiliumBGPPeerConfig p, spec.timers: keepAliveTimeSeconds (30 when absent)"),
        arguments(
            peerConfig("families:", "- afi: ipv5", "  safi: unicast"),
            "a.yaml:7: CiliumBGPPeerConfig p, spec.families[0].afi: 'ipv5' is not allowed\n"
                + "    to mend it: use one of ipv4, ipv6"),
        arguments(
            peerConfig("families:", "- afi: ipv4"),
            "a.yaml:7: CiliumBGPPeerConfig p, spec.families[0].safi: is missing"),
        arguments(
            peerConfig("gracefulRestart: true"),
            "a.yaml:6: CiliumBGPPeerConfig p, spec.gracefulRestart: is a boolean: 'true'\n"
                + "    to mend it: write a mapping with enabled, restartTimeSeconds"),
        arguments(
            advertisement("- advertisementType: Service"),
            "a.yaml:7: CiliumBGPAdvertisement a, spec.advertisements[0].service:"),
        arguments(
            advertisement("- advertisementType: PodCIDR", "  selector: {}"),
            "a.yaml:8: CiliumBGPAdvertisement a, spec.advertisements[0].selector: selector is not"
                + " for advertisementType PodCIDR"),
        arguments(
            object("CiliumLoadBalancerIPPool", "x", "spec:", "  allowFirstLastIPs: No"),
            "a.yaml:6: CiliumLoadBalancerIPPool x, spec.allowFirstLastIPs: text is wanted, but"
                + " without quotes Kubernetes reads this as the boolean false\n"
                + "    to mend it: put the word in quotes: one of "),
        arguments(
            object(
                "CiliumBGPClusterConfig",
                "c",
                "spec:",
                "  bgpInstances:",
                "  - name: i",
                "    peers:",
                "    - name: p",
                "      peerAddress: 10.0.0.0/8"),
            "a.yaml:10: CiliumBGPClusterConfig c, spec.bgpInstances[0].peers[0].peerAddress:"
                + " '10.0.0.0/8' does not have the right form"),
        arguments(
            object(
                "CiliumBGPClusterConfig",
                "c",
                "spec:",
                "  bgpInstances:",
                "  - name: i",
                "  - name: i"),
            "a.yaml:8: CiliumBGPClusterConfig c, spec.bgpInstances[1]: an entry before this one has"
                + " the same name [\"i\"]"),
        arguments(
            object("CiliumBGPClusterConfig", "c"),
            "a.yaml:1: CiliumBGPClusterConfig c, spec: is missing"),
        arguments(
            object("Service", "web", "spec:", "  type: Loadbalancer"),
            "a.yaml:6: Service default/web, spec.type: 'Loadbalancer' is not allowed"),
        arguments(
            object("Service", "web", "  label: {a: b}", "spec: {}"),
            "a.yaml:5: Service default/web, metadata.label: there is no such field\n"
                + "    to mend it: did you mean labels?"),
        arguments(
            object("Service", "web", "spec:", "  externalTraficPolicy: Local"),
            "a.yaml:6: Service default/web, spec.externalTraficPolicy: there is no such field\n"
                + "    to mend it: did you mean externalTrafficPolicy?"),
        arguments(
            object("Service", "web", "spec:", "  ports:", "  - port: eighty"),
            "a.yaml:7: Service default/web, spec.ports[0].port: "),
        arguments(
            object("Node", "n", "spec:", "  podCIDR: 10.0.0.0/33"),
            "a.yaml:6: Node n, spec.podCIDR: no prefix: "),
        arguments(
            object("Node", "n"),
            "a.yaml:1: Node n, status.addresses: no address of type InternalIP"),
        arguments(
            peerConfig("{}") + "---\n" + peerConfig("{}"),
            "a.yaml:11: CiliumBGPPeerConfig p, metadata.name: the object is also in a.yaml:4"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void saysWhereAndWhatAndHowToMendIt(String yaml, String expected) throws IOException {
    Reading reading = read(yaml);
    assertThat(reading).isInstanceOf(Reading.Bad.class);
    assertThat(((Reading.Bad) reading).problems())
        .extracting(FileProblem::toString)
        .anySatisfy(problem -> assertThat(problem).startsWith(expected));
  }

  @Test
  void fillsInTheDefaultsOfTheDefinitions() throws IOException {
    var spec =
        good(peerConfig("timers:", "  connectRetryTimeSeconds: 5", "transport: {}"))
            .manifests()
            .all(CiliumBGPPeerConfig.class)
            .getFirst()
            .getSpec();
    assertThat(spec.timers().holdTimeSeconds()).isEqualTo(90);
    assertThat(spec.transport().peerPort()).isEqualTo(179);
  }

  @Test
  void addsWhatAnApiServerAdds() throws IOException {
    Service service =
        good(object("Service", "web", "spec:", "  ports:", "  - {port: 80, targetPort: http}"))
            .manifests()
            .all(Service.class)
            .getFirst();
    assertThat(service.getMetadata().getNamespace()).isEqualTo("default");
    assertThat(service.getMetadata().getUid()).isNotEmpty();
    assertThat(service.getMetadata().getCreationTimestamp()).isNotEmpty();
  }

  @Test
  void readsListsAndNotesWhatItDoesNotUse() throws IOException {
    Reading.Good good =
        good(
            """
            apiVersion: v1
            kind: List
            items:
            - apiVersion: v1
              kind: Service
              metadata: {name: web}
              spec: {}
            - apiVersion: apps/v1
              kind: Deployment
              metadata: {name: web}
            """);
    assertThat(good.manifests().all(Service.class)).hasSize(1);
    assertThat(good.notes())
        .singleElement()
        .asString()
        .startsWith("a.yaml:9: Deployment web: not read; what is read are Node, Service");
  }

  @Test
  void everyRuleOfTheChartsDefinitionsIsEvaluated() throws IOException {
    assertThat(ChartRules.all())
        .isNotEmpty()
        .allSatisfy(rule ->
            assertThat(CelRule.read(rule.text())).isInstanceOf(CelRule.Reading.Understood.class));
  }
}
