package dev.peerage.node;

import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Kubernetes objects written as YAML documents. */
final class Manifests {
  private static final KubernetesSerialization YAML = new KubernetesSerialization();
  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of(
          "Node", Node.class,
          "Service", Service.class,
          "EndpointSlice", EndpointSlice.class,
          "Secret", Secret.class,
          "CiliumBGPNodeConfig", CiliumBGPNodeConfig.class,
          "CiliumBGPPeerConfig", CiliumBGPPeerConfig.class,
          "CiliumBGPAdvertisement", CiliumBGPAdvertisement.class);

  private final List<HasMetadata> objects = new ArrayList<>();

  /** Reads the documents of all texts. */
  static Manifests of(String... texts) {
    Manifests manifests = new Manifests();
    for (String text : texts) {
      for (String document : text.split("(?m)^---$")) {
        if (!document.isBlank()) {
          manifests.add(document);
        }
      }
    }
    return manifests;
  }

  private void add(String document) {
    Object kind = YAML.unmarshal(document, Map.class).get("kind");
    Class<? extends HasMetadata> type = KINDS.get(String.valueOf(kind));
    if (type == null) {
      throw new IllegalArgumentException("unknown kind in " + document);
    }
    objects.add(YAML.unmarshal(document, type));
  }

  NodeSnapshot snapshot() {
    return snapshot(Surroundings.NONE);
  }

  NodeSnapshot snapshot(Surroundings surroundings) {
    return new NodeSnapshot(
        all(Node.class).getFirst(),
        all(CiliumBGPNodeConfig.class),
        all(CiliumBGPPeerConfig.class),
        all(CiliumBGPAdvertisement.class),
        all(Service.class),
        all(EndpointSlice.class),
        surroundings);
  }

  <T extends HasMetadata> List<T> all(Class<T> type) {
    return objects.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** The plan for these objects. */
  static NodePlan plan(String... texts) {
    return NodePlanner.plan(of(texts).snapshot());
  }
}
