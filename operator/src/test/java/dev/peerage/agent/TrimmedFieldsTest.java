package dev.peerage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.peerage.announce.NodePlan;
import dev.peerage.announce.NodePlanner;
import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.fixture.Manifests;
import dev.peerage.fixture.SeedLab;
import dev.peerage.kube.ServiceKey;
import dev.peerage.peering.NodeContext;
import dev.peerage.peering.NodeSnapshot;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the agent keeps of an object must be all that a plan can depend on, and what wakes the
 * planner too. Each field that the API has, one after the other, gets each value that the planner's
 * own classes know, and some at once at random: the plan is the same for the whole object and for
 * what is kept of it, and where the plan changes, so does what is compared.
 */
class TrimmedFieldsTest {
  private static final List<String> WORLDS =
      List.of(
          // Each address type, policy Cluster.
          "externalIPs: [192.0.2.1]",
          "externalTrafficPolicy: Local\n  internalTrafficPolicy: Local");

  /** The kinds that an agent watches, as it keeps and compares them. */
  private enum Kind {
    NODE(Node.class, Trimmed::node, Trimmed::used),
    NODE_CONFIG(CiliumBGPNodeConfig.class, UnaryOperator.identity(), Trimmed::used),
    PEER_CONFIG(CiliumBGPPeerConfig.class, UnaryOperator.identity(), Trimmed::used),
    ADVERTISEMENT(CiliumBGPAdvertisement.class, UnaryOperator.identity(), Trimmed::used),
    SERVICE(Service.class, Trimmed::service, Trimmed::used),
    SLICE(EndpointSlice.class, slice -> Trimmed.slice(slice, "k8s-ctr"), Trimmed::used);

    final Class<? extends HasMetadata> type;
    final UnaryOperator<HasMetadata> trim;
    final Function<HasMetadata, Object> used;

    <T extends HasMetadata> Kind(Class<T> type, UnaryOperator<T> trim, Function<T, Object> used) {
      this.type = type;
      this.trim = object -> trim.apply(type.cast(object));
      this.used = object -> used.apply(type.cast(object));
    }
  }

  private record Case(Kind kind, String world) {
    @Override
    public String toString() {
      return kind + " " + world.replace("\n", ",");
    }
  }

  static Stream<Case> cases() {
    return Stream.of(Kind.values())
        .flatMap(kind ->
            WORLDS.stream()
                .limit(kind == Kind.SERVICE || kind == Kind.SLICE ? WORLDS.size() : 1)
                .map(world -> new Case(kind, world)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatIsKeptDecidesAlone(Case each) {
    List<HasMetadata> world = world(each.world());
    HasMetadata base =
        world.stream().filter(each.kind().type::isInstance).findFirst().orElseThrow();
    Fields fields = Fields.of(each.kind().type, words());
    JsonNode whole = fields.tree(base);
    NodePlan before = plan(world);
    HasMetadata keptBefore = each.kind().trim.apply(base);
    assertThat(plan(with(world, base, keptBefore))).isEqualTo(before);
    int compared = 0;
    for (UnaryOperator<JsonNode> change : changes(fields)) {
      Optional<HasMetadata> changed = fields.object(change.apply(whole.deepCopy()), base);
      if (changed.isEmpty()) {
        continue; // the API server takes no such value
      }
      Optional<NodePlan> untrimmed = planIfAny(with(world, base, changed.get()));
      if (untrimmed.isEmpty()) {
        continue;
      }
      compared++;
      HasMetadata kept = each.kind().trim.apply(changed.get());
      if (each.kind() == Kind.SERVICE || each.kind() == Kind.SLICE) {
        assertThat(each.kind().trim.apply(AsWatched.of(changed.get())))
            .as("read as far as it is used: %s", change.apply(whole.deepCopy()))
            .isEqualTo(kept);
      }
      assertThat(kept.equals(keptBefore) ? before : plan(with(world, base, kept)))
          .as("%s", change.apply(whole.deepCopy()))
          .isEqualTo(untrimmed.get());
      if (!untrimmed.get().equals(before)) {
        assertThat(each.kind().used.apply(kept))
            .as("%s", change.apply(whole.deepCopy()))
            .isNotEqualTo(each.kind().used.apply(keptBefore));
      }
    }
    assertThat(compared).as("changes that could be compared").isGreaterThan(100);
  }

  private static List<UnaryOperator<JsonNode>> changes(Fields fields) {
    List<UnaryOperator<JsonNode>> single = fields.changes();
    List<UnaryOperator<JsonNode>> all = new ArrayList<>(single);
    var random = new Random(45276);
    for (int i = 0; i < 200; i++) {
      List<UnaryOperator<JsonNode>> some =
          random.ints(3, 0, single.size()).mapToObj(single::get).toList();
      all.add(tree -> {
        JsonNode changed = tree;
        for (UnaryOperator<JsonNode> one : some) {
          changed = one.apply(changed);
        }
        return changed;
      });
    }
    return all;
  }

  private static List<HasMetadata> world(String service) {
    return Manifests.of(
            SeedLab.NODE,
            SeedLab.NODE_CONFIG,
            """
            kind: CiliumBGPPeerConfig
            metadata: {name: cilium-peer}
            spec:
              families:
              - {afi: ipv4, safi: unicast, advertisements: {}}
              - {afi: ipv6, safi: unicast, advertisements: {}}
            ---
            """,
            SeedLab.advertisement(
                "all",
                "{a: b}",
                "ClusterIP, LoadBalancerIP, ExternalIP",
                "{matchExpressions: [{key: hidden, operator: DoesNotExist}]}",
                ""),
            SeedLab.service("web", service),
            """
            kind: EndpointSlice
            metadata: {name: web-1, namespace: default, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            endpoints: [{addresses: [172.20.0.9], nodeName: k8s-ctr, conditions: {ready: false, serving: true, terminating: true}}]
            ---
            """)
        .all();
  }

  private static List<HasMetadata> with(
      List<HasMetadata> world, HasMetadata base, HasMetadata instead) {
    return world.stream().map(each -> each == base ? instead : each).toList();
  }

  private static Optional<NodePlan> planIfAny(List<HasMetadata> world) {
    try {
      return Optional.of(plan(world));
    } catch (RuntimeException _) {
      return Optional.empty();
    }
  }

  private static NodePlan plan(List<HasMetadata> world) {
    return NodePlanner.plan(
        new NodeSnapshot(
            all(world, Node.class).getFirst(),
            all(world, CiliumBGPNodeConfig.class),
            all(world, CiliumBGPPeerConfig.class),
            all(world, CiliumBGPAdvertisement.class),
            all(world, Service.class),
            all(world, EndpointSlice.class),
            NodeContext.NONE));
  }

  private static <T> List<T> all(List<HasMetadata> world, Class<T> type) {
    return world.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** The words that the planner's classes hold, and a few that are addresses or mean nothing. */
  private static Set<String> words() {
    Set<String> words = new TreeSet<>(PlannerWords.ALL);
    assertThat(words).contains("Proxy", "Local", "ExternalName", "InternalIP");
    words.addAll(
        List.of(
            ServiceKey.SERVICE_NAME,
            "",
            "x",
            "web",
            "k8s-ctr",
            "k8s-w1",
            "10.96.7.7",
            "fd00::7",
            "172.20.9.0/24"));
    return new LinkedHashSet<>(words);
  }
}
