package dev.peerage.lint;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import dev.peerage.yaml.Spelling;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Quantity;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Checks what no custom resource definition describes: of Kubernetes' own kinds, and of the
 * metadata of all, the names of fields and the types of values, the form of labels and annotations,
 * and those values that a plan rests on. The rest is the API server's to judge.
 */
record CoreCheck(SchemaCheck.Faults faults) {
  private static final ObjectMapper TYPES = new ObjectMapper();
  private static final Map<JavaType, Map<String, JavaType>> PROPERTIES = new ConcurrentHashMap<>();
  private static final String NAME = "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
  private static final Pattern LABEL_VALUE = Pattern.compile("(" + NAME + ")?");
  private static final String DNS = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final Pattern QUALIFIED_NAME =
      Pattern.compile("(?=[^/]{1,253}/|[^/]*$)(" + DNS + "(\\." + DNS + ")*/)?" + NAME);

  void object(JsonNode object, ManifestKind kind) {
    fields(object, TYPES.constructType(kind.type()), "");
    switch (kind) {
      case NODE -> node(object);
      case SERVICE -> service(object);
      case ENDPOINT_SLICE -> {
        oneOf(object, "addressType", List.of("IPv4", "IPv6", "FQDN"));
        if (!object.path("addressType").isTextual()) {
          faults.add(
              FindingCode.MISSING_FIELD,
              "addressType",
              "is missing",
              "add it: one of IPv4, IPv6, FQDN");
        }
      }
      case CLUSTER_CONFIG, PEER_CONFIG, ADVERTISEMENT, OVERRIDE, POOL -> {}
    }
  }

  /** The metadata, which all kinds have. */
  void metadata(JsonNode object, ManifestKind kind) {
    keys(object, "labels");
    keys(object, "annotations");
    object
        .at("/metadata/labels")
        .properties()
        .forEach(label -> {
          if (label.getValue().isTextual()
              && !LABEL_VALUE.matcher(label.getValue().textValue()).matches()) {
            faults.add(
                FindingCode.LABEL_FORM,
                "metadata.labels." + label.getKey(),
                Shown.quoted(label.getValue()) + " is no value of a label",
                "use at most 63 letters, digits, '-', '_' and '.', with a letter or digit first and"
                    + " last");
          }
        });
    JavaType metadata = properties(TYPES.constructType(kind.type())).get("metadata");
    if (metadata != null) {
      fields(object.path("metadata"), metadata, "metadata");
    }
  }

  private void keys(JsonNode object, String field) {
    object
        .at("/metadata/" + field)
        .fieldNames()
        .forEachRemaining(key -> {
          // As in the API server: of an annotation the case of the DNS name does not matter.
          String name = field.equals("annotations") ? key.toLowerCase(Locale.ROOT) : key;
          if (!QUALIFIED_NAME.matcher(name).matches()) {
            faults.add(
                FindingCode.LABEL_FORM,
                "metadata." + field + "." + key,
                "'" + key + "' is no qualified name",
                "write it like example.com/name: an optional DNS name and '/', then at most 63"
                    + " letters, digits, '-', '_' and '.'");
          }
        });
  }

