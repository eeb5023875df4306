package dev.peerage.lbipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What Services do not get, and the words that they get instead, on a real API server. */
@Tag("cluster")
final class RefusalTest {
  private static final ApiServer SERVER = ApiServer.start();
  private static final KubernetesClient CLIENT = SERVER.client();

  private static final String OBJECTS =
      """
      apiVersion: cilium.io/v2
      kind: CiliumLoadBalancerIPPool
      metadata: {name: p}
      spec: {blocks: [{start: 10.9.0.200, stop: 10.9.0.220}, {cidr: 'fd00:9::/120'}]}
      ---
      """
          + service(
              "dns-udp", "sharing-key: group", "53, protocol: UDP}], loadBalancerIP: 10.9.0.210")
          + service("dns-tcp", "sharing-key: group, lbipam.cilium.io/ips: 10.9.0.210", "53}]")
          + service("web", "sharing-key: group", "80}]")
          + service("no-key", "ips: 10.9.0.210", "67, protocol: UDP}]")
          + service("same-port", "sharing-key: group, lbipam.cilium.io/ips: 10.9.0.210", "53}]")
          + service("two-families", "ips: 'fd00:9::7,10.9.0.211'", "80}]")
          + service(
              "pods-a",
              "sharing-key: pods, lbipam.cilium.io/sharing-permit-different-pods: 'true'",
              "80}], externalTrafficPolicy: Local, selector: {app: a}, loadBalancerIP: 10.9.0.220")
          + service(
              "pods-b",
              "sharing-key: pods, lbipam.cilium.io/sharing-permit-different-pods: 'true'",
              "81}], externalTrafficPolicy: Local, selector: {app: b}, loadBalancerIP: 10.9.0.220")
          + service(
              "pods-c",
              "sharing-key: pods, lbipam.cilium.io/sharing-permit-different-pods: 'yes'",
              "82}], externalTrafficPolicy: Local, selector: {app: c}, loadBalancerIP: 10.9.0.220");

  /** Created within a second or two: what is asked here does not depend on who is first. */
  @Test
  void eachServiceGetsWhatItCanAndReadsWhyNotTheRest() {
    SERVER.apply(OBJECTS);
    try (var _ = IpamOperator.alone(SERVER)) {
      awaitVerdict("dns-udp", "True", "");
      awaitVerdict("dns-tcp", "True", "");
      awaitVerdict("web", "True", "");
      for (var name : new String[] {"dns-udp", "dns-tcp", "web"}) {
        assertThat(ServiceHistory.addresses(get(name))).containsExactly("10.9.0.210");
      }
      awaitVerdict("no-key", "already_allocated", "belongs to default/dns-tcp, default/dns-udp");
      awaitVerdict("no-key", "already_allocated", "default/no-key has no sharing key");
      awaitVerdict("same-port", "already_allocated_incompatible_service", "both use port TCP/53");
      awaitVerdict("two-families", "ip_family_mismatch", "fd00:9::7 is IPv6");
      assertThat(ServiceHistory.addresses(get("two-families"))).containsExactly("10.9.0.211");

      awaitVerdict("pods-b", "True", "");
      assertThat(ServiceHistory.addresses(get("pods-a"))).containsExactly("10.9.0.220");
      assertThat(ServiceHistory.addresses(get("pods-b"))).containsExactly("10.9.0.220");
      awaitVerdict("pods-c", "already_allocated_incompatible_service", "the selectors differ");
      await("an Event")
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(() ->
              assertThat(CLIENT.events().v1().events().inNamespace("default").list().getItems())
                  .filteredOn(it -> "pods-c".equals(it.getRegarding().getName()))
                  .singleElement()
                  .returns("UnreadableAnnotation", Event::getReason));
    }
  }

  private static String service(String name, String annotation, String ports) {
    return """
    apiVersion: v1
    kind: Service
    metadata: {name: %s, namespace: default, annotations: {lbipam.cilium.io/%s}}
    spec: {type: LoadBalancer, ports: [{port: %s}
    ---
    """
        .formatted(name, annotation, ports);
  }

  private static Service get(String name) {
    return CLIENT.services().inNamespace("default").withName(name).get();
  }

  private static void awaitVerdict(String name, String reason, String says) {
    await(name + ": " + reason + ": " + says)
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() ->
            assertThat(
                    condition(name)
                        .map(it -> it.getStatus() + " " + it.getReason() + " " + it.getMessage()))
                .hasValueSatisfying(text -> assertThat(text).contains(reason + " ", says)));
  }

  private static Optional<Condition> condition(String name) {
    return Optional.ofNullable(get(name).getStatus().getConditions()).stream()
        .flatMap(Collection::stream)
        .filter(it -> it.getType().equals("cilium.io/IPAMRequestSatisfied"))
        .findFirst();
  }
}
