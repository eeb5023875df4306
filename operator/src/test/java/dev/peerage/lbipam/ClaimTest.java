package dev.peerage.lbipam;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimTest {
  /** The status says 10.0.0.5; whether the pools gave it follows from who is known to have. */
  @ParameterizedTest(name = "annotation {0}, condition {1}, written by {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # annotation | condition | field manager           | given
          ''           | False     | ''                      | ''
          ''           | True      | ''                      | 10.0.0.5
          ''           | True      | peerage-operator-lbipam | 10.0.0.5
          ''           | False     | peerage-operator-lbipam | 10.0.0.5
          ''           | True      | cilium-operator-lb-ipam | 10.0.0.5
          ''           | True      | cilium-operator-generic | 10.0.0.5
          ''           | False     | cilium-operator-lb-ipam | ''
          ''           | True      | rival                   | ''
          10.0.0.3     | True      | rival                   | 10.0.0.3
          10.0.0.3     | False     | rival                   | 10.0.0.3
          10.0.0.3     | True      | ''                      | 10.0.0.3
          10.0.0.3     | True      | peerage-operator-lbipam | 10.0.0.3 10.0.0.5
          10.0.0.5     | True      | peerage-operator-lbipam | 10.0.0.5
          """)
  void whatThePoolsGave(String annotation, boolean condition, String manager, String given) {
    Service service =
        Serialization.unmarshal(
            """
            metadata:
              name: s
              annotations: {peerage.dev/lbipam-addresses: '%s'}
              managedFields:
              - {manager: '%s', fieldsV1: {f:status: {f:loadBalancer: {f:ingress: {}}}}}
            spec: {type: LoadBalancer}
            status:
              loadBalancer: {ingress: [{ip: 10.0.0.5}]}
              conditions:
              - {type: %s, status: 'True', reason: satisfied, message: '', lastTransitionTime: ''}
            """
                .formatted(
                    annotation, manager, condition ? "cilium.io/IPAMRequestSatisfied" : "other"),
            Service.class);
    if (manager.isEmpty()) {
      service.getMetadata().setManagedFields(null);
    }

    assertThat(
            new Claim(service, Responsibility.DEFAULT)
                .given().stream().map(Ip::toString).collect(Collectors.joining(" ")))
        .isEqualTo(given);
  }
}
