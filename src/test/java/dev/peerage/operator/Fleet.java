package dev.peerage.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import io.fabric8.kubernetes.api.model.ContainerImageBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Many Nodes of the size of real ones, and what the API server has counted of writes to them. */
public final class Fleet {
  private static final int AT_A_TIME = 16;
  private static final int IMAGES = 40;
  private static final Pattern WRITES =
      Pattern.compile(
          "(?m)^apiserver_request_total\\{[^}]*group=\"cilium.io\"[^}]*"
              + "verb=\"(?:POST|PUT|PATCH|APPLY|DELETE)\"[^}]*\\} ([0-9.e+]+)$");

  private static final String CONFIG =
      """
      apiVersion: cilium.io/v2
      kind: CiliumBGPPeerConfig
      metadata: {name: fleet}
      spec: {}
      ---
      apiVersion: cilium.io/v2
      kind: CiliumBGPClusterConfig
      metadata: {name: fleet}
      spec:
        nodeSelector: {matchLabels: {fleet: "yes"}}
        bgpInstances:
        - name: i
          localASN: 65001
          peers: [{name: tor, peerAddress: 192.0.2.1, peerASN: 65000, peerConfigRef: {name: fleet}}]
      """;

  private final KubernetesClient client;
  private final ApiServer server;

  /** A fleet without Nodes, with the ClusterConfig that will select them. */
  public Fleet(ApiServer server) {
    this.server = server;
    this.client = server.client();
    server.apply(CONFIG);
  }

  /** Makes Nodes up to a number, of about 8 kB each. */
  public void grow(int from, int to) {
    parallel(from, to, this::node);
  }

  /** Makes one Node. */
  public void node(int number) {
    var images =
        IntStream.range(0, IMAGES)
            .mapToObj(image ->
                new ContainerImageBuilder()
                    .withNames(
                        "registry.example/team/component-%03d@sha256:%064x"
                            .formatted(image, number * 1_000L + image),
                        "registry.example/team/component-%03d:v1.2.%d".formatted(image, number))
                    .withSizeBytes(10_000_000L + image)
                    .build())
            .toList();
    var node =
        client
            .resource(
                new NodeBuilder()
                    .withNewMetadata()
                    .withName(name(number))
                    .addToLabels("fleet", "yes")
                    .addToAnnotations("example.org/padding", "x".repeat(1_500))
                    .endMetadata()
                    .build())
            .create();
    node.setStatus(
        new NodeBuilder().withNewStatus().withImages(images).endStatus().build().getStatus());
    client.resource(node).updateStatus();
  }

  /** The name of a Node. */
  public static String name(int number) {
    return "fleet-%05d".formatted(number);
  }

  /** Waits until there are so many NodeConfigs. */
  public void awaitNodeConfigs(int count) {
    await(count + " NodeConfigs")
        .atMost(Duration.ofMinutes(10))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> versions().size() == count);
  }

  /** Uid and resourceVersion of each NodeConfig by name: a write changes one or both. */
  public Map<String, String> versions() {
    var versions = new TreeMap<String, String>();
    for (var each : client.resources(CiliumBGPNodeConfig.class).list().getItems()) {
      versions.put(
          each.getMetadata().getName(),
          each.getMetadata().getUid() + " " + each.getMetadata().getResourceVersion());
    }
    return versions;
  }

  /** The writes to objects of cilium.io that the API server has counted since it started. */
  public long writes() {
    return WRITES
        .matcher(client.raw("/metrics"))
        .results()
        .mapToLong(it -> (long) Double.parseDouble(it.group(1)))
        .sum();
  }

  /**
   * Waits until an operator that leads has looked at everything: a Node that comes last gets its
   * NodeConfig, the Node that goes loses it, and no further write is counted for some time.
   *
   * @param marker the number of that Node, above those of all others
   */
  public void awaitLookedAtAll(int marker) {
    node(marker);
    var nodeConfig = client.resources(CiliumBGPNodeConfig.class).withName(name(marker));
    await("the last Node's NodeConfig")
        .atMost(OperatorProcess.LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> nodeConfig.get() != null);
    client.nodes().withName(name(marker)).delete();
    await("the end of the last Node's NodeConfig")
        .atMost(OperatorProcess.LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> nodeConfig.get() == null);
    awaitQuiet();
  }

  /** Waits until no write has been counted for two seconds. */
  public void awaitQuiet() {
    var last = new long[] {-1};
    await("quiet")
        .atMost(OperatorProcess.LIMIT)
        .pollInterval(Duration.ofSeconds(2))
        .until(() -> {
          var before = last[0];
          last[0] = writes();
          return before == last[0];
        });
  }

  /** Asserts that nothing but the marker was written since. */
  public void assertUntouched(String when, Map<String, String> before, long writes) {
    assertThat(versions()).as(when).isEqualTo(before);
    assertThat(writes() - writes).as(when + ": writes beside the marker's two").isEqualTo(2);
  }

  /** Makes somebody the holder of the operators' lease; empty: nobody. */
  public void lease(String holder) {
    client
        .leases()
        .inNamespace(ApiServer.NAMESPACE)
        .withName("peerage-operator")
        .edit(lease -> {
          lease.getSpec().setHolderIdentity(holder.isEmpty() ? null : holder);
          return lease;
        });
  }

  /** Deletes all that it has made. */
  public void remove() {
    server.client().raw("/apis/cilium.io/v2/ciliumbgpclusterconfigs", "DELETE", null);
    server.client().raw("/apis/cilium.io/v2/ciliumbgppeerconfigs", "DELETE", null);
    server.client().raw("/apis/cilium.io/v2/ciliumbgpnodeconfigs", "DELETE", null);
    server.client().raw("/api/v1/nodes?labelSelector=fleet", "DELETE", null);
  }

  private static void parallel(int from, int to, IntConsumer work) {
    var slots = new Semaphore(AT_A_TIME);
    var failures = new ConcurrentLinkedQueue<RuntimeException>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = from; i < to; i++) {
        var number = i;
        var _ =
            executor.submit(() -> {
              slots.acquireUninterruptibly();
              try {
                work.accept(number);
              } catch (RuntimeException e) {
                failures.add(e);
              } finally {
                slots.release();
              }
            });
      }
    }
    assertThat(List.copyOf(failures)).isEmpty();
  }
}
