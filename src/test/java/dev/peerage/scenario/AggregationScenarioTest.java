package dev.peerage.scenario;

import static dev.peerage.scenario.Yaml.advertisement;
import static dev.peerage.scenario.Yaml.clusterConfig;
import static dev.peerage.scenario.Yaml.endpoint;
import static dev.peerage.scenario.Yaml.instance;
import static dev.peerage.scenario.Yaml.peer;
import static dev.peerage.scenario.Yaml.peerConfig;
import static dev.peerage.scenario.Yaml.pool;
import static dev.peerage.scenario.Yaml.service;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.peerage.interop.Seen;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cluster")
final class AggregationScenarioTest {
  private static final String DUAL_STACK =
      """
      type: LoadBalancer
      ipFamilyPolicy: RequireDualStack
      ipFamilies: [IPv4, IPv6]
      """;

  /** One router in the node's own AS, so that local preferences are seen. */
  private static String oneRouter() {
    return clusterConfig(instance("one", 65001, peer("router", 65001, "10.1.0.11", "all")))
        + peerConfig("all", "");
  }

  @Test
  void aggregatesStandForAllButLocalServices() {
    try (Site site = Site.open("svc-aggregation", List.of("10.244.17.0/24"))) {
      RouterPeer router = site.router(Site.ipv4(11, 65001, 65001));
      String addresses = "{lbipam.cilium.io/ips: \"172.21.17.%1$d, fd21:17::%1$d\"}";
      site.apply(
          pool("172.21.17.0/24", "fd21:17::/120")
              + service("agg-one", addresses.formatted(1), DUAL_STACK)
              + service("agg-two", addresses.formatted(2), DUAL_STACK)
              + service(
                  "agg-local",
                  addresses.formatted(3),
                  DUAL_STACK,
                  "externalTrafficPolicy: Local",
                  "internalTrafficPolicy: Local")
              + endpoint("agg-local", "ipv4", "SITE", true)
              + endpoint("agg-local", "ipv6", "SITE", true)
              + oneRouter());
      site.apply(aggregated(", aggregationLengthIPv4: 24, aggregationLengthIPv6: 120"));
      router.awaitPrefixes("172.21.17.0/24", "fd21:17::/120", "172.21.17.3/32", "fd21:17::3/128");
      site.apply(aggregated(", aggregationLengthIPv4: 16, aggregationLengthIPv6: 64"));
      router.awaitPrefixes("172.21.0.0/16", "fd21:17::/64", "172.21.17.3/32", "fd21:17::3/128");
      site.deleteService("agg-one"); // the aggregate stays for the other
      site.delete("discovery.k8s.io/v1", "EndpointSlice", "default", "agg-local-ipv6");
      router.awaitPrefixes("172.21.0.0/16", "fd21:17::/64", "172.21.17.3/32");
      site.apply(aggregated(""));
      router.awaitPrefixes("172.21.17.2/32", "fd21:17::2/128", "172.21.17.3/32");
    }
  }

  private static String aggregated(String lengths) {
    return advertisement(
        "all",
        "all",
        "{advertisementType: Service, service: {addresses: [LoadBalancerIP]%s}, selector: {matchLabels: {site: SITE}}}"
            .formatted(lengths));
  }

  @Test
  void anExactRouteKeepsItsAttributesBesideAnAggregate() {
    try (Site site = Site.open("svc-aggregation-priority", List.of("10.244.18.0/24"))) {
      RouterPeer router = site.router(Site.ipv4(11, 65001, 65001));
      site.apply(
          pool("172.21.18.0/24")
              + service(
                      "priority-both", "{lbipam.cilium.io/ips: 172.21.18.1}", "type: LoadBalancer")
                  .replace("labels: {site: SITE}", "labels: {site: SITE, exact: also}")
              + service("priority-agg", "{lbipam.cilium.io/ips: 172.21.18.2}", "type: LoadBalancer")
              + oneRouter()
              + advertisement(
                  "exact",
                  "all",
                  """
                  {advertisementType: Service, service: {addresses: [LoadBalancerIP]},
                     selector: {matchLabels: {site: SITE, exact: also}},
                     attributes: {localPreference: 100, communities: {standard: ["65001:100"]}}}
                  """)
              + advertisement(
                  "aggregate",
                  "all",
                  """
                  {advertisementType: Service, service: {addresses: [LoadBalancerIP], aggregationLengthIPv4: 24},
                     selector: {matchLabels: {site: SITE}},
                     attributes: {localPreference: 200, communities: {standard: ["65001:200"]}}}
                  """));
      router.awaitRoutes(
          Map.of(
              "172.21.18.1/32",
              new Seen("10.1.0.2", "", Set.of("65001:100"), Set.of(), 100),
              "172.21.18.0/24",
              new Seen("10.1.0.2", "", Set.of("65001:200"), Set.of(), 200)));
      // The exact statement comes before the aggregates: the first that matches a prefix counts.
      JsonNode policies =
          RouterPeer.json(
              site.peerage(
                  "route-policies",
                  "--api-address=127.0.0.1:17901",
                  "--node=svc-aggregation-priority",
                  "--output=json"));
      assertThat(policies.findValuesAsText("name"))
          .endsWith(
              "peer-router-export",
              "Service-priority-both-default-LoadBalancerIP-ipv4",
              "Service-priority-agg-default-LoadBalancerIP-ipv4-agg-24",
              "Service-priority-both-default-LoadBalancerIP-ipv4-agg-24");
    }
  }
}
