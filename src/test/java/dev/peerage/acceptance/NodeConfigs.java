package dev.peerage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The cluster's CiliumBGPNodeConfigs, which carry the names of the nodes. */
final class NodeConfigs {
  private static final String SPEC =
      """
      {"bgpInstances": [{"localASN": 65001, "name": "instance-65001", "peers": [
        {"name": "tor-switch", "peerASN": 65000, "peerAddress": "192.168.10.200",
         "peerConfigRef": {"name": "cilium-peer"}}]}]}
      """;
  private static final String OWNERS =
      """
      [{"apiVersion": "cilium.io/v2", "controller": true, "kind": "CiliumBGPClusterConfig",
        "name": "cilium-bgp", "uid": "UID"}]
      """;
  private static final String STATUS =
      """
      {"bgpInstances": [{"localASN": 65001, "name": "instance-65001", "peers": [
        {"establishedTime": "SINCE", "name": "tor-switch", "peerASN": 65000,
         "peerAddress": "192.168.10.200", "peeringState": "established",
         "routeCount": [{"advertised": 1, "afi": "ipv4", "received": 4, "safi": "unicast"}],
         "timers": {"appliedHoldTimeSeconds": 9, "appliedKeepaliveSeconds": 3}}]}]}
      """;

  private final TestGround lab;

  NodeConfigs(TestGround lab) {
    this.lab = lab;
  }

  JsonNode all() {
    return lab.kubectlJson("get", "ciliumbgpnodeconfigs").path("items");
  }

  List<String> names() {
    return names(all());
  }

  private static List<String> names(JsonNode items) {
    List<String> names = new ArrayList<>();
    items.forEach(item -> names.add(item.at("/metadata/name").asText()));
    return names;
  }

  /** Each with its generation, which a change of its spec raises. */
  List<String> generations() {
    List<String> generations = new ArrayList<>();
    for (JsonNode item : all()) {
      generations.add(item.at("/metadata/name") + " " + item.at("/metadata/generation"));
    }
    return generations;
  }

  /** There is one for each node, and each is as in the lab, with the session Established. */
  void assertAsInTheLab(List<String> nodes, String ownersUid) {
    JsonNode items = all();
    assertThat(names(items)).containsExactlyElementsOf(nodes);
    for (JsonNode item : items) {
      assertThat(item.path("spec")).isEqualTo(TestGround.json(SPEC));
      assertThat(item.path("metadata").path("ownerReferences"))
          .isEqualTo(TestGround.json(OWNERS.replace("UID", ownersUid)));
      assertThat(item.path("metadata").has("labels")).isFalse();
      assertThat(item.path("metadata").has("finalizers")).isFalse();
      JsonNode status = item.path("status");
      String since = status.at("/bgpInstances/0/peers/0/establishedTime").asText("missing");
      assertThat(status).isEqualTo(TestGround.json(STATUS.replace("SINCE", since)));
      assertThat(Instant.parse(since)).isBeforeOrEqualTo(Instant.now());
    }
  }
}
