package dev.peerage.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.yaml.FileProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pools as people write them: what cannot work is told before a cluster sees it. */
class PoolLintTest {
  private static final String POOL =
      """
      apiVersion: cilium.io/v2
      kind: CiliumLoadBalancerIPPool
      metadata: {name: %s}
      spec: {%s}
      ---
      """;

  @TempDir Path folder;

  private ManifestLint.Findings lint(String yaml) throws IOException {
    return ManifestLint.of(List.of(Files.writeString(folder.resolve("pools.yaml"), yaml)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          blocks: [{start: '${first}', stop: '${last}'}]          | '${first}' is no IP address, but a template's variable
          blocks: [{stop: 192.0.2.9}]                             | spec.blocks[0]: it has neither cidr nor start
          blocks: [{start: 192.0.2.9, stop: 192.0.2.1}]           | 192.0.2.9-192.0.2.1 starts after its end
          blocks: [{start: 192.0.2.9, stop: 'fd00::1'}]           | mixes IPv4 and IPv6
          blocks: [{start: 192.0.2.0/24}]                         | but a CIDR; write it as cidr
          blocks: []                                              | spec.blocks: there is none
          blocks: [{cidr: 192.0.2.0/24}, {cidr: 192.0.2.128/25}]  | 192.0.2.128/25 overlaps 192.0.2.0/24 of the same pool
          """)
  void whatCannotWorkIsAWarning(String spec, String says) throws IOException {
    var findings = lint(POOL.formatted("p", spec));

    assertThat(findings.problems()).isEmpty();
    assertThat(findings.warnings())
        .singleElement()
        .asString()
        .startsWith("CiliumLoadBalancerIPPool p: ")
        .contains(says);
  }

  @Test
  void theNewerOfTwoThatOverlapIsNamed() throws IOException {
    assertThat(
            lint(POOL.formatted("one", "blocks: [{cidr: 192.0.2.0/24}]")
                    + POOL.formatted("two", "blocks: [{cidr: 192.0.2.0/25}]"))
                .warnings())
        .singleElement()
        .asString()
        .startsWith("CiliumLoadBalancerIPPool two: cilium.io/PoolConflict: ")
        .contains("192.0.2.0/24 of pool one");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "blocks: [{cidr: 192.0.2.17/24}]",
        "blocks: [{start: 192.0.2.1, stop: 192.0.2.9}]",
        "blocks: [], disabled: true"
      })
  void whatWorksIsNone(String spec) throws IOException {
    assertThat(lint(POOL.formatted("p", spec)))
        .isEqualTo(new ManifestLint.Findings(List.of(), List.of(), List.of(), 1));
  }

  @Test
  void aRangeInACidrIsRefused() throws IOException {
    assertThat(lint(POOL.formatted("p", "blocks: [{cidr: 192.0.2.1-192.0.2.9}]")).problems())
        .singleElement()
        .asString()
        .contains("spec.blocks[0].cidr");
  }

  @Test
  void theFirstFormLeadsToTodays() throws IOException {
    assertThat(
            lint(POOL.formatted("p", "cidrs: [{cidr: 192.0.2.0/32}]")
                    .replace("cilium.io/v2", "cilium.io/v2alpha1"))
                .problems())
        .extracting(FileProblem::toString)
        .anyMatch(it -> it.contains("spec.cidrs") && it.contains("write spec.blocks[].cidr"));
  }

  @Test
  void whatAServicesAnnotationsSayAndNobodyReadsIsAWarning() throws IOException {
    assertThat(
            lint(POOL.formatted("p", "blocks: [{cidr: 192.0.2.0/24}]")
                    + """
                    apiVersion: v1
                    kind: Service
                    metadata:
                      name: s
                      namespace: n
                      annotations:
                        lbipam.cilium.io/ips: nonsense, 192.0.2.7
                        lbipam.cilium.io/sharing-permit-different-pods: 'yes'
                    spec: {type: LoadBalancer, ports: [{port: 80}]}
                    """)
                .warnings())
        .hasSize(2)
        .anyMatch(
            it -> it.startsWith("Service n/s: spec.loadBalancerIP") && it.contains("nonsense"))
        .anyMatch(it -> it.contains("sharing-permit-different-pods]: yes is neither"));
  }
}
