package dev.peerage.crd.schema;

import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigOverride;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Generates the chart's CustomResourceDefinitions and compares them with those checked in, or
 * writes them when asked to.
 */
final class ChartCrds {
  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(
          CiliumBGPClusterConfig.class,
          CiliumBGPPeerConfig.class,
          CiliumBGPAdvertisement.class,
          CiliumBGPNodeConfig.class,
          CiliumBGPNodeConfigOverride.class,
          CiliumLoadBalancerIPPool.class,
          dev.peerage.crd.v2alpha1.CiliumBGPClusterConfig.class,
          dev.peerage.crd.v2alpha1.CiliumBGPPeerConfig.class,
          dev.peerage.crd.v2alpha1.CiliumBGPAdvertisement.class,
          dev.peerage.crd.v2alpha1.CiliumBGPNodeConfig.class,
          dev.peerage.crd.v2alpha1.CiliumBGPNodeConfigOverride.class,
          dev.peerage.crd.v2alpha1.CiliumLoadBalancerIPPool.class);

  private ChartCrds() {}

  /** Arguments: a folder to generate into, the chart's folder, whether to update the latter. */
  static void main(String[] args) throws IOException {
    Path generated = Files.createDirectories(Path.of(args[0]));
    Path chart = Files.createDirectories(Path.of(args[1]));
    new CRDGenerator()
        .customResourceClasses(KINDS)
        .withPostProcessor(
            new CRDPostProcessor() {
              @Override
              public HasMetadata process(HasMetadata crd, String specVersion) {
                return SchemaDetails.addTo((CustomResourceDefinition) crd);
              }
            })
        .inOutputDir(generated.toFile())
        .generate();
    var differing = new ArrayList<String>();
    for (Class<? extends HasMetadata> kind : KINDS) {
      String name = HasMetadata.getFullResourceName(kind);
      String text =
          Files.readString(generated.resolve(name + "-v1.yml"))
              .replaceFirst("#.*\n", "# Generated from module crds by 'make crds'.\n");
      Path file = chart.resolve(name + ".yaml");
      if (Files.exists(file) && sameObject(Files.readString(file), text)) {
        continue;
      }
      if (Boolean.parseBoolean(args[2])) {
        Files.writeString(file, text);
      } else if (!differing.contains(file.getFileName().toString())) {
        differing.add(file.getFileName().toString());
      }
    }
    if (!differing.isEmpty()) {
      throw new IllegalStateException(
          "helm/peerage/crds is not what the records say; differing: "
              + String.join(", ", differing)
              + ". Run 'make crds' and commit the result.");
    }
  }

  /** The generator does not always write properties in the same order. */
  private static boolean sameObject(String one, String other) {
    var yaml = new KubernetesSerialization();
    return yaml.unmarshal(one, Map.class).equals(yaml.unmarshal(other, Map.class));
  }
}
