package dev.peerage.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.peerage.agent.Agent;
import dev.peerage.agent.AgentSettings;
import dev.peerage.announce.Decision;
import dev.peerage.apiserver.ApiServer;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.bgp.speaker.SpeakerSettings;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.crd.v2.Condition;
import dev.peerage.crd.v2.ConditionsStatus;
import dev.peerage.lint.RandomObjects.Change;
import dev.peerage.operator.RunningOperator;
import dev.peerage.peering.NodeSettings;
import dev.peerage.proof.Rounds;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random sets of objects, changed one object at a time, in a folder and in a real API server with a
 * real operator and two real agents: what the lab plans of the folder is what operator and agents
 * do, in addresses, NodeConfigs, what the speakers are told, why each prefix is announced to each
 * peer or not, and what conditions say.
 */
@Tag("cluster")
@Tag("proof")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SameAsClusterTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final int STEPS = 12;
  private static final ManifestPlan NOTHING =
      new ManifestPlan(List.of(), new TreeMap<>(), new TreeMap<>(), List.of());
  private static final List<String> NODES = List.of("node-1", "node-2");

  private final ApiServer server = ApiServer.start();
  private final KubernetesClient client = server.client();
  private final Map<String, Agent> agents = new TreeMap<>();
  private final RunningOperator operator =
      RunningOperator.start(client, RunningOperator.Options.DEFAULT);

  /** What is there, as the API server returned it. */
  private final Map<String, HasMetadata> created = new HashMap<>();

  @TempDir private static Path folder;
  private ManifestFolder lab = ManifestFolder.of(Path.of("."));
  private ManifestPlan plan = NOTHING;

  @BeforeAll
  void start() {
    lab = ManifestFolder.of(folder);
    for (String node : NODES) {
      Agent agent =
          new Agent(
              client,
              new AgentSettings(
                  node, NodeSettings.DEFAULT, "", "", true, Optional.empty(), Optional.empty()),
              Speaker.start(SpeakerSettings.defaults()),
              new SimpleMeterRegistry());
      agents.put(node, agent);
      agent.start();
    }
  }

  /** Also where they do not agree: the next set begins with nothing. */
  @AfterEach
  void clear() throws IOException {
    for (HasMetadata each : created.values()) {
      client.resource(each).delete();
    }
    created.clear();
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    plan = NOTHING;
    collectGarbage();
  }

  @AfterAll
  void end() throws InterruptedException {
    for (Agent agent : agents.values()) {
      agent.close();
    }
    operator.close();
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Rounds.of(2, 40));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void planAndClusterAgree(long seed) throws IOException {
    var objects = new RandomObjects(seed);
    List<String> history = new ArrayList<>();
    for (Change change : objects.beginning()) {
      step(change, history);
    }
    for (int i = 0; i < STEPS; i++) {
      step(objects.next(), history);
    }
    // Conditions settle for some seconds.
    agree(history, true);
    for (String name : objects.names()) {
      step(new Change.Delete(name), history);
    }
  }

  private void step(Change change, List<String> history) throws IOException {
    history.add(change.toString());
    switch (change) {
      case Change.Write(String name, String yaml) -> {
        created.put(name, written(yaml));
        Files.writeString(folder.resolve(name + ".yaml"), yaml);
      }
      case Change.Delete(String name) -> {
        client.resource(Objects.requireNonNull(created.remove(name))).delete();
        Files.delete(folder.resolve(name + ".yaml"));
      }
    }
    Instant later = Instant.EPOCH.plusSeconds(history.size());
    plan =
        ManifestPlanner.plan(
            manifests(), plan.services(), plan.nodeConfigs(), plan.usable(), later);
    collectGarbage();
    agree(history, false);
  }

  private HasMetadata written(String yaml) {
    HasMetadata object = server.apply(yaml).getFirst();
    if (object instanceof Node) {
      // The API server takes the status of a Node by its own path only.
      Node wanted =
          (Node)
              client
                  .load(
                      new java.io.ByteArrayInputStream(
                          yaml.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                  .items()
                  .getFirst();
      return client
          .nodes()
          .withName(object.getMetadata().getName())
          .editStatus(node -> {
            node.getStatus().setAddresses(wanted.getStatus().getAddresses());
            return node;
          });
    }
    return object;
  }

  /**
   * What the lab reads, with what only an API server can say: times, UIDs and cluster addresses.
   */
  private Manifests manifests() {
    ManifestFolder.Reading reading = lab.read();
    assertThat(reading).isInstanceOf(ManifestFolder.Reading.Good.class);
    Manifests manifests = ((ManifestFolder.Reading.Good) reading).manifests();
    Map<String, HasMetadata> real = new HashMap<>();
    created.values().forEach(each -> real.put(each.getKind() + each.getMetadata().getName(), each));
    for (Manifests.Manifest manifest : manifests.objects().values()) {
      HasMetadata object = manifest.object();
      HasMetadata there =
          Objects.requireNonNull(real.get(object.getKind() + object.getMetadata().getName()));
      object.getMetadata().setUid(there.getMetadata().getUid());
      object.getMetadata().setCreationTimestamp(there.getMetadata().getCreationTimestamp());
      if (object instanceof Service service) {
        service.getSpec().setClusterIP(((Service) there).getSpec().getClusterIP());
        service.getSpec().setClusterIPs(((Service) there).getSpec().getClusterIPs());
      }
    }
    return manifests;
  }

  /** No controller of Kubernetes runs: a NodeConfig whose owner is gone would stay. */
  private void collectGarbage() {
    Set<String> owners =
        client.resources(CiliumBGPClusterConfig.class).list().getItems().stream()
            .map(each -> each.getMetadata().getUid())
            .collect(Collectors.toSet());
    client.resources(CiliumBGPNodeConfig.class).list().getItems().stream()
        .filter(each ->
            each.getMetadata().getOwnerReferences().stream()
                .noneMatch(owner -> owners.contains(owner.getUid())))
        .forEach(each -> client.resource(each).delete());
  }

  private void agree(List<String> history, boolean conditions) {
    await("the cluster to be as planned")
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptionsInstanceOf(IllegalStateException.class)
        .untilAsserted(() -> {
          String after = "after\n" + String.join("\n", history);
          assertThat(addresses()).as("addresses %s", after).isEqualTo(planned());
          assertThat(nodeConfigs()).as("NodeConfigs %s", after).isEqualTo(plannedNodeConfigs());
          for (String node : NODES) {
            NodeView wanted = view(node);
            Agent agent = Objects.requireNonNull(agents.get(node));
            assertThat(agent.desired())
                .as("told to the speaker of %s, %s", node, after)
                .isEqualTo(wanted.desired);
            assertThat(reasons(agent.decisions()))
                .as("reasons on %s, %s", node, after)
                .isEqualTo(wanted.decisions);
          }
          if (conditions) {
            assertThat(warnings())
                .as("conditions %s", after)
                .isEqualTo(
                    plan.warnings().stream()
                        .map(PlanWarning::toString)
                        .filter(SameAsClusterTest::isOfACondition)
                        .collect(Collectors.toCollection(TreeSet::new)));
          }
        });
  }

  private record NodeView(DesiredSpeaker desired, Set<Decision> decisions) {}

  private NodeView view(String node) {
    var planned = plan.nodes().get(node);
    return planned == null
        ? new NodeView(DesiredSpeaker.NOTHING, Set.of())
        : new NodeView(planned.named(), reasons(planned.decisions()));
  }

  /** Those about the API server's own Service, which is in no folder, are left out. */
  private static Set<Decision> reasons(Collection<Decision> decisions) {
    return decisions.stream()
        .filter(decision ->
            !(decision.subject() instanceof Decision.Subject.ServiceAddress(_, var name, _))
                || !name.equals("kubernetes"))
        .collect(Collectors.toSet());
  }

  private Map<String, List<String>> addresses() {
    return addresses(client.services().inNamespace("default").list().getItems());
  }

  private Map<String, List<String>> planned() {
    return addresses(plan.services());
  }

  private static Map<String, List<String>> addresses(List<Service> services) {
    Map<String, List<String>> addresses = new TreeMap<>();
    for (Service service : services) {
      if (service.getMetadata().getName().equals("kubernetes")) {
        continue;
      }
      List<String> of = new ArrayList<>();
      if (service.getStatus() != null && service.getStatus().getLoadBalancer() != null) {
        service.getStatus().getLoadBalancer().getIngress().stream()
            .map(LoadBalancerIngress::getIp)
            .forEach(of::add);
      }
      addresses.put(service.getMetadata().getName(), of);
    }
    return addresses;
  }

  private Map<String, JsonNode> nodeConfigs() {
    Map<String, JsonNode> specs = new TreeMap<>();
    client
        .resources(CiliumBGPNodeConfig.class)
        .list()
        .getItems()
        .forEach(each -> specs.put(each.getMetadata().getName(), spec(each)));
    return specs;
  }

  private Map<String, JsonNode> plannedNodeConfigs() {
    Map<String, JsonNode> specs = new TreeMap<>();
    plan.nodeConfigs().forEach((name, each) -> specs.put(name, spec(each)));
    return specs;
  }

  private static JsonNode spec(CiliumBGPNodeConfig config) {
    return JSON.valueToTree(config.getSpec());
  }

  /** Of Services lint and lab also say what becomes an Event. */
  private static boolean isOfACondition(String warning) {
    return !warning.startsWith("Service ") || warning.contains(": cilium.io/");
  }

  /** What conditions say, in the words of lint and lab. */
  private Set<String> warnings() {
    Set<String> warnings = new TreeSet<>();
    client
        .resources(CiliumBGPClusterConfig.class)
        .list()
        .getItems()
        .forEach(each -> warnings.addAll(warnings(each, each.getStatus())));
    client
        .resources(CiliumLoadBalancerIPPool.class)
        .list()
        .getItems()
        .forEach(each -> {
          // Counters are conditions too, and no warnings.
          warnings(each, each.getStatus()).stream()
              .filter(warning -> warning.contains("PoolConflict"))
              .forEach(warnings::add);
        });
    for (Service service : client.services().inNamespace("default").list().getItems()) {
      if (service.getStatus() != null) {
        service.getStatus().getConditions().stream()
            .filter(condition -> "False".equals(condition.getStatus()))
            .forEach(condition ->
                warnings.add(
                    "Service default/%s: %s: %s"
                        .formatted(
                            service.getMetadata().getName(),
                            condition.getType(),
                            condition.getMessage())));
      }
    }
    return warnings;
  }

  private static List<String> warnings(HasMetadata of, @Nullable ConditionsStatus status) {
    List<String> warnings = new ArrayList<>();
    if (status != null) {
      for (Condition condition : status.conditions()) {
        if ("True".equals(condition.status())) {
          warnings.add(
              "%s %s: %s: %s"
                  .formatted(
                      of.getKind(),
                      of.getMetadata().getName(),
                      condition.type(),
                      condition.message()));
        }
      }
    }
    return warnings;
  }
}
