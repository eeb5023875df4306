package dev.peerage.agent;

import dev.peerage.kube.TrimmedStore;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Watches the kinds of Cilium's own IPAM while the API server serves them: the CiliumNode of this
 * node and all CiliumPodIPPools. Whether it does is seen at the two CustomResourceDefinitions,
 * which are watched by name: a cluster without Cilium pays for no repeated question.
 */
final class CiliumKinds implements AutoCloseable {
  private final Kind node;
  private final Kind pools;

  /**
   * Prepares the watches.
   *
   * @param changed called when there is something new; must not block
   */
  CiliumKinds(KubernetesClient client, String nodeName, Runnable changed) {
    node =
        new Kind(client, "CiliumNode", "ciliumnodes", changed, source -> source.withName(nodeName));
    pools = new Kind(client, "CiliumPodIPPool", "ciliumpodippools", changed, source -> source);
  }

  void start() {
    node.start();
    pools.start();
  }

  /** The kinds that are served, or may be, and are not known yet. One thread only. */
  List<String> missing() {
    return Stream.of(node, pools).flatMap(kind -> kind.missing().stream()).toList();
  }

  Optional<GenericKubernetesResource> node() {
    return node.objects().stream().findFirst();
  }

  List<GenericKubernetesResource> pools() {
    return pools.objects();
  }

  @Override
  public void close() {
    node.close();
    pools.close();
  }

  /** The objects of a kind that are wanted. */
  private interface Selection {
    Informable<GenericKubernetesResource> of(
        NonNamespaceOperation<
                GenericKubernetesResource,
                GenericKubernetesResourceList,
                Resource<GenericKubernetesResource>>
            all);
  }

  /** A kind that may come and go: its own watch follows that of its definition. */
  private static final class Kind {
    private static final String GROUP = "cilium.io";
    private static final String SERVED = "served";

    /** What we can read, best first. */
    private static final List<String> VERSIONS = List.of("v2", "v2alpha1");

    private final KubernetesClient client;
    private final String name;
    private final String plural;
    private final Runnable changed;
    private final Selection selection;
    private final Watch<GenericKubernetesResource> definition;
    private Optional<Watch<GenericKubernetesResource>> watch = Optional.empty();
    private String version = "";

    Kind(
        KubernetesClient client,
        String name,
        String plural,
        Runnable changed,
        Selection selection) {
      this.client = client;
      this.name = name;
      this.plural = plural;
      this.changed = changed;
      this.selection = selection;
      this.definition =
          new Watch<>(
              "the CustomResourceDefinition of " + name,
              Watch.Need.OPTIONAL,
              resources(
                      "apiextensions.k8s.io",
                      "v1",
                      "CustomResourceDefinition",
                      "customresourcedefinitions")
                  .withName(plural + "." + GROUP),
              new TrimmedStore<>(Kind::trimmed),
              GenericKubernetesResource::getAdditionalProperties,
              _ -> changed.run());
    }

    private NonNamespaceOperation<
            GenericKubernetesResource,
            GenericKubernetesResourceList,
            Resource<GenericKubernetesResource>>
        resources(String group, String groupVersion, String kind, String kinds) {
      return client.genericKubernetesResources(
          new ResourceDefinitionContext.Builder()
              .withGroup(group)
              .withVersion(groupVersion)
              .withKind(kind)
              .withPlural(kinds)
              .withNamespaced(false)
              .build());
    }

    /** Of a definition with all its schemas, only which versions are served. */
    private static GenericKubernetesResource trimmed(GenericKubernetesResource definition) {
      var trimmed = new GenericKubernetesResource();
      trimmed.setMetadata(Trimmed.metadata(definition));
      trimmed.setAdditionalProperty(
          SERVED, VERSIONS.stream().filter(candidate -> serves(definition, candidate)).toList());
      return trimmed;
    }

    private static boolean serves(GenericKubernetesResource definition, String candidate) {
      return definition.get("spec", "versions") instanceof List<?> versions
          && versions.stream()
              .anyMatch(each ->
                  each instanceof Map<?, ?> entry
                      && candidate.equals(entry.get("name"))
                      && Boolean.TRUE.equals(entry.get(SERVED)));
    }

    void start() {
      definition.start(changed);
    }

    synchronized Optional<String> missing() {
      if (!definition.isKnown()) {
        return Optional.of(definition.kind());
      }
      follow();
      return watch.filter(each -> !each.isKnown()).map(Watch::kind);
    }

    private void follow() {
      String served = served();
      if (!served.equals(version)) {
        watch.ifPresent(Watch::close);
        version = served;
        watch = served.isEmpty() ? Optional.empty() : Optional.of(watch(served));
        watch.ifPresent(each -> each.start(changed));
      }
    }

    private String served() {
      return definition.list().stream()
          .flatMap(each -> each.<List<String>>get(SERVED).stream())
          .findFirst()
          .orElse("");
    }

    private Watch<GenericKubernetesResource> watch(String served) {
      return new Watch<>(
          name,
          Watch.Need.OPTIONAL,
          selection.of(resources(GROUP, served, name, plural)),
          new TrimmedStore<>(UnaryOperator.identity()),
          object -> Arrays.asList(object.getMetadata().getLabels(), object.get("spec")),
          _ -> changed.run());
    }

    synchronized List<GenericKubernetesResource> objects() {
      return watch.map(Watch::list).orElse(List.of());
    }

    synchronized void close() {
      definition.close();
      watch.ifPresent(Watch::close);
    }
  }
}
