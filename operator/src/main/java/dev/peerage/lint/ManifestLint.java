package dev.peerage.lint;

import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPClusterConfigSpec;
import dev.peerage.lint.Manifests.Key;
import dev.peerage.lint.Manifests.Manifest;
import dev.peerage.peering.Problem.Severity;
import dev.peerage.yaml.FileProblem;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Says what is wrong in manifests before a cluster sees them: what the API server would refuse, and
 * what it would take but the planners could not do. The same checks and planners as everywhere.
 */
public final class ManifestLint {
  private static final String ANY_NODE = "any-node";

  private ManifestLint() {}

  /**
   * What was found.
   *
   * @param problems what the API server refuses; with any, nothing else is looked at
   * @param warnings what is accepted but does not do what it says, as far as these files tell
   * @param notes what was not looked at, and what else there is to know
   * @param objects how many objects were read
   */
  public record Findings(
      List<FileProblem> problems, List<String> warnings, List<String> notes, int objects) {
    public Findings {
      problems = List.copyOf(problems);
      warnings = List.copyOf(warnings);
      notes = List.copyOf(notes);
    }
  }

  /** Reads files, and folders' .yaml, .yml and .json files. */
  public static Findings of(List<Path> places) {
    return switch (new ManifestFolder(places).read()) {
      case ManifestFolder.Reading.Bad(List<FileProblem> problems) ->
          new Findings(problems, List.of(), List.of(), 0);
      case ManifestFolder.Reading.Good(Manifests manifests, List<String> notes) ->
          found(manifests, notes);
    };
  }

  private static Findings found(Manifests manifests, List<String> unseen) {
    Manifests complete = manifests.all(Node.class).isEmpty() ? onAnyNode(manifests) : manifests;
    ManifestPlan plan =
        ManifestPlanner.plan(complete, List.of(), new TreeMap<>(), Map.of(), Instant.EPOCH);
    // Every node says the same of an object that is no node's own.
    Map<Boolean, List<String>> byNote =
        plan.nodes().values().stream()
            .flatMap(node -> node.problems().stream())
            .distinct()
            .collect(
                Collectors.partitioningBy(
                    problem -> problem.severity() == Severity.NOTE,
                    Collectors.mapping(Object::toString, Collectors.toList())));
    return new Findings(
        List.of(),
        joined(plan.warnings(), byNote.getOrDefault(false, List.of())),
        joined(unseen, byNote.getOrDefault(true, List.of())),
        manifests.objects().size());
  }

  private static List<String> joined(List<String> some, List<String> more) {
    return Stream.concat(some.stream(), more.stream()).distinct().toList();
  }

  // Files without Nodes are meant for a cluster that has some: one that every selector selects.
  private static Manifests onAnyNode(Manifests manifests) {
    TreeMap<Key, Manifest> objects = new TreeMap<>(manifests.objects());
    for (CiliumBGPClusterConfig config : manifests.all(CiliumBGPClusterConfig.class)) {
      var selectsAll = new CiliumBGPClusterConfig();
      selectsAll.setMetadata(config.getMetadata());
      selectsAll.setSpec(new CiliumBGPClusterConfigSpec(null, config.getSpec().bgpInstances()));
      objects.computeIfPresent(
          new Key("CiliumBGPClusterConfig", "", config.getMetadata().getName()),
          (_, manifest) -> new Manifest(manifest.document(), selectsAll));
    }
    Node node =
        new NodeBuilder()
            .withNewMetadata()
            .withName(ANY_NODE)
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
    objects.put(new Key("Node", "", ANY_NODE), new Manifest(YamlDocument.none(), node));
    return new Manifests(objects);
  }
}
