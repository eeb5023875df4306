package dev.peerage.lint;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The validation rules of the definitions that the chart installs. */
final class ChartRules {
  private ChartRules() {}

  /**
   * A rule.
   *
   * @param file the definition's file
   * @param path where in the schema
   * @param text in CEL
   * @param schema of the value that the rule is about
   */
  record Rule(String file, String path, String text, JSONSchemaProps schema) {
    @Override
    public String toString() {
      return file + " " + path + ": " + text;
    }
  }

  static List<Rule> all() throws IOException {
    List<Rule> rules = new ArrayList<>();
    KubernetesSerialization yaml = new KubernetesSerialization();
    try (Stream<Path> files = Files.list(Path.of("../helm/peerage/crds"))) {
      for (Path file : files.sorted().toList()) {
        try (var in = Files.newInputStream(file)) {
          yaml.unmarshal(in, CustomResourceDefinition.class)
              .getSpec()
              .getVersions()
              .forEach(version ->
                  collect(
                      String.valueOf(file.getFileName()),
                      version.getName(),
                      version.getSchema().getOpenAPIV3Schema(),
                      rules));
        }
      }
    }
    return rules;
  }

  private static void collect(String file, String path, JSONSchemaProps schema, List<Rule> rules) {
    schema
        .getXKubernetesValidations()
        .forEach(rule -> rules.add(new Rule(file, path, rule.getRule(), schema)));
    if (schema.getProperties() != null) {
      schema
          .getProperties()
          .forEach((name, property) -> collect(file, path + "." + name, property, rules));
    }
    if (schema.getItems() != null && schema.getItems().getSchema() != null) {
      collect(file, path + "[]", schema.getItems().getSchema(), rules);
    }
    if (schema.getAdditionalProperties() != null
        && schema.getAdditionalProperties().getSchema() != null) {
      collect(file, path + ".*", schema.getAdditionalProperties().getSchema(), rules);
    }
  }
}
