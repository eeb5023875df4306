package dev.peerage.lint;

import dev.peerage.announce.OwnNode;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPClusterConfigSpec;
import dev.peerage.crd.v2.LabelSelector;
import dev.peerage.lint.Manifests.Key;
import dev.peerage.lint.Manifests.Manifest;
import dev.peerage.peering.NodeSettings;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Manifests with what a cluster has beside them: a Node where the files have none.
 *
 * @param manifests to plan with
 * @param real whether the Nodes are those of the files
 * @param announcing the Nodes to decide about Services on: one of each sort, as all of a sort
 *     decide alike but for their own endpoints
 */
record AssumedCluster(Manifests manifests, boolean real, Predicate<String> announcing) {
  private static final String ANY_NODE = "any-node";
  private static final String SELECTED = "peerage.dev/selected-as";

  static AssumedCluster of(Manifests manifests) {
    TreeMap<Key, Manifest> objects = new TreeMap<>(manifests.objects());
    boolean real = !manifests.all(Node.class).isEmpty();
    if (!real) {
      Map<LabelSelector, String> names = new HashMap<>();
      objects.replaceAll((_, manifest) -> selectingOne(manifest, names));
      names.put(new LabelSelector(Map.of(), List.of()), ANY_NODE);
      for (String name : names.values()) {
        objects.put(new Key("Node", "", name), new Manifest(YamlDocument.none(), anyNode(name)));
      }
    }
    var assumed = new Manifests(objects);
    return new AssumedCluster(assumed, real, oneOfEachSort(assumed)::contains);
  }

  // Files without Nodes are meant for a cluster that has some: one for each selector. Whether one
  // Node could have the labels of two is not known, but what selects all selects each of them.
  private static Manifest selectingOne(Manifest manifest, Map<LabelSelector, String> names) {
    if (!(manifest.object() instanceof CiliumBGPClusterConfig config)
        || config.getSpec().nodeSelector() == null
        || config.getSpec().nodeSelector().matches(Map.of())) {
      return manifest;
    }
    String name =
        names.computeIfAbsent(
            config.getSpec().nodeSelector(), _ -> ANY_NODE + "-" + (names.size() + 1));
    var selectsOne = new CiliumBGPClusterConfig();
    selectsOne.setMetadata(config.getMetadata());
    selectsOne.setSpec(
        new CiliumBGPClusterConfigSpec(
            new LabelSelector(Map.of(SELECTED, name), List.of()), config.getSpec().bgpInstances()));
    return new Manifest(manifest.document(), selectsOne);
  }

  private static Node anyNode(String name) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels(SELECTED, name)
        .endMetadata()
        .withNewSpec()
        .withPodCIDR("192.0.2.0/24")
        .withPodCIDRs("192.0.2.0/24", "2001:db8::/64")
        .endSpec()
        .withNewStatus()
        .addNewAddress("198.51.100.1", "InternalIP")
        .addNewAddress("2001:db8:1::1", "InternalIP")
        .endStatus()
        .build();
  }

  /** What the outcome of a decision about a Service can depend on, but for local endpoints. */
  private record Sort(boolean excluded, Set<Boolean> families, List<String> selectedBy) {}

  private static Set<String> oneOfEachSort(Manifests manifests) {
    List<CiliumBGPClusterConfig> configs = manifests.all(CiliumBGPClusterConfig.class);
    Set<Sort> seen = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (Node node : manifests.all(Node.class)) {
      if (seen.add(sort(node, configs))) {
        names.add(node.getMetadata().getName());
      }
    }
    return names;
  }

  private static Sort sort(Node node, List<CiliumBGPClusterConfig> configs) {
    Map<String, String> labels =
        Objects.requireNonNullElse(node.getMetadata().getLabels(), Map.of());
    Set<Boolean> families = new HashSet<>();
    for (NodeAddress address : node.getStatus().getAddresses()) {
      families.add(address.getAddress().contains(":"));
    }
    return new Sort(
        OwnNode.of(node, NodeSettings.DEFAULT).excluded(),
        families,
        configs.stream()
            .filter(config ->
                config.getSpec().nodeSelector() == null
                    || config.getSpec().nodeSelector().matches(labels))
            .map(config -> config.getMetadata().getName())
            .toList());
  }

  /** The Nodes by name, only those that are there. */
  SortedMap<String, Node> nodes() {
    SortedMap<String, Node> nodes = new TreeMap<>();
    if (real) {
      manifests.all(Node.class).forEach(node -> nodes.put(node.getMetadata().getName(), node));
    }
    return nodes;
  }
}
