package dev.peerage.lbipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.kube.ServiceKey;
import dev.peerage.lbipam.Addresses.ServiceWrite;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody else writes a Service's status as fast as Peerage does. Time is what the test says. */
class ContestTest {
  private static final ServiceKey KEY = new ServiceKey("default", "a");
  private static final List<Integer> PAUSES = List.of(0, 1, 2, 4, 8, 16, 32, 60, 60, 60);

  private final Addresses addresses = new Addresses(Responsibility.DEFAULT);
  private Instant now = Instant.parse("2026-03-01T00:00:00Z");
  private long version = 100;
  private Service stored =
      Serialization.unmarshal(
          """
          metadata: {name: a, namespace: default, uid: u, resourceVersion: '100',
            creationTimestamp: '2026-01-01T00:00:00Z'}
          spec: {type: LoadBalancer}
          """,
          Service.class);

  @BeforeEach
  void anAddressIsGiven() {
    addresses.fill(new IpamSnapshot(List.of(), List.of()), version, version, now);
    var _ =
        addresses.pool(
            Serialization.unmarshal(
                """
                metadata: {name: p, uid: p, resourceVersion: '101', creationTimestamp: '2026-01-01T00:00:00Z'}
                spec: {blocks: [{cidr: 10.0.0.0/30}]}
                """,
                CiliumLoadBalancerIPPool.class),
            now);
    store(stored);
    peerageWrites();
    assertThat(Claim.texts(claim().ingress())).containsExactly("10.0.0.0");
  }

  @Test
  void eachTimeThePauseIsTwiceAsLongUpToAMinute() {
    for (int pause : PAUSES) {
      rivalWipes();
      assertThat(pause()).isEqualTo(Duration.ofSeconds(pause));
      now = now.plusSeconds(pause);
      peerageWrites();
      assertThat(Claim.texts(claim().ingress())).containsExactly("10.0.0.0");
    }
  }

  @Test
  void whatHappensOnceIsMendedAndNotTold() {
    rivalWipes();
    peerageWrites();

    assertThat(claim().conditions()).hasSize(1);
    assertThat(addresses.notices(KEY)).isEmpty();
  }

  @Test
  void theNamesAreToldAndForgottenWhenItIsOver() {
    rivalWrites("rival");
    peerageWrites();
    rivalWrites("other");
    now = now.plus(pause());
    peerageWrites();

    assertThat(claim().conditions()).hasSize(2);
    assertThat(claim().conditions().getLast().type()).isEqualTo(Contest.CONDITION);
    assertThat(claim().conditions().getLast().message()).contains("field manager other, rival;");
    assertThat(addresses.notices(KEY))
        .singleElement()
        .returns(Contest.REASON, Notice::reason)
        .returns(true, it -> it.text().startsWith("status.loadBalancer.ingress: "));

    assertThat(addresses.next(KEY, now)).isInstanceOf(Next.Later.class);
    now = now.plus(Contest.CALM);
    peerageWrites();
    assertThat(claim().conditions()).hasSize(1);
    assertThat(addresses.notices(KEY)).isEmpty();
    assertThat(addresses.next(KEY, now)).isInstanceOf(Next.Nothing.class);
    rivalWrites("rival");
    assertThat(pause()).as("it begins anew").isZero();
  }

  @Test
  void whoRemovesIsNotRecordedSoThatAllAreNamed() {
    for (var i = 0; i < 2; i++) {
      rivalWipes();
      now = now.plus(pause());
      peerageWrites();
    }
    assertThat(claim().conditions().getLast().message())
        .contains(
            "does not record by whom (field managers of this Service: a-controller, kubectl)");
  }

  @Test
  void aSkippedVersionIsNoReasonToMissIt() {
    rivalWipes();
    var write = write(); // The watch tells of the next version after this one only.
    addresses.written(KEY, write);
    version++;
    rivalWipes();

    assertThat(pause()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void anotherPartOfTheServiceIsNoContest() {
    for (var i = 0; i < 5; i++) {
      store(
          new ServiceBuilder(stored).editMetadata().addToLabels("i", "" + i).endMetadata().build());
      assertThat(addresses.next(KEY, now)).isInstanceOf(Next.Nothing.class);
    }
  }

  private Claim claim() {
    return new Claim(stored, Responsibility.DEFAULT);
  }

  private Duration pause() {
    return switch (addresses.next(KEY, now)) {
      case Next.Later<ServiceWrite>(var delay) -> delay;
      case Next.Write<ServiceWrite> _ -> Duration.ZERO;
      case Next.Nothing<ServiceWrite> _ -> throw new AssertionError("nothing to write");
    };
  }

  private ServiceWrite write() {
    assertThat(addresses.next(KEY, now)).isInstanceOf(Next.Write.class);
    return ((Next.Write<ServiceWrite>) addresses.next(KEY, now)).what();
  }

  private void peerageWrites() {
    var write = write();
    addresses.written(KEY, write);
    store(managed(write.change().appliedTo(stored), LbIpam.FIELD_MANAGER));
  }

  private void rivalWipes() {
    store(
        managed(
            new ServiceBuilder(stored)
                .editStatus()
                .withNewLoadBalancer()
                .endLoadBalancer()
                .endStatus()
                .build(),
            ""));
  }

  private void rivalWrites(String manager) {
    store(
        managed(
            new ServiceBuilder(stored)
                .editStatus()
                .withNewLoadBalancer()
                .addNewIngress()
                .withIp("203.0.113.7")
                .endIngress()
                .endLoadBalancer()
                .endStatus()
                .build(),
            manager));
  }

  /** As the API server records it; two others have written something else. */
  private static Service managed(Service service, String ofIngress) {
    List<String> entries = new ArrayList<>();
    Stream.of("kubectl", "a-controller")
        .forEach(it -> entries.add("{manager: " + it + ", fieldsV1: {f:spec: {}}}"));
    if (!ofIngress.isEmpty()) {
      entries.add(
          "{manager: %s, fieldsV1: {f:status: {f:loadBalancer: {f:ingress: {}}}}}"
              .formatted(ofIngress));
    }
    return new ServiceBuilder(service)
        .editMetadata()
        .withManagedFields(
            Serialization.unmarshal(
                    "metadata: {managedFields: [" + String.join(", ", entries) + "]}",
                    Service.class)
                .getMetadata()
                .getManagedFields())
        .endMetadata()
        .build();
  }

  private void store(Service changed) {
    stored =
        new ServiceBuilder(changed)
            .editMetadata()
            .withResourceVersion(Long.toString(++version))
            .endMetadata()
            .build();
    var _ = addresses.service(stored, now);
  }
}
