package dev.peerage.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.lint.Finding.Severity;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          blocks: [{start: '${first}', stop: '${last}'}]          | ${first} is a template's variable that nothing has replaced
          blocks: [{stop: 192.0.2.9}]                             | spec.blocks[0]: it has neither cidr nor start
          blocks: [{start: 192.0.2.9, stop: 192.0.2.1}]           | 192.0.2.9-192.0.2.1 starts after its end
          blocks: [{start: 192.0.2.9, stop: 'fd00::1'}]           | mixes IPv4 and IPv6
          blocks: [{start: 192.0.2.0/24}]                         | but a CIDR; write it as cidr
          blocks: []                                              | spec.blocks: there is none
          blocks: [{cidr: 192.0.2.0/24}, {cidr: 192.0.2.128/25}]  | 192.0.2.128/25 overlaps 192.0.2.0/24 of the same pool
          """)
  void whatCannotWorkIsAWarning(String spec, String says) {
    assertThat(LintText.of(POOL.formatted("p", spec)).groups())
        .singleElement()
        .satisfies(group -> {
          assertThat(group.first().severity()).isEqualTo(Severity.WARNING);
          assertThat(group.first().place().line()).isEqualTo(4);
          assertThat(group.first().what()).contains(says);
        });
  }

  @Test
  void theNewerOfTwoThatOverlapIsNamed() {
    assertThat(
            LintText.of(
                    POOL.formatted("one", "blocks: [{cidr: 192.0.2.0/24}]")
                        + POOL.formatted("two", "blocks: [{cidr: 192.0.2.0/25}]"))
                .groups())
        .singleElement()
        .satisfies(group -> {
          assertThat(group.first().place().object()).isEqualTo("CiliumLoadBalancerIPPool two");
          assertThat(group.first().what()).contains("192.0.2.0/24 of pool one");
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "blocks: [{cidr: 192.0.2.17/24}]",
        "blocks: [{start: 192.0.2.1, stop: 192.0.2.9}]",
        "blocks: [], disabled: true"
      })
  void whatWorksIsNone(String spec) {
    assertThat(LintText.of(POOL.formatted("p", spec))).isEqualTo(new Findings(List.of(), 1, 0, 0));
  }

  @Test
  void aRangeInACidrIsRefused() {
    assertThat(LintText.of(POOL.formatted("p", "blocks: [{cidr: 192.0.2.1-192.0.2.9}]")).groups())
        .singleElement()
        .satisfies(group -> {
          assertThat(group.first().severity()).isEqualTo(Severity.ERROR);
          assertThat(group.first().place().field()).isEqualTo("spec.blocks[0].cidr");
        });
  }

  @Test
  void theFirstFormLeadsToTodays() {
    assertThat(
            LintText.of(
                    POOL.formatted("p", "cidrs: [{cidr: 192.0.2.0/32}]")
                        .replace("cilium.io/v2", "cilium.io/v2alpha1"))
                .groups())
        .singleElement()
        .satisfies(group -> {
          assertThat(group.first().remedy()).contains("write spec.blocks[].cidr");
          assertThat(LintText.of(group.first().instead()))
              .as("what is written instead")
              .isEqualTo(new Findings(List.of(), 1, 0, 0));
        });
  }

  @Test
  void whatAServicesAnnotationsSayAndNobodyReadsIsAWarning() {
    assertThat(
            LintText.of(
                POOL.formatted("p", "blocks: [{cidr: 192.0.2.0/24}]")
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
                    """))
        .extracting(LintText::words)
        .asInstanceOf(InstanceOfAssertFactories.list(String.class))
        .hasSize(2)
        .anyMatch(it -> it.startsWith("spec.loadBalancerIP") && it.contains("nonsense"))
        .anyMatch(it -> it.contains("sharing-permit-different-pods]: yes is neither"));
  }
}
