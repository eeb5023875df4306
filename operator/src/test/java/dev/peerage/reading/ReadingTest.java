package dev.peerage.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServiceList;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients make of the API server's words; that nothing is missing is TrimmedFieldsTest's. */
class ReadingTest {
  private static final String SERVICE =
      """
      "metadata":{"name":"web","namespace":"shop","uid":"u1","resourceVersion":"17","generation":3,
       "labels":{"app":"web"},"annotations":{"a":"{\\"b\\":[1]}"},"managedFields":[{"manager":"m","fieldsV1":{"f:spec":{}}}]},
      "spec":{"type":"LoadBalancer","clusterIP":"10.96.0.7","clusterIPs":["10.96.0.7"],"ports":[{"port":80,"targetPort":"http"}],
       "selector":{"app":"web"},"sessionAffinityConfig":{"clientIP":{"timeoutSeconds":10}}},
      "status":{"loadBalancer":{"ingress":[{"ip":"172.16.1.1","ipMode":"VIP","ports":[{"port":80,"protocol":"TCP"}]}]},
       "conditions":[{"type":"x","status":"True"}]}
      """;

  private final KubernetesSerialization plans = Reading.ofAgent();

  private WatchEvent event(String object) {
    return plans.unmarshal("{\"type\":\"ADDED\",\"object\":" + object + "}", WatchEvent.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"kind\":\"Service\",\"apiVersion\":\"v1\",%s}",
        "{\"apiVersion\":\"v1\",\"kind\":\"Service\",%s}",
        "{%s,\"kind\":\"Service\",\"apiVersion\":\"v1\"}",
        "{\"kind\":\"Service\",%s,\"apiVersion\":\"v1\"}"
      })
  void aServiceIsReadWhereverItsKindStands(String form) {
    WatchEvent event = event(form.formatted(SERVICE));
    assertThat(event.getType()).isEqualTo("ADDED");
    assertThat(event.getObject())
        .isEqualTo(
            new ServiceBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace("shop")
                .withUid("u1")
                .withResourceVersion("17")
                .withLabels(Map.of("app", "web"))
                .endMetadata()
                .withNewSpec()
                .withType("LoadBalancer")
                .withClusterIP("10.96.0.7")
                .withClusterIPs("10.96.0.7")
                .endSpec()
                .withNewStatus()
                .withNewLoadBalancer()
                .addNewIngress()
                .withIp("172.16.1.1")
                .withIpMode("VIP")
                .endIngress()
                .endLoadBalancer()
                .endStatus()
                .build());
  }

  @Test
  void listsAreReadLikeEvents() {
    ServiceList list =
        plans.unmarshal(
            "{\"kind\":\"ServiceList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"20\",\"continue\":\"c\"},"
                + "\"items\":[{%s},{%s}]}".formatted(SERVICE, SERVICE),
            ServiceList.class);
    assertThat(list.getMetadata().getResourceVersion()).isEqualTo("20");
    assertThat(list.getMetadata().getContinue()).isEqualTo("c");
    assertThat(list.getItems())
        .hasSize(2)
        .containsOnly(
            (Service)
                event("{\"kind\":\"Service\",\"apiVersion\":\"v1\"," + SERVICE + "}").getObject());
  }

  @Test
  void ofASliceNodesAndConditionsAreRead() {
    WatchEvent event =
        event(
            """
            {"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","metadata":{"name":"web-1","namespace":"shop"},
             "addressType":"IPv4","endpoints":[
              {"addresses":["10.1.0.1"],"conditions":{"ready":true,"serving":null},"nodeName":"n1","targetRef":{"kind":"Pod"}},
              {"addresses":["10.1.0.2"]}],"ports":[{"port":80}]}
            """);
    List<Endpoint> endpoints = ((EndpointSlice) event.getObject()).getEndpoints();
    assertThat(endpoints).hasSize(2);
    assertThat(endpoints.getFirst().getNodeName()).isEqualTo("n1");
    assertThat(endpoints.getFirst().getConditions().getReady()).isTrue();
    assertThat(endpoints.getFirst().getConditions().getServing()).isNull();
    assertThat(endpoints.getFirst().getAddresses()).isEmpty();
    assertThat(endpoints.get(1)).isEqualTo(new Endpoint());
  }

  @Test
  void nothingWhereNothingIs() {
    assertThat(
            event(
                    """
                    {"kind":"Service","apiVersion":"v1","metadata":{"name":"web","labels":null},
                     "spec":{"externalIPs":null,"type":null},"status":null}
                    """)
                .getObject())
        .isEqualTo(
            new ServiceBuilder()
                .withNewMetadata()
                .withName("web")
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .withNewStatus()
                .endStatus()
                .build());
  }

  @Test
  void bookmarksAndErrorsAreThemselves() {
    WatchEvent bookmark =
        plans.unmarshal(
            """
            {"type":"BOOKMARK","object":{"kind":"Service","apiVersion":"v1","metadata":{"resourceVersion":"99"}}}
            """,
            WatchEvent.class);
    assertThat(((Service) bookmark.getObject()).getMetadata().getResourceVersion()).isEqualTo("99");
    WatchEvent error =
        plans.unmarshal(
            """
            {"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","reason":"Expired","code":410}}
            """,
            WatchEvent.class);
    assertThat(error.getObject()).isInstanceOf(Status.class);
    assertThat(((Status) error.getObject()).getCode()).isEqualTo(410);
  }

  @Test
  void otherKindsAreReadWhole() {
    WatchEvent config =
        event(
            """
            {"apiVersion":"cilium.io/v2","kind":"CiliumBGPNodeConfig","metadata":{"name":"n1","generation":4},
             "spec":{"bgpInstances":[{"name":"main","localASN":65001}]}}
            """);
    assertThat(((CiliumBGPNodeConfig) config.getObject()).getSpec().bgpInstances()).hasSize(1);
    assertThat(((CiliumBGPNodeConfig) config.getObject()).getMetadata().getGeneration())
        .isEqualTo(4);
    WatchEvent unknown =
        event(
            """
            {"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"t"},"spec":{"a":[1,{"b":null}]}}
            """);
    assertThat(unknown.getObject()).isInstanceOf(GenericKubernetesResource.class);
    assertThat(((GenericKubernetesResource) unknown.getObject()).getMetadata().getName())
        .isEqualTo("t");
    assertThat(((GenericKubernetesResource) unknown.getObject()).<Object>get("spec", "a", 0))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"spec\":[]}",
        "{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"spec\":{\"type\":{}}}",
        "{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"spec\":{\"externalIPs\":[null]}}",
        "{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"spec\":{\"externalIPs\":\"x\"}}",
        "{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"spec\":{",
        "{\"kind\":17}"
      })
  void whatIsNoObjectOfTheKindIsRefused(String object) {
    assertThatThrownBy(() -> event(object)).isInstanceOf(KubernetesClientException.class);
  }
}
