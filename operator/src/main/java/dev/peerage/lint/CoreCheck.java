package dev.peerage.lint;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import dev.peerage.yaml.Spelling;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Quantity;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks what no custom resource definition describes: unknown fields of Kubernetes' own kinds, and
 * those of their values that a plan rests on. The rest is the API server's to judge.
 */
record CoreCheck(SchemaCheck.Faults faults) {
  private static final ObjectMapper TYPES = new ObjectMapper();

  void object(JsonNode object, ManifestKind kind) {
    fields(object, TYPES.constructType(kind.type()), "");
    switch (kind) {
      case NODE -> node(object);
      case SERVICE -> service(object);
      case ENDPOINT_SLICE -> {
        oneOf(object, "addressType", List.of("IPv4", "IPv6", "FQDN"));
        if (!object.path("addressType").isTextual()) {
          faults.add("addressType", "is missing", "add it: one of IPv4, IPv6, FQDN");
        }
      }
      case CLUSTER_CONFIG, PEER_CONFIG, ADVERTISEMENT, OVERRIDE, POOL -> {}
    }
  }

  /** Fields of the metadata that do not exist. */
  void metadata(JsonNode object, ManifestKind kind) {
    BeanDescription bean =
        TYPES.getDeserializationConfig().introspect(TYPES.constructType(kind.type()));
    bean.findProperties().stream()
        .filter(property -> property.getName().equals("metadata"))
        .findFirst()
        .ifPresent(p -> fields(object.path("metadata"), p.getPrimaryType(), "metadata"));
  }

  private void fields(JsonNode value, JavaType type, String path) {
    if (value.isArray() && type.isCollectionLikeType()) {
      for (int i = 0; i < value.size(); i++) {
        fields(value.get(i), type.getContentType(), path + "[" + i + "]");
      }
      return;
    }
    if (!value.isObject()
        || !type.isTypeOrSubTypeOf(KubernetesResource.class)
        || type.hasRawClass(IntOrString.class)
        || type.hasRawClass(Quantity.class)) {
      return;
    }
    Map<String, JavaType> known = new HashMap<>();
    for (BeanPropertyDefinition property :
        TYPES.getDeserializationConfig().introspect(type).findProperties()) {
      known.put(property.getName(), property.getPrimaryType());
    }
    value
        .properties()
        .forEach(field -> {
          String at = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
          JavaType inner = known.get(field.getKey());
          if (inner == null) {
            faults.add(
                at, "there is no such field", Spelling.remedy(field.getKey(), known.keySet()));
          } else {
            fields(field.getValue(), inner, at);
          }
        });
  }

  private void node(JsonNode node) {
    boolean addressed = false;
    JsonNode addresses = node.at("/status/addresses");
    for (int i = 0; i < addresses.size(); i++) {
      if (addresses.get(i).path("type").asText().equals("InternalIP")) {
        addressed |=
            address(addresses.get(i).path("address"), "status.addresses[" + i + "].address");
      }
    }
    if (!addressed) {
      faults.add(
          "status.addresses",
          "no address of type InternalIP, so that the node has no end of a session",
          "add one, as kubectl get node -o yaml shows it");
    }
    cidr(node.at("/spec/podCIDR"), "spec.podCIDR");
    JsonNode cidrs = node.at("/spec/podCIDRs");
    for (int i = 0; i < cidrs.size(); i++) {
      cidr(cidrs.get(i), "spec.podCIDRs[" + i + "]");
    }
  }

  private boolean address(JsonNode value, String path) {
    try {
      InetAddress.ofLiteral(value.asText());
      return true;
    } catch (IllegalArgumentException _) {
      faults.add(path, "'" + value.asText() + "' is no IP address", "write it like 192.168.10.100");
      return true;
    }
  }

  private void cidr(JsonNode value, String path) {
    if (value.isTextual()) {
      try {
        dev.peerage.bgp.wire.Prefix.parse(value.textValue());
      } catch (IllegalArgumentException e) {
        faults.add(path, "no prefix: " + e.getMessage(), "write it like 172.20.0.0/24");
      }
    }
  }

  private void service(JsonNode service) {
    oneOf(service, "spec.type", List.of("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"));
    oneOf(service, "spec.externalTrafficPolicy", List.of("Cluster", "Local"));
    oneOf(service, "spec.internalTrafficPolicy", List.of("Cluster", "Local"));
    if (!service.path("spec").isObject()) {
      faults.add("spec", "is missing", "add it");
    }
  }

  private void oneOf(JsonNode object, String path, List<String> allowed) {
    JsonNode value = object.at("/" + path.replace('.', '/'));
    if (!value.isMissingNode() && !allowed.contains(value.asText())) {
      faults.add(
          path,
          "'" + value.asText() + "' is not allowed",
          "use one of " + String.join(", ", allowed));
    }
  }
}
