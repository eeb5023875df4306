package dev.peerage.announce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.ExportStatement;
import dev.peerage.bgp.export.ExportStatement.Attributes;
import dev.peerage.bgp.prefix.PrefixDifference;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.fixture.Manifests;
import dev.peerage.fixture.SeedLab;
import dev.peerage.kube.ServiceKey;
import dev.peerage.peering.LastUsable;
import dev.peerage.peering.NodeSnapshot;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A planner that follows changes, held against one that sees everything for the first time. */
class FollowingTest {
  private static final String TWO_PEER_CONFIGS =
      """
      kind: CiliumBGPPeerConfig
      metadata: {name: v4}
      spec:
        families:
        - {afi: ipv4, safi: unicast, advertisements: {matchLabels: {to: v4}}}
      ---
      kind: CiliumBGPPeerConfig
      metadata: {name: dual}
      spec:
        families:
        - {afi: ipv4, safi: unicast, advertisements: {matchLabels: {to: dual}}}
        - {afi: ipv6, safi: unicast, advertisements: {matchLabels: {to: dual}}}
      ---
      """;
  private static final String ADVERTISEMENTS =
      SeedLab.advertisement("all", "{to: v4}", "LoadBalancerIP", "{}", "")
          + SeedLab.advertisement(
              "some",
              "{to: v4}",
              "LoadBalancerIP, ExternalIP",
              "{matchLabels: {app: b}}",
              "attributes: {communities: {standard: ['65000:1']}}")
          + SeedLab.advertisement(
              "dual",
              "{to: dual}",
              "LoadBalancerIP, ClusterIP",
              "{matchLabels: {app: a}}",
              "attributes: {localPreference: 200}")
          + """
          kind: CiliumBGPAdvertisement
          metadata: {name: pods, labels: {to: dual}}
          spec:
            advertisements:
            - advertisementType: PodCIDR
          ---
          """;

  /** What a world looks like besides its Services. */
  private static final List<NodeSnapshot> CONFIGURATIONS =
      Stream.of(
              nodeConfig(
                  "{name: r1, peerASN: 65000, peerAddress: 192.0.2.1, peerConfigRef: {name: v4}}"),
              nodeConfig(
                  """
                  {name: r1, peerASN: 65000, peerAddress: 192.0.2.1, peerConfigRef: {name: v4}}
                      - {name: r2, peerASN: 65000, peerAddress: 192.0.2.2, peerConfigRef: {name: v4}}
                      - {name: r3, peerASN: 65001, peerAddress: 192.0.2.3, peerConfigRef: {name: dual}}
                      - {name: r4, peerASN: 65001, peerAddress: 192.0.2.4}
                    - name: second
                      localASN: 65002
                      peers:
                      - {name: r1, peerASN: 65000, peerAddress: 192.0.2.1, peerConfigRef: {name: dual}}
                  """),
              nodeConfig(
                  """
                  {name: r2, peerASN: 65000, peerAddress: 192.0.2.2, peerConfigRef: {name: dual}}
                      - {name: r3, peerASN: 65001, peerAddress: 192.0.2.3, peerConfigRef: {name: gone}}
                  """),
              "")
          .flatMap(nodeConfig ->
              Stream.of(ADVERTISEMENTS, ADVERTISEMENTS.replace("65000:1", "65000:2"), "")
                  .map(ads ->
                      Manifests.of(SeedLab.NODE, nodeConfig, TWO_PEER_CONFIGS, ads).snapshot()))
          .toList();

  private final Map<ServiceKey, Service> services = new TreeMap<>();
  private final Map<ServiceKey, List<EndpointSlice>> slices = new HashMap<>();
  private final NodePlanner planner = new NodePlanner();
  private NodeSnapshot around = CONFIGURATIONS.getFirst();

  private static String nodeConfig(String peers) {
    return """
    kind: CiliumBGPNodeConfig
    metadata: {name: k8s-ctr}
    spec:
      bgpInstances:
      - name: first
        localASN: 65001
        peers:
        - %s
    ---
    """
        .formatted(peers.strip());
  }

