package dev.peerage.lint;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The schemas of the custom resources, from the definitions that the chart installs. */
final class CrdSchemas {
  private final Map<String, JSONSchemaProps> schemas = new HashMap<>();

  private final Set<ManifestKind> read = EnumSet.noneOf(ManifestKind.class);
  private final KubernetesSerialization yaml = new KubernetesSerialization();

  /** Reads the definition that is packed with this program. */
  private void read(ManifestKind kind) {
    String resource = "/crds/" + kind.kind().toLowerCase(Locale.ROOT) + "s.cilium.io.yaml";
    try (InputStream in = CrdSchemas.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing from this build");
      }
      CustomResourceDefinition definition = yaml.unmarshal(in, CustomResourceDefinition.class);
      for (CustomResourceDefinitionVersion version : definition.getSpec().getVersions()) {
        schemas.put(
            definition.getSpec().getGroup() + "/" + version.getName() + " " + kind.kind(),
            version.getSchema().getOpenAPIV3Schema());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The schema of a kind, which is read when it is first asked for. */
  JSONSchemaProps of(String apiVersion, ManifestKind kind) {
    if (read.add(kind)) {
      read(kind);
    }
    JSONSchemaProps schema = schemas.get(apiVersion + " " + kind.kind());
    if (schema == null) {
      throw new IllegalStateException("no schema for " + apiVersion + " " + kind.kind());
    }
    return schema;
  }
}
