package dev.peerage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacementTest {
  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  private static Node node(String taints) {
    return YAML.unmarshal(
        """
        metadata: {name: w1, labels: {os: linux, zone: b, cores: "8"}}
        spec: {taints: [%s]}
        """
            .formatted(taints),
        Node.class);
  }

  private static PodSpec pod(String spec) {
    return YAML.unmarshal(spec, PodSpec.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                         | true",
        "{os: linux}                | true",
        "{os: linux, zone: b}       | true",
        "{os: linux, zone: a}       | false",
        "{gpu: 'yes'}               | false",
      })
  void theNodeSelectorIsMetByAllItsLabels(String selector, boolean fits) {
    assertThat(Placement.obstacle(pod("nodeSelector: " + selector), node("")).isEmpty())
        .isEqualTo(fits);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{matchExpressions: [{key: zone, operator: In, values: [a, b]}]}]          | true",
        "[{matchExpressions: [{key: zone, operator: In, values: [a]}]}]             | false",
        "[{matchExpressions: [{key: zone, operator: NotIn, values: [b]}]}]          | false",
        "[{matchExpressions: [{key: rack, operator: NotIn, values: [b]}]}]          | true",
        "[{matchExpressions: [{key: zone, operator: Exists}]}]                      | true",
        "[{matchExpressions: [{key: zone, operator: DoesNotExist}]}]                | false",
        "[{matchExpressions: [{key: cores, operator: Gt, values: ['7']}]}]          | true",
        "[{matchExpressions: [{key: cores, operator: Lt, values: ['8']}]}]          | false",
        "[{matchExpressions: [{key: zone, operator: Gt, values: ['7']}]}]           | false",
        "[{matchFields: [{key: metadata.name, operator: In, values: [w1]}]}]        | true",
        "[{matchFields: [{key: metadata.name, operator: In, values: [w2]}]}]        | false",
        "[{matchExpressions: [{key: os, operator: In, values: [linux]},"
            + " {key: zone, operator: In, values: [a]}]}]                           | false",
        "[{matchExpressions: [{key: zone, operator: In, values: [a]}]},"
            + " {matchExpressions: [{key: os, operator: Exists}]}]                  | true",
        "[{}]                                                                       | false",
      })
  void oneTermOfTheRequiredAffinityIsMetAsAWhole(String terms, boolean fits) {
    PodSpec pod =
        pod(
            "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
                + " {nodeSelectorTerms: "
                + terms
                + "}}}");

    assertThat(Placement.obstacle(pod, node("")).isEmpty()).isEqualTo(fits);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{key: a, effect: NoExecute}                                    | []                          | false",
        "{key: a, effect: NoSchedule}                                   | []                          | false",
        "{key: a, effect: PreferNoSchedule}                             | []                          | true",
        "{key: a, effect: NoExecute}                                    | [{operator: Exists}]        | true",
        "{key: a, effect: NoExecute}                                    | [{key: a, operator: Exists}] | true",
        "{key: a, effect: NoExecute}                                    | [{key: b, operator: Exists}] | false",
        "{key: a, value: x, effect: NoExecute}                          | [{key: a, value: x}]        | true",
        "{key: a, value: x, effect: NoExecute}                          | [{key: a, value: y}]        | false",
        "{key: a, effect: NoExecute} | [{key: a, operator: Exists, effect: NoSchedule}]               | false",
        "{key: node.kubernetes.io/unschedulable, effect: NoSchedule}    | []                          | true",
        "{key: node.kubernetes.io/not-ready, effect: NoExecute}         | []                          | true",
        "{key: node.kubernetes.io/out-of-service, effect: NoExecute}    | []                          | false",
      })
  void everyTaintIsTolerated(String taint, String tolerations, boolean fits) {
    assertThat(Placement.obstacle(pod("tolerations: " + tolerations), node(taint)).isEmpty())
        .isEqualTo(fits);
  }
}
