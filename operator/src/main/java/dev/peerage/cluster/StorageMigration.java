package dev.peerage.cluster;

import dev.peerage.kube.FreshList;
import dev.peerage.kube.Patch;
import dev.peerage.kube.Writes;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionSpec;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rewrites objects that may still be stored as {@code v2alpha1} as {@code v2}, once: when all of a
 * kind are, {@code v2alpha1} leaves the {@code status.storedVersions} of its definition, and later
 * runs find nothing to do. Interrupted, it begins again. Each object is patched with nothing, so
 * that fields this version does not know stay. The operator has no rights for it: it runs once,
 * with an account of its own.
 */
public final class StorageMigration {
  private static final Logger log = LoggerFactory.getLogger(StorageMigration.class);
  private static final String FIELD_MANAGER = "peerage-storage-migration";
  private static final String OUTDATED = "v2alpha1";
  private static final String DEFINITIONS =
      "apis/apiextensions.k8s.io/v1/customresourcedefinitions/";

  /** The kinds that Cilium has stored as {@code v2alpha1}, by the name of their definition. */
  private static final List<String> DEFINED =
      List.of(
          "ciliumbgpadvertisements.cilium.io",
          "ciliumbgpclusterconfigs.cilium.io",
          "ciliumbgpnodeconfigoverrides.cilium.io",
          "ciliumbgpnodeconfigs.cilium.io",
          "ciliumbgppeerconfigs.cilium.io",
          "ciliumloadbalancerippools.cilium.io");

  private final KubernetesClient client;
  private final List<String> definitions;

  /** A migration of all kinds that does nothing yet. */
  public StorageMigration(KubernetesClient client) {
    this(client, DEFINED);
  }

  StorageMigration(KubernetesClient client, List<String> definitions) {
    this.client = client;
    this.definitions = definitions;
  }

  /**
   * Migrates what has to be. A kind that cannot be keeps no other one from it.
   *
   * @return the definitions of the kinds that could not be migrated
   */
  public List<String> run() {
    var failed = new ArrayList<String>();
    for (String name : definitions) {
      try {
        migrate(name);
      } catch (RuntimeException | Error e) {
        log.error(
            "Objects of {} stay stored as {}, which is still read; the next run tries again: {}",
            name,
            OUTDATED,
            e instanceof KubernetesClientException refused ? Writes.reason(refused) : e.toString());
        failed.add(name);
      }
    }
    return failed;
  }

  /** Migrates one kind, if it has to be; throws when that fails. */
  void migrate(String name) {
    CustomResourceDefinition definition =
        client.apiextensions().v1().customResourceDefinitions().withName(name).get();
    if (definition == null || !definition.getStatus().getStoredVersions().contains(OUTDATED)) {
      return;
    }
    String storage =
        definition.getSpec().getVersions().stream()
            .filter(CustomResourceDefinitionVersion::getStorage)
            .map(CustomResourceDefinitionVersion::getName)
            .findFirst()
            .orElse(OUTDATED);
    if (storage.equals(OUTDATED)) {
      log.warn(
          "CustomResourceDefinition {} itself still stores {}; apply the chart's definitions, which"
              + " store v2, and run this again",
          name,
          OUTDATED);
      return;
    }
    int rewritten = rewrite(definition, storage);
    List<String> before = definition.getStatus().getStoredVersions();
    List<String> after = before.stream().filter(version -> !version.equals(OUTDATED)).toList();
    var path = "/status/storedVersions";
    Patch.OPERATIONS.write(
        client,
        DEFINITIONS + name + "/status",
        FIELD_MANAGER,
        List.of(
            Map.of("op", "test", "path", path, "value", before),
            Map.of("op", "replace", "path", path, "value", after)));
    log.info("All {} {} are stored as {}", rewritten, name, storage);
  }

  private int rewrite(CustomResourceDefinition definition, String version) {
    CustomResourceDefinitionSpec spec = definition.getSpec();
    MixedOperation<
            GenericKubernetesResource,
            GenericKubernetesResourceList,
            Resource<GenericKubernetesResource>>
        objects =
            client.genericKubernetesResources(
                new ResourceDefinitionContext.Builder()
                    .withGroup(spec.getGroup())
                    .withVersion(version)
                    .withKind(spec.getNames().getKind())
                    .withPlural(spec.getNames().getPlural())
                    .withNamespaced(false)
                    .build());
    String path =
        "apis/" + spec.getGroup() + "/" + version + "/" + spec.getNames().getPlural() + "/";
    List<GenericKubernetesResource> all = FreshList.of(objects, StorageMigration::named).items();
    Parallel.each(
        all,
        it -> {
          String name = it.getMetadata().getName();
          var _ = Writes.unlessOvertaken(() -> rewrite(path + name, it));
        });
    return all.size();
  }

  private static GenericKubernetesResource named(GenericKubernetesResource object) {
    var named = new GenericKubernetesResource();
    named.setMetadata(object.getMetadata());
    return named;
  }

  /** An object that has changed since has been written anew, and so is stored as it should be. */
  private void rewrite(String path, GenericKubernetesResource object) {
    String version = object.getMetadata().getResourceVersion();
    Patch.MERGE.write(
        client, path, FIELD_MANAGER, Map.of("metadata", Map.of("resourceVersion", version)));
  }
}
