package dev.peerage.bench;

import dev.peerage.announce.NodePlanner;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.kube.ServiceKey;
import dev.peerage.peering.NodeSnapshot;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * From a changed Service to the next desired state of the speaker of a node with two peers, which
 * are told the LoadBalancer addresses of all Services.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PlannerBenchmark {
  private static final KubernetesSerialization YAML = new KubernetesSerialization();
  private static final NodeSnapshot CONFIGURATION =
      new NodeSnapshot(
          read(Node.class, "metadata: {name: n1}"),
          List.of(
              read(
                  CiliumBGPNodeConfig.class,
                  """
                  metadata: {name: n1}
                  spec:
                    bgpInstances:
                    - name: main
                      localASN: 65001
                      routerID: 10.0.0.1
                      peers:
                      - {name: r1, peerASN: 65000, peerAddress: 10.0.0.2, peerConfigRef: {name: p}}
                      - {name: r2, peerASN: 65000, peerAddress: 10.0.0.3, peerConfigRef: {name: p}}
                  """)),
          List.of(
              read(
                  CiliumBGPPeerConfig.class,
                  """
                  metadata: {name: p}
                  spec: {families: [{afi: ipv4, safi: unicast, advertisements: {}}]}
                  """)),
          List.of(
              read(
                  CiliumBGPAdvertisement.class,
                  """
                  metadata: {name: a}
                  spec:
                    advertisements:
                    - advertisementType: Service
                      selector: {}
                      service: {addresses: [LoadBalancerIP]}
                    - advertisementType: Service
                      selector: {matchLabels: {tier: front}}
                      service: {addresses: [LoadBalancerIP]}
                      attributes: {communities: {standard: ['65000:1']}}
                  """)),
          List.of(),
          List.of());
  private static final NodeSnapshot OTHER =
      new NodeSnapshot(
          read(Node.class, "metadata: {name: n1}\nspec: {podCIDRs: [10.1.0.0/24]}"),
          CONFIGURATION.nodeConfigs(),
          CONFIGURATION.peerConfigs(),
          CONFIGURATION.advertisements(),
          List.of(),
          List.of());

  /** Services with an address each. */
  @Param({"500", "50000"})
  public int services = 500;

  private final NodePlanner planner = new NodePlanner();
  private boolean[] moved = new boolean[0];
  private boolean[] front = new boolean[0];
  private int turn;

  private static <T> T read(Class<T> kind, String yaml) {
    return YAML.unmarshal(yaml, kind);
  }

  /** All of them planned. */
  @Setup
  public void fill() {
    moved = new boolean[services];
    front = new boolean[services];
    for (int i = 0; i < services; i++) {
      tell(i, address(i, false), false);
    }
    planner.configuration(CONFIGURATION);
    if (planner.plan().desired().instances().getFirst().routes().size() != services) {
      throw new IllegalStateException("not all Services are announced");
    }
  }

  private static String address(int number, boolean other) {
    return (other ? "192.168." : "172.16.") + (number >> 8) + "." + (number & 255);
  }

  private void tell(int number, String address, boolean inFront) {
    Service service =
        new ServiceBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName("service-" + number)
            .withLabels(Map.of("tier", inFront ? "front" : "back"))
            .endMetadata()
            .withNewSpec()
            .withType("LoadBalancer")
            .withClusterIPs("10.96." + (number >> 8) + "." + (number & 255))
            .endSpec()
            .withNewStatus()
            .withNewLoadBalancer()
            .addNewIngress()
            .withIp(address)
            .endIngress()
            .endLoadBalancer()
            .endStatus()
            .build();
    planner.service(
        new ServiceKey("default", "service-" + number), Optional.of(service), List.of());
  }

  private int next() {
    turn++;
    return Math.floorMod(turn * 7919, services);
  }

  /** The address of one Service changes, another one's each time. */
  @Benchmark
  public DesiredSpeaker address() {
    int number = next();
    moved[number] = !moved[number];
    tell(number, address(number, moved[number]), front[number]);
    return planner.plan().desired();
  }

  /** The labels of one Service change, so that other attributes hold for it. */
  @Benchmark
  public DesiredSpeaker attributes() {
    int number = next();
    front[number] = !front[number];
    tell(number, address(number, moved[number]), front[number]);
    return planner.plan().desired();
  }

  /** Something else changes that leaves the routes as they are: all is decided anew. */
  @Benchmark
  public DesiredSpeaker configuration() {
    planner.configuration(turn++ % 2 == 0 ? OTHER : CONFIGURATION);
    return planner.plan().desired();
  }
}
