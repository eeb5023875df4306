package dev.peerage.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.lint.Finding.Severity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people have in their files and folders. */
class ReadingTest {
  private static final String POOL =
      """
      apiVersion: cilium.io/v2
      kind: CiliumLoadBalancerIPPool
      metadata: {name: vips}
      spec: {blocks: [{stop: 192.0.2.9}]}
      """;

  @TempDir Path folder;

  private void write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  void subfoldersAreReadAndHiddenOnesAreNot() throws IOException {
    write("apps/networking/pool.yaml", POOL);
    write("apps/networking/values.yaml", "replicas: 3\n");
    write("apps/kustomization.yaml", "resources: [networking]\n");
    write("apps/chart/templates/service.yaml", "{{- if .Values.on }}\nkind: Service\n{{- end }}\n");
    write(".git/pool.yaml", POOL);

    Findings findings = LintText.of(folder);
    assertThat(findings.count(Severity.ERROR)).isZero();
    assertThat(LintText.codes(findings))
        .containsExactlyInAnyOrder("1 template-text", "4 pool-block", "1 kind-not-read");
    assertThat(findings.of(Severity.NOTE).getFirst().size())
        .as("files that are no objects")
        .isEqualTo(2);
  }

  @Test
  void anObjectThatWasReadBackFromAClusterIsInOrder() {
    Findings findings =
        LintText.of(
            """
            apiVersion: v1
            kind: List
            metadata: {resourceVersion: ""}
            items:
            - apiVersion: cilium.io/v2
              kind: CiliumLoadBalancerIPPool
              metadata:
                name: vips
                creationTimestamp: "2026-01-01T00:00:00Z"
                generation: 3
                resourceVersion: "1234"
                uid: 3f0c9f2e-0000-4000-8000-000000000000
                managedFields:
                - apiVersion: cilium.io/v2
                  fieldsType: FieldsV1
                  fieldsV1: {"f:spec": {"f:blocks": {}}}
                  manager: kubectl
                  operation: Update
                  time: "2026-01-01T00:00:00Z"
              spec: {blocks: [{cidr: 192.0.2.0/24}], disabled: false}
              status: {of: another version}
            - apiVersion: cilium.io/v2
              kind: CiliumBGPNodeConfig
              metadata:
                name: n1
                ownerReferences:
                - {apiVersion: cilium.io/v2, kind: CiliumBGPClusterConfig, name: c, uid: u}
              spec: {bgpInstances: [{name: main, localASN: 65001}]}
            """);

    assertThat(LintText.codes(findings)).containsExactly("23 node-config");
    assertThat(findings.objects()).isEqualTo(1);
  }

  @Test
  void theEntriesOfAListOfOneKindNeedNotSayWhatTheyAre() {
    Findings findings =
        LintText.of(
            """
            {"apiVersion": "cilium.io/v2", "kind": "CiliumLoadBalancerIPPoolList", "items": [
              {"metadata": {"name": "a"}, "spec": {"blocks": [{"cidr": "192.0.2.0/24"}]}},
              {"metadata": {"name": "b"}, "spec": {"blocks": [{"cidr": "192.0.2.0/25"}]}}]}
            """);

    assertThat(LintText.codes(findings)).containsExactly("3 pool-conflict");
    assertThat(findings.objects()).isEqualTo(2);
  }

  @Test
  void theOlderOfTwoThatWereReadBackIsKept() {
    String pool = POOL.replace("{stop: 192.0.2.9}", "{cidr: 192.0.2.0/24}");
    Findings findings =
        LintText.of(
            pool.replace("{name: vips}", "{name: a, creationTimestamp: \"2026-02-01T00:00:00Z\"}")
                + "---\n"
                + pool.replace(
                    "{name: vips}", "{name: b, creationTimestamp: \"2026-01-01T00:00:00Z\"}"));

    assertThat(findings.groups().getFirst().first().place().object())
        .isEqualTo("CiliumLoadBalancerIPPool a");
  }

  @Test
  void kindsOfOthersAreNotes() {
    Findings findings =
        LintText.of(
            """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: {name: web}
            spec: {template: {}}
            ---
            apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata: {name: allow}
            spec: {endpointSelector: {}}
            ---
            apiVersion: metallb.io/v1beta2
            kind: BGPPeer
            metadata: {name: tor, namespace: metallb-system}
            spec: {}
            ---
            """
                + POOL);

    assertThat(LintText.codes(findings))
        .containsExactly("19 pool-block", "2 kind-not-read", "12 other-load-balancer");
    assertThat(findings.groups().getLast().first().remedy())
        .contains("spec.bgpInstances[].peers[] of a CiliumBGPClusterConfig");
    assertThat(findings.others()).isEqualTo(3);
  }

  @Test
  void aForgottenSeparatorIsNamedAndBothObjectsAreRead() {
    Findings findings =
        LintText.of(POOL + POOL.replace("vips", "more").replace("{stop: 192.0.2.9}", "{cidr: x}"));

    assertThat(LintText.codes(findings))
        .containsExactly("5 missing-separator", "8 value-not-allowed", "4 pool-block");
    assertThat(findings.groups().getFirst().first().remedy())
        .isEqualTo("put a line with --- before line 5");
  }

  @Test
  void variablesOfTemplatesAreNamedWhereverTheyStand() {
    Findings findings =
        LintText.of(
            """
            apiVersion: cilium.io/v2
            kind: CiliumBGPPeerConfig
            metadata: {name: "${SITE}-tor"}
            spec: {}
            ---
            apiVersion: cilium.io/v2
            kind: CiliumBGPClusterConfig
            metadata: {name: bgp}
            spec:
              bgpInstances:
              - name: main
                localASN: ${ASN}
                peers:
                - {name: tor, peerASN: 65000, peerAddress: "<ROUTER IP>"}
            """);

    assertThat(LintText.codes(findings))
        .containsExactly("3 template-text", "12 template-text", "14 template-text");
    assertThat(findings.groups().get(1).first().what())
        .startsWith("${ASN} is a template's variable");
  }

  @Test
  void whatIsNoUtf8OrNoObjectIsSaid() throws IOException {
    Path latin = folder.resolve("latin.yaml");
    Files.write(latin, "name: é".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(LintText.words(LintText.of(latin))).containsExactly("is no text in UTF-8");
    assertThat(LintText.words(LintText.of("- 1")))
        .contains("a Kubernetes object is a mapping, this is a list");
  }

  @Test
  void aValueLongerThanAnObjectEndsInWords() {
    Findings findings =
        LintText.of("kind: Service\nmetadata: {annotations: {a: " + "x".repeat(20_000_000) + "}}");

    assertThat(LintText.codes(findings)).containsExactly("2 not-yaml");
    assertThat(LintText.words(findings))
        .singleElement()
        .asString()
        .contains("20,000,0")
        .contains("characters without a break")
        .hasSizeLessThan(200);
  }
}