  static Stream<Long> seeds() {
    return Stream.of(1L, 2L, 3L, new Random().nextLong());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyChangeLeadsToThePlanOfAFreshStart(long seed) {
    RandomGenerator random = RandomGeneratorFactory.getDefault().create(seed);
    planner.configuration(around);
    DesiredSpeaker before = planner.plan().desired();
    for (int step = 0; step < 200; step++) {
      int changes = random.nextInt(1, 4);
      for (int i = 0; i < changes; i++) {
        change(random);
      }
      NodePlan plan = planner.plan();
      NodePlan fresh = fresh(plan.usable());
      String where = "seed " + seed + ", step " + step;
      assertThat(plan.desired()).as(where).isEqualTo(fresh.desired());
      assertThat(plan.problems()).as(where).isEqualTo(fresh.problems());
      assertThat(plan.decisions()).as(where).containsExactlyElementsOf(fresh.decisions());
      assertThat(firstStatements(plan.desired()))
          .as(where + ": the first named statement decides")
          .isEqualTo(firstStatements(plan.named()));
      if (changes == 1) {
        assertSharing(before, plan.desired(), where);
      }
      before = plan.desired();
    }
  }

  /** What goes on although it is unusable now, a planner that starts is told. */
  private NodePlan fresh(LastUsable usable) {
    var fresh = new NodePlanner(usable);
    services.forEach((key, service) ->
        fresh.service(key, Optional.of(service), slices.getOrDefault(key, List.of())));
    fresh.configuration(snapshot());
    return fresh.plan();
  }

  private void change(RandomGenerator random) {
    ServiceKey key = new ServiceKey(random.nextBoolean() ? "b" : "c-b", "a" + random.nextInt(6));
    switch (random.nextInt(10)) {
      case 0 -> {
        around = CONFIGURATIONS.get(random.nextInt(CONFIGURATIONS.size()));
        planner.configuration(around);
      }
      case 1, 2 -> {
        services.remove(key);
        tell(key);
      }
      case 3, 4 -> {
        slices.put(key, List.of(slice(key, random)));
        tell(key);
      }
      default -> {
        services.put(key, service(key, random));
        tell(key);
      }
    }
  }

  private void tell(ServiceKey key) {
    planner.service(
        key, Optional.ofNullable(services.get(key)), slices.getOrDefault(key, List.of()));
  }

  private static Service service(ServiceKey key, RandomGenerator random) {
    String[] apps = {"a", "b", "c"};
    String[] addresses = {"172.16.0.1", "172.16.0.2", "172.16.0.3", "fd00::1", "fd00::2", "300.1"};
    String[] policies = {"Cluster", "Local"};
    return Manifests.of(
            """
            kind: Service
            metadata: {name: %s, namespace: %s, labels: {app: %s}}
            spec:
              type: LoadBalancer
              clusterIPs: [10.96.0.%d]
              externalIPs: ['%s']
              externalTrafficPolicy: %s
            status:
              loadBalancer: {ingress: [{ip: '%s'}, {ip: '%s'}]}
            """
                .formatted(
                    key.name(),
                    key.namespace(),
                    apps[random.nextInt(3)],
                    random.nextInt(1, 4),
                    addresses[random.nextInt(6)],
                    policies[random.nextInt(2)],
                    addresses[random.nextInt(5)],
                    addresses[random.nextInt(6)]))
        .all(Service.class)
        .getFirst();
  }

  private static EndpointSlice slice(ServiceKey key, RandomGenerator random) {
    return Manifests.of(
            """
            kind: EndpointSlice
            metadata: {name: %s-1, namespace: %s, labels: {kubernetes.io/service-name: %s}}
            addressType: %s
            endpoints: [{addresses: [172.20.0.9], nodeName: %s, conditions: {ready: %s}}]
            """
                .formatted(
                    key.name(),
                    key.namespace(),
                    key.name(),
                    random.nextBoolean() ? "IPv4" : "IPv6",
                    random.nextBoolean() ? "k8s-ctr" : "other",
                    random.nextBoolean()))
        .all(EndpointSlice.class)
        .getFirst();
  }

  private NodeSnapshot snapshot() {
    return new NodeSnapshot(
        around.node(),
        around.nodeConfigs(),
        around.peerConfigs(),
        around.advertisements(),
        List.copyOf(services.values()),
        slices.values().stream().flatMap(List::stream).toList());
  }

  /** What each peer gets, by the rule that the first statement that names a prefix decides. */
  private static Map<String, Map<Prefix, Attributes>> firstStatements(DesiredSpeaker desired) {
    Map<String, Map<Prefix, Attributes>> told = new TreeMap<>();
    for (DesiredInstance instance : desired.instances()) {
      for (DesiredPeer peer : instance.peers()) {
        Map<Prefix, Attributes> ofPeer =
            told.computeIfAbsent(instance.name() + " " + peer.name(), _ -> new TreeMap<>());
        for (ExportStatement statement : statements(peer)) {
          statement
              .prefixes()
              .forEach(prefix -> ofPeer.putIfAbsent(prefix, statement.attributes()));
        }
        assertThat(instance.routes()).containsAll(ofPeer.keySet());
      }
    }
    return told;
  }

  /** What is equal must be the same object, or the speaker would look at each prefix. */
  private static void assertSharing(DesiredSpeaker before, DesiredSpeaker after, String where) {
    if (before.equals(after)) {
      assertThat(after).as(where).isSameAs(before);
    }
    Map<String, PrefixSet> old = firstPeersSets(before);
    firstPeersSets(after)
        .forEach((statement, set) -> {
          PrefixSet was = old.getOrDefault(statement, PrefixSet.EMPTY);
          if (!set.isEmpty() && set.equals(was)) {
            assertThat(set).as(where + ": " + statement).isSameAs(was);
          }
        });
  }

  private static Map<String, PrefixSet> firstPeersSets(DesiredSpeaker desired) {
    Map<String, PrefixSet> sets = new HashMap<>();
    desired.instances().stream()
        .filter(instance -> !instance.peers().isEmpty())
        .limit(1)
        .forEach(instance -> {
          DesiredPeer peer = instance.peers().getFirst();
          sets.put(instance.name(), instance.routes());
          statements(peer)
              .forEach(each -> sets.put(peer.name() + each.attributes(), each.prefixes()));
        });
    return sets;
  }

  private static List<ExportStatement> statements(DesiredPeer peer) {
    return ((ExportPolicy.Statements) peer.exportPolicy()).statements();
  }

  private void put(String name, String app, String address) {
    ServiceKey key = new ServiceKey("default", name);
    services.put(
        key,
        Manifests.of(
                SeedLab.service(name, "externalTrafficPolicy: Cluster")
                    .replace("app: " + name, "app: " + app)
                    .replace("172.16.1.1", address))
            .all(Service.class)
            .getFirst());
    tell(key);
  }

  private DesiredInstance planned() {
    return planner.plan().desired().instances().getFirst();
  }

  private static Map<String, String> told(DesiredInstance instance) {
    Map<String, String> told = new TreeMap<>();
    statements(instance.peers().getFirst())
        .forEach(statement ->
            told.put(
                statement.attributes().communities().toString(), statement.prefixes().toString()));
    return told;
  }

  @Test
  void aSharedAddressStaysUntilTheLastServiceLeavesItAndIsToldAsTheFirstNameSays() {
    planner.configuration(around);
    put("z", "a", "172.16.0.9");
    assertThat(told(planned())).isEqualTo(Map.of("[]", "[172.16.0.9/32]"));
    put("m", "b", "172.16.0.9");
    assertThat(told(planned())).isEqualTo(Map.of("[65000:1]", "[172.16.0.9/32]"));
    services.remove(new ServiceKey("default", "m"));
    tell(new ServiceKey("default", "m"));
    assertThat(told(planned())).isEqualTo(Map.of("[]", "[172.16.0.9/32]"));
    services.clear();
    tell(new ServiceKey("default", "z"));
    assertThat(told(planned())).isEmpty();
    assertThat(planned().routes()).isEmpty();
  }

  @Test
  void anAddressThatMovesBetweenServicesAndOneThatChangesAreOnePlan() {
    planner.configuration(around);
    put("a", "a", "172.16.0.1");
    put("b", "a", "172.16.0.2");
    DesiredInstance before = planned();
    put("a", "a", "172.16.0.3");
    put("b", "a", "172.16.0.1");
    DesiredInstance after = planned();
    assertThat(after.routes())
        .isEqualTo(PrefixSet.of(Prefix.parse("172.16.0.1/32"), Prefix.parse("172.16.0.3/32")));
    List<String> changes = new ArrayList<>();
    PrefixSet.diff(
        before.routes(),
        after.routes(),
        new PrefixDifference() {
          @Override
          public void removed(AddressFamily family, long high, long low, int length) {
            changes.add("-" + new Prefix(family, high, low, length));
          }

          @Override
          public void added(AddressFamily family, long high, long low, int length) {
            changes.add("+" + new Prefix(family, high, low, length));
          }
        });
    assertThat(changes).containsExactly("-172.16.0.2/32", "+172.16.0.3/32");
  }

  @Test
  void otherAttributesOfOneServiceLeaveAllOtherStatementsAsTheyAre() {
    planner.configuration(around);
    for (int i = 0; i < 100; i++) {
      put("s" + i, i % 3 == 0 ? "b" : "a", "172.16.1." + i);
    }
    DesiredInstance before = planned();
    put("s0", "b", "172.16.2.1");
    DesiredInstance after = planned();
    assertThat(statements(after.peers().getFirst())).hasSize(2);
    List<PrefixSet> same =
        statements(after.peers().getFirst()).stream()
            .map(ExportStatement::prefixes)
            .filter(set ->
                statements(before.peers().getFirst()).stream().anyMatch(s -> s.prefixes() == set))
            .toList();
    assertThat(same).singleElement().satisfies(set -> assertThat(set).hasSize(66));
    planner.configuration(CONFIGURATIONS.getFirst());
    assertThat(planned()).isSameAs(after);
  }

  @Test
  void peersThatAreToldTheSameShareTheirStatements() {
    planner.configuration(CONFIGURATIONS.get(3));
    put("a", "a", "172.16.0.1");
    List<DesiredPeer> peers = planned().peers();
    assertThat(statements(peers.get(0))).isSameAs(statements(peers.get(1))).isNotEmpty();
  }
}
