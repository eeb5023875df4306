package dev.peerage.crd.schema;

import static java.util.Map.entry;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What the schemas need and annotations cannot say: formats, list keys, selectors, column order.
 */
final class SchemaDetails {
  private static final Map<String, String> FORMATS =
      Map.ofEntries(
          entry("localASN", "int64"),
          entry("peerASN", "int64"),
          entry("localPreference", "int64"),
          entry("observedGeneration", "int64"),
          entry("localPort", "int32"),
          entry("peerPort", "int32"),
          entry("ebgpMultihop", "int32"),
          entry("connectRetryTimeSeconds", "int32"),
          entry("holdTimeSeconds", "int32"),
          entry("keepAliveTimeSeconds", "int32"),
          entry("restartTimeSeconds", "int32"),
          entry("appliedHoldTimeSeconds", "int32"),
          entry("appliedKeepaliveSeconds", "int32"),
          entry("received", "int32"),
          entry("advertised", "int32"),
          entry("routerID", "ipv4"),
          entry("cidr", "cidr"),
          entry("lastTransitionTime", "date-time"));

  private static final Map<String, String> LIST_KEYS =
      Map.of("bgpInstances", "name", "peers", "name", "conditions", "type");

  private static final List<String> COLUMNS =
      List.of("Disabled", "Conflicting", "IPs Available", "Age");

  private static final JSONSchemaProps LABEL_VALUE =
      new JSONSchemaPropsBuilder()
          .withType("string")
          .withMaxLength(63L)
          .withPattern("^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$")
          .build();

  /** The reference's group and kind in v2alpha1; never read. */
  private static final JSONSchemaProps IGNORED =
      new JSONSchemaPropsBuilder()
          .withType("string")
          .withDescription("Accepted for old manifests, without effect.")
          .build();

  private SchemaDetails() {}

  static CustomResourceDefinition addTo(CustomResourceDefinition crd) {
    for (CustomResourceDefinitionVersion version : crd.getSpec().getVersions()) {
      version
          .getAdditionalPrinterColumns()
          .sort(
              Comparator.comparingInt(
                  (CustomResourceColumnDefinition it) -> COLUMNS.indexOf(it.getName())));
      complete(version.getSchema().getOpenAPIV3Schema(), version.getName());
    }
    return crd;
  }

  private static void complete(JSONSchemaProps schema, String version) {
    if (schema.getProperties() == null) {
      return;
    }
    schema
        .getProperties()
        .forEach((name, property) -> {
          String format = FORMATS.get(name);
          if (format != null) {
            property.setFormat(format);
          }
          if (property.getItems() != null) {
            list(name, property, version);
          }
          complete(property, version);
          if (name.equals("peerConfigRef") && version.equals("v2alpha1")) {
            property.getProperties().put("group", IGNORED);
            property.getProperties().put("kind", IGNORED);
          }
        });
    JSONSchemaProps matchLabels = schema.getProperties().get("matchLabels");
    if (matchLabels != null) {
      schema.setXKubernetesMapType("atomic");
      matchLabels.getAdditionalProperties().setSchema(LABEL_VALUE);
    }
  }

  private static void list(String name, JSONSchemaProps list, String version) {
    String key = LIST_KEYS.get(name);
    if (key != null) {
      list.setXKubernetesListType("map");
      list.setXKubernetesListMapKeys(List.of(key));
    }
    complete(list.getItems().getSchema(), version);
  }
}
