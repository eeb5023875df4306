package dev.peerage.lbipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.kube.TrimmedStore;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TrimmedServicesTest {
  private static final String WHOLE =
      """
      metadata:
        name: s
        namespace: n
        uid: u
        resourceVersion: '7'
        generation: 3
        creationTimestamp: '2026-01-01T00:00:00Z'
        labels: {app: s}
        annotations:
          lbipam.cilium.io/ips: 10.0.0.1,nonsense
          lbipam.cilium.io/sharing-key: k
          lbipam.cilium.io/sharing-cross-namespace: '*'
          io.cilium/lb-ipam-ips: 10.0.0.2
          peerage.dev/lbipam-addresses: 10.0.0.1
          kubectl.kubernetes.io/last-applied-configuration: '{much}'
        managedFields:
        - {manager: kubectl, operation: Update, time: '2026-01-01T00:00:00Z', fieldsV1: {f:spec: {f:type: {}}}}
        - {manager: rival, subresource: status, fieldsV1: {f:status: {f:loadBalancer: {f:ingress: {}}}}}
        - {manager: peerage-operator-lbipam, subresource: status, fieldsV1: {f:status: {f:conditions: {}}}}
        finalizers: [service.kubernetes.io/load-balancer-cleanup]
      spec:
        type: LoadBalancer
        loadBalancerClass: io.cilium/bgp-control-plane
        loadBalancerIP: 10.0.0.3
        ipFamilies: [IPv6, IPv4]
        ipFamilyPolicy: PreferDualStack
        externalTrafficPolicy: Local
        selector: {app: s}
        clusterIP: 10.96.0.1
        sessionAffinity: None
        ports: [{name: a, port: 80, protocol: UDP, targetPort: 8080}, {name: b, port: 81}]
      status:
        loadBalancer: {ingress: [{ip: 10.0.0.1, ipMode: VIP}, {hostname: h}]}
        conditions:
        - {type: other, status: 'True', reason: r, message: '', lastTransitionTime: '2026-01-01T00:00:00Z'}
        - {type: cilium.io/IPAMRequestSatisfied, status: 'False', reason: r, message: m, observedGeneration: 2,
           lastTransitionTime: '2026-01-01T00:00:00Z'}
        - {type: peerage.dev/StatusContested, status: 'True', reason: StatusOverwritten, message: m,
           lastTransitionTime: '2026-01-01T00:00:00Z'}
      """;

  @Test
  void keepsWhatIsRead() {
    var whole = service(WHOLE);
    var trimmed = TrimmedServices.trim(whole);

    assertThat(read(trimmed)).isEqualTo(read(whole));
    assertThat(trimmed.getMetadata().getUid()).isEqualTo("u");
    assertThat(FieldManagers.of(trimmed).ofIngress()).contains("rival");
    assertThat(FieldManagers.of(trimmed).others()).containsExactly("kubectl");
    assertThat(trimmed.getMetadata().getManagedFields())
        .extracting(ManagedFieldsEntry::getTime)
        .containsOnlyNulls();
    assertThat(trimmed.getMetadata().getAnnotations())
        .doesNotContainKey("kubectl.kubernetes.io/last-applied-configuration");
    assertThat(trimmed.getSpec().getClusterIP()).isNull();
    assertThat(TrimmedServices.trim(trimmed)).isEqualTo(trimmed);
  }

  private static List<Object> read(Service service) {
    var claim = new Claim(service, Responsibility.DEFAULT);
    return List.of(
        claim.key(),
        claim.version(),
        claim.age(),
        claim.labels(),
        claim.isOurs(),
        claim.wasOurs(),
        claim.sharing(),
        claim.requested(),
        claim.faults(),
        claim.remembered(),
        claim.given(),
        claim.managers(),
        claim.families(),
        claim.held(),
        claim.ingress(),
        claim.conditions(),
        claim.verdict(null, Instant.EPOCH));
  }

  @Test
  void keepsOfOthersTheirNameOnly() {
    var other = service(WHOLE.replace("type: LoadBalancer", "type: ClusterIP"));
    assertThat(TrimmedServices.concerns(other)).as("it has a condition of ours").isTrue();
    other.setStatus(null);
    assertThat(TrimmedServices.concerns(other)).isFalse();

    var trimmed = TrimmedServices.trim(other);

    assertThat(TrimmedServices.concerns(trimmed)).isFalse();
    assertThat(trimmed.getMetadata().getResourceVersion()).isEqualTo("7");
    assertThat(trimmed.getMetadata().getLabels()).isEmpty();
    assertThat(trimmed.getSpec().getType()).isEqualTo("ClusterIP");
  }

  @Test
  void theStoreTrims() {
    var store = new TrimmedStore<>(TrimmedServices::trim);
    store.put("n/s", service(WHOLE));

    assertThat(Objects.requireNonNull(store.get("n/s")).getMetadata().getFinalizers()).isEmpty();
  }

  private static Service service(String yaml) {
    return Serialization.unmarshal(yaml, Service.class);
  }
}
