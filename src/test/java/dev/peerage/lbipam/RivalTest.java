package dev.peerage.lbipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceList;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.ServiceResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Other controllers write the status of Services, on a real API server. */
@Tag("cluster")
final class RivalTest {
  private static final ApiServer SERVER = ApiServer.start();
  private static final KubernetesClient CLIENT = SERVER.client();
  private static final String NAMESPACE = "rivals";
  private static final String WIPE = "{\"status\": {\"loadBalancer\": {\"ingress\": null}}}";
  private static final String WIPE_ALL = "{\"status\": null}";
  private static final String OTHER =
      "{\"status\": {\"loadBalancer\": {\"ingress\": [{\"ip\": \"203.0.113.7\"}]}}}";

  static {
    CLIENT
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
        .create();
  }

  @AfterEach
  void nothingIsLeft() {
    var _ = CLIENT.services().inNamespace(NAMESPACE).delete();
    SERVER.apply(pool("blocks: []"));
  }

  @Test
  void aServiceKeepsItsAddressWhateverIsWrittenIntoItsStatus() {
    SERVER.apply(pool("blocks: [{cidr: 10.0.0.0/29}]"));
    try (var _ = IpamOperator.alone(SERVER)) {
      create("a");
      awaitAddresses("a", "10.0.0.0");
      create("b");
      awaitAddresses("b", "10.0.0.1");
      var _ = services().withName("a").delete();
      for (var patch : List.of(WIPE, OTHER, WIPE_ALL)) {
        write("b", patch);
        awaitAddresses("b", "10.0.0.1");
        awaitVerdict("b", "True satisfied");
      }
    }
  }

  @Test
  void noneThatWaitsGetsItAndARestartForgetsNothing() {
    SERVER.apply(pool("blocks: [{start: 10.0.0.1}]"));
    try (var _ = IpamOperator.alone(SERVER)) {
      create("a");
      awaitAddresses("a", "10.0.0.1");
      create("waits");
      awaitVerdict("waits", "False out_of_ips");
      write("a", WIPE_ALL);
      awaitAddresses("a", "10.0.0.1");
    }
    for (var patch : List.of(WIPE, WIPE_ALL, OTHER)) {
      write("a", patch);
      try (var _ = IpamOperator.alone(SERVER)) {
        awaitAddresses("a", "10.0.0.1");
        assertThat(addresses("waits")).isEmpty();
      }
    }
  }

  @Test
  void aFightIsToldWithTheNameOfTheOtherOne() {
    SERVER.apply(pool("blocks: [{cidr: 10.0.0.0/29}]"));
    try (var _ = IpamOperator.alone(SERVER)) {
      create("a");
      awaitAddresses("a", "10.0.0.0");
      for (var times = 0; times < 3; times++) {
        write("a", OTHER);
        awaitAddresses("a", "10.0.0.0");
      }
      var contested = condition("a", "peerage.dev/StatusContested");
      assertThat(contested)
          .map(Condition::getMessage)
          .hasValueSatisfying(text -> assertThat(text).contains("field manager a-rival"));
      await("an Event in the Service's namespace")
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(() ->
              assertThat(CLIENT.events().v1().events().inNamespace(NAMESPACE).list().getItems())
                  .filteredOn(it -> "a".equals(it.getRegarding().getName()))
                  .singleElement()
                  .returns("StatusOverwritten", Event::getReason)
                  .returns(true, it -> it.getNote().contains("field manager a-rival")));
    }
  }

  @Test
  void whatAnotherLoadBalancerHasWrittenStays() {
    SERVER.apply(
        pool("blocks: [{cidr: 10.0.0.0/29}], serviceSelector: {matchLabels: {ours: 'yes'}}"));
    create("other");
    write("other", OTHER);
    create(
        "foreign",
        "{loadBalancerClass: example.com/other, ports: [{port: 80}], type: LoadBalancer}");
    write("foreign", OTHER.replace("203.0.113.7", "10.0.0.0"));
    var before = versions("other", "foreign");
    try (var _ = IpamOperator.alone(SERVER)) {
      create("later");
      awaitVerdict("later", "False no_pool");
      label("later", "yes");
      awaitAddresses("later", "10.0.0.1"); // The first one is in a status.
      label("later", "no");
      awaitAddresses("later");
      write("later", OTHER);
      await("no word of ours").until(() -> conditions("later").isEmpty());
      assertThat(addresses("later")).containsExactly("203.0.113.7");
      assertThat(versions("other", "foreign")).isEqualTo(before);

      label("other", "yes");
      awaitAddresses("other", "10.0.0.1");
    }
  }

  private static String pool(String spec) {
    return """
    apiVersion: cilium.io/v2
    kind: CiliumLoadBalancerIPPool
    metadata: {name: p}
    spec: {%s}
    """
        .formatted(spec);
  }

  private static void create(String name) {
    create(name, "{type: LoadBalancer, ports: [{port: 80}]}");
  }

  private static void create(String name, String spec) {
    SERVER.apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: %s, namespace: %s}
        spec: %s
        """
            .formatted(name, NAMESPACE, spec));
  }

  /** Another controller writes the status, under its own name. */
  private static void write(String name, String patch) {
    var context =
        new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withFieldManager("a-rival")
            .build();
    var _ = services().withName(name).subresource("status").patch(context, patch);
  }

  private static void label(String name, String value) {
    var _ =
        services()
            .withName(name)
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"metadata\": {\"labels\": {\"ours\": \"%s\"}}}".formatted(value));
  }

  private static NonNamespaceOperation<Service, ServiceList, ServiceResource<Service>> services() {
    return CLIENT.services().inNamespace(NAMESPACE);
  }

  private static List<String> addresses(String name) {
    return ServiceHistory.addresses(services().withName(name).get());
  }

  private static List<Condition> conditions(String name) {
    return Optional.ofNullable(services().withName(name).get().getStatus().getConditions()).stream()
        .flatMap(Collection::stream)
        .toList();
  }

  private static Optional<Condition> condition(String name, String type) {
    return conditions(name).stream().filter(it -> it.getType().equals(type)).findFirst();
  }

  private static List<String> versions(String... names) {
    return List.of(names).stream()
        .map(name -> services().withName(name).get().getMetadata().getResourceVersion())
        .toList();
  }

  private static void awaitAddresses(String name, String... addresses) {
    await(name + " has " + List.of(addresses))
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() -> assertThat(addresses(name)).containsExactly(addresses));
  }

  private static void awaitVerdict(String name, String verdict) {
    await(name + " is " + verdict)
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() ->
            assertThat(condition(name, "cilium.io/IPAMRequestSatisfied"))
                .map(it -> it.getStatus() + " " + it.getReason())
                .contains(verdict));
  }
}
