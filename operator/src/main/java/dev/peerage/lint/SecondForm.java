package dev.peerage.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes in today's API what an object of Cilium's first one meant. */
final class SecondForm {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final String name;
  private final List<ObjectNode> objects = new ArrayList<>();
  private final List<ObjectNode> peerConfigs = new ArrayList<>();

  private SecondForm(String name) {
    this.name = name;
  }

  /** A CiliumBGPPeeringPolicy, or another object with {@code spec.virtualRouters}, as YAML. */
  static String ofRouters(JsonNode object) {
    return new SecondForm(object.at("/metadata/name").asText("bgp")).routers(object.path("spec"));
  }

  /** A pool with {@code spec.cidrs}, as YAML. */
  static String ofPool(JsonNode object) {
    ObjectNode pool =
        object("CiliumLoadBalancerIPPool", object.at("/metadata/name").asText("pool"));
    ObjectNode spec = pool.putObject("spec");
    ArrayNode blocks = spec.putArray("blocks");
    object.at("/spec/cidrs").forEach(entry -> blocks.addObject().set("cidr", entry.path("cidr")));
    copy(object.path("spec"), spec, "serviceSelector");
    if (object.at("/spec/disabled").asBoolean()) {
      spec.put("disabled", true);
    }
    return yaml(List.of(pool));
  }

  private String routers(JsonNode old) {
    ObjectNode cluster = object("CiliumBGPClusterConfig", name);
    ObjectNode spec = cluster.putObject("spec");
    if (old.has("node")) {
      spec.putObject("nodeSelector")
          .putObject("matchLabels")
          .set("kubernetes.io/hostname", old.path("node"));
    } else {
      copy(old, spec, "nodeSelector");
    }
    ArrayNode instances = spec.putArray("bgpInstances");
    JsonNode routers = old.path("virtualRouters");
    for (JsonNode router : routers) {
      String asn = router.path("localASN").asText();
      String label = routers.size() == 1 ? name : name + "-" + asn;
      boolean announces = advertisement(router, label);
      ObjectNode instance = instances.addObject().put("name", "instance-" + asn);
      copy(router, instance, "localASN");
      ArrayNode peers = instance.putArray("peers");
      router
          .path("neighbors")
          .forEach(neighbor -> peer(neighbor, peers.addObject(), announces ? label : ""));
    }
    objects.addAll(0, peerConfigs);
    objects.addFirst(cluster);
    return yaml(objects);
  }

  private void peer(JsonNode neighbor, ObjectNode peer, String label) {
    String address = neighbor.path("peerAddress").asText().replaceFirst("/.*", "");
    peer.put("name", "peer-" + neighbor.path("peerASN").asText() + "-" + address);
    copy(neighbor, peer, "peerASN");
    peer.put("peerAddress", address);
    ObjectNode config = peerConfig(neighbor, address.contains(":"), label);
    String of =
        peerConfigs.stream()
            .filter(each -> each.get("spec").equals(config))
            .map(each -> each.at("/metadata/name").asText())
            .findFirst()
            .orElseGet(() -> {
              String called = peerConfigs.isEmpty() ? name : name + "-" + (peerConfigs.size() + 1);
              ObjectNode made = object("CiliumBGPPeerConfig", called);
              made.set("spec", config);
              peerConfigs.add(made);
              return called;
            });
    peer.putObject("peerConfigRef").put("name", of);
  }

  private static ObjectNode peerConfig(JsonNode neighbor, boolean ipv6, String label) {
    ObjectNode spec = JSON.objectNode();
    if (neighbor.has("eBGPMultihopTTL")) {
      spec.set("ebgpMultihop", neighbor.path("eBGPMultihopTTL"));
    }
    if (neighbor.has("peerPort")) {
      spec.putObject("transport").set("peerPort", neighbor.path("peerPort"));
    }
    copy(neighbor, spec, "authSecretRef", "gracefulRestart");
    ObjectNode timers = JSON.objectNode();
    copy(neighbor, timers, "connectRetryTimeSeconds", "holdTimeSeconds", "keepAliveTimeSeconds");
    if (!timers.isEmpty()) {
      spec.set("timers", timers);
    }
    ArrayNode families = spec.putArray("families");
    if (neighbor.path("families").isEmpty()) {
      family(families, ipv6 ? "ipv6" : "ipv4", "unicast", label);
    }
    neighbor
        .path("families")
        .forEach(
            each -> family(families, each.path("afi").asText(), each.path("safi").asText(), label));
    return spec;
  }

  private static void family(ArrayNode families, String afi, String safi, String label) {
    ObjectNode family = families.addObject().put("afi", afi).put("safi", safi);
    if (!label.isEmpty()) {
      family.putObject("advertisements").putObject("matchLabels").put("advertise", label);
    }
  }

  /** Whether the router announces anything. */
  private boolean advertisement(JsonNode router, String label) {
    ObjectNode advertisement = object("CiliumBGPAdvertisement", label);
    ((ObjectNode) advertisement.get("metadata")).putObject("labels").put("advertise", label);
    ArrayNode entries = advertisement.putObject("spec").putArray("advertisements");
    if (router.path("exportPodCIDR").asBoolean()) {
      entries.addObject().put("advertisementType", "PodCIDR");
    }
    if (router.has("serviceSelector")) {
      ObjectNode entry = entries.addObject().put("advertisementType", "Service");
      JsonNode addresses = router.path("serviceAdvertisements");
      entry
          .putObject("service")
          .set(
              "addresses",
              addresses.isEmpty() ? JSON.arrayNode().add("LoadBalancerIP") : addresses);
      entry.set("selector", router.get("serviceSelector"));
    }
    if (router.has("podIPPoolSelector")) {
      entries
          .addObject()
          .put("advertisementType", "CiliumPodIPPool")
          .set("selector", router.get("podIPPoolSelector"));
    }
    if (entries.isEmpty()) {
      return false;
    }
    objects.add(advertisement);
    return true;
  }

  private static ObjectNode object(String kind, String name) {
    ObjectNode object = JSON.objectNode().put("apiVersion", "cilium.io/v2").put("kind", kind);
    object.putObject("metadata").put("name", name);
    return object;
  }

  private static void copy(JsonNode from, ObjectNode to, String... fields) {
    for (String field : fields) {
      if (from.has(field)) {
        to.set(field, from.get(field));
      }
    }
  }

  private static String yaml(List<ObjectNode> objects) {
    var serialization = new KubernetesSerialization();
    return objects.stream().map(serialization::asYaml).collect(Collectors.joining());
  }
}