  /**
   * Whether a value has the type of its field. The API server decodes strictly: it takes no number
   * or boolean for text, no text for a number, and nothing for a mapping or a list but these.
   */
  private void fields(JsonNode value, JavaType type, String path) {
    if (value.isNull()) {
      return; // As if the field were not there.
    }
    if (type.hasRawClass(String.class)) {
      text(value, path);
    } else if (type.hasRawClass(Integer.class) || type.hasRawClass(Long.class)) {
      wanted(value.isIntegralNumber(), value, path, "a whole number");
    } else if (type.hasRawClass(Boolean.class)) {
      wanted(value.isBoolean(), value, path, "true or false");
    } else if (type.hasRawClass(IntOrString.class)) {
      wanted(
          value.isIntegralNumber() || value.isTextual(), value, path, "a whole number or a name");
    } else if (type.hasRawClass(Quantity.class)) {
      wanted(value.isNumber() || value.isTextual(), value, path, "an amount such as 500m");
    } else if (type.hasRawClass(FieldsV1.class)) {
      return; // What kubectl get -o yaml shows below managedFields has no schema.
    } else if (type.isCollectionLikeType()) {
      if (wanted(value.isArray(), value, path, "a list")) {
        for (int i = 0; i < value.size(); i++) {
          fields(value.get(i), type.getContentType(), path + "[" + i + "]");
        }
      }
    } else if (type.isMapLikeType()) {
      if (wanted(value.isObject(), value, path, "a mapping")) {
        value
            .properties()
            .forEach(entry ->
                fields(entry.getValue(), type.getContentType(), path + "." + entry.getKey()));
      }
    } else if (type.isTypeOrSubTypeOf(KubernetesResource.class)
        && wanted(value.isObject(), value, path, "a mapping")) {
      members(value, type, path);
    }
  }

  private void text(JsonNode value, String path) {
    if (value.isBoolean()) {
      faults.add(
          FindingCode.WRONG_TYPE,
          path,
          "text is wanted, but without quotes Kubernetes reads this as the boolean " + value,
          "put the word in quotes");
    } else {
      wanted(value.isTextual(), value, path, "text" + (value.isNumber() ? " (in quotes)" : ""));
    }
  }

  /** Whether it is as wanted. */
  private boolean wanted(boolean is, JsonNode value, String path, String wanted) {
    if (!is) {
      faults.add(FindingCode.WRONG_TYPE, path, "is " + Shown.kind(value), "write " + wanted);
    }
    return is;
  }

  /** The fields of a type; finding them takes longer than looking at an object that has them. */
  private static Map<String, JavaType> properties(JavaType type) {
    return PROPERTIES.computeIfAbsent(
        type,
        _ -> {
          Map<String, JavaType> known = new HashMap<>();
          for (BeanPropertyDefinition property :
              TYPES.getDeserializationConfig().introspect(type).findProperties()) {
            known.put(property.getName(), property.getPrimaryType());
          }
          return Map.copyOf(known);
        });
  }

  private void members(JsonNode value, JavaType type, String path) {
    Map<String, JavaType> known = properties(type);
    value
        .properties()
        .forEach(field -> {
          String at = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
          JavaType inner = known.get(field.getKey());
          if (inner == null) {
            faults.add(
                FindingCode.UNKNOWN_FIELD,
                at,
                "there is no such field",
                Spelling.remedy(field.getKey(), known.keySet()));
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
          FindingCode.NODE_ADDRESS,
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
      faults.add(
          FindingCode.NODE_ADDRESS,
          path,
          Shown.quoted(value) + " is no IP address",
          "write it like 192.168.10.100");
      return true;
    }
  }

  private void cidr(JsonNode value, String path) {
    if (value.isTextual()) {
      try {
        dev.peerage.bgp.wire.Prefix.parse(value.textValue());
      } catch (IllegalArgumentException e) {
        faults.add(
            FindingCode.NODE_ADDRESS,
            path,
            "no prefix: " + e.getMessage(),
            "write it like 172.20.0.0/24");
      }
    }
  }

  private void service(JsonNode service) {
    oneOf(service, "spec.type", List.of("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"));
    oneOf(service, "spec.externalTrafficPolicy", List.of("Cluster", "Local"));
    oneOf(service, "spec.internalTrafficPolicy", List.of("Cluster", "Local"));
    if (!service.path("spec").isObject()) {
      faults.add(FindingCode.MISSING_FIELD, "spec", "is missing", "add it");
    }
  }

  private void oneOf(JsonNode object, String path, List<String> allowed) {
    JsonNode value = object.at("/" + path.replace('.', '/'));
    if (!value.isMissingNode() && !allowed.contains(value.asText())) {
      faults.add(
          FindingCode.VALUE_NOT_ALLOWED,
          path,
          Shown.quoted(value) + " is not allowed",
          "use one of " + String.join(", ", allowed));
    }
  }
}
