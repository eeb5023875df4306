package dev.peerage.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.kube.EventWriter;
import dev.peerage.lbipam.Responsibility;
import dev.peerage.operator.PeerageOperator;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;

/**
 * Prints what a cluster of many nodes costs the operator, on a real API server with the chart's
 * definitions: creating all NodeConfigs beside plain writes of the same objects by the same client,
 * and one node's label. Requests are those that the API server itself has counted.
 */
final class ManyNodes {
  private static final int AT_A_TIME = 16;
  private static final int ROUNDS = 3;
  private static final int FLIPS = 100;
  private static final String NAMESPACE = "default";
  private static final Pattern WRITES =
      Pattern.compile(
          "(?m)^apiserver_request_total\\{[^}]*group=\"cilium.io\"[^}]*"
              + "verb=\"(?:POST|PUT|PATCH|APPLY|DELETE)\"[^}]*\\} ([0-9.e+]+)$");
  private static final String INSTANCES =
      """
        bgpInstances:
        - name: instance-65001
          localASN: 65001
          peers:
          - {name: tor, peerAddress: 192.0.2.1, peerASN: 65000, peerConfigRef: {name: peer}}
      """;

  private final KubernetesClient client;
  private final OperatingSystemMXBean process =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private ManyNodes(KubernetesClient client) {
    this.client = client;
  }

  /** Arguments: a kubeconfig, and numbers of nodes in rising order. */
  public static void main(String[] args) throws IOException, InterruptedException {
    var config = Config.fromKubeconfig(Files.readString(Path.of(args[0])));
    try (var client = new KubernetesClientBuilder().withConfig(config).build()) {
      var bench = new ManyNodes(client);
      client.resource(peerConfig()).create(); // So that the conditions are right at once.
      var made = 0;
      for (var next = 1; next < args.length; next++) {
        var count = Integer.parseInt(args[next]);
        bench.nodes(made, count);
        made = count;
        bench.created(count);
        bench.flipped(count);
      }
    }
  }

  private void created(int count) throws InterruptedException {
    var plain = new ArrayList<Double>();
    var operator = new ArrayList<Double>();
    var writes = 0L;
    for (var round = 0; round <= ROUNDS; round++) {
      clear();
      var begin = System.nanoTime();
      parallel(
          0, count, i -> client.resource(nodeConfig(i)).fieldManager("bench").serverSideApply());
      var seconds = seconds(begin);
      clear();
      try (var _ = operator()) {
        var before = writes();
        begin = System.nanoTime();
        client.resource(clusterConfig()).create();
        while (stored() < count) {
          Thread.sleep(10);
        }
        if (round > 0) { // The first one warms up.
          plain.add(seconds);
          operator.add(seconds(begin));
        }
        settle();
        writes = writes() - before - 1; // Without the ClusterConfig itself.
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%,d nodes: plain writes %.2f s (%.2f to %.2f), operator %.2f s (%.2f to %.2f): %.2f times;"
            + " %,d writes%n",
        count,
        median(plain),
        plain.stream().min(Double::compare).orElseThrow(),
        plain.stream().max(Double::compare).orElseThrow(),
        median(operator),
        operator.stream().min(Double::compare).orElseThrow(),
        operator.stream().max(Double::compare).orElseThrow(),
        median(operator) / median(plain),
        writes);
  }

  private void flipped(int count) throws InterruptedException {
    clear();
    try (var _ = operator()) {
      client.resource(clusterConfig()).create();
      while (stored() < count) {
        Thread.sleep(10);
      }
      settle();
      flips(FLIPS); // Warms up.
      settle();
      var before = writes();
      var idle = cpu();
      Thread.sleep(5_000);
      idle = cpu() - idle;
      var cpu = cpu();
      var begin = System.nanoTime();
      var times = flips(FLIPS);
      var spent = cpu() - cpu - idle / 5 * seconds(begin);
      settle();
      System.out.printf(
          Locale.ROOT,
          "%,d nodes: %d labels flipped: %d writes, each after %.1f ms (median), %.2f ms of CPU"
              + " each with the client that flips and waits%n",
          count,
          FLIPS,
          writes() - before,
          median(times),
          spent / FLIPS * 1_000);
    }
  }

  /** Milliseconds until the NodeConfig has gone or come. */
  private List<Double> flips(int flips) throws InterruptedException {
    var times = new ArrayList<Double>();
    var nodeConfig = client.resources(CiliumBGPNodeConfig.class).withName(name(3));
    for (var flip = 0; flip < flips; flip++) {
      var on = flip % 2 == 1;
      var begin = System.nanoTime();
      client
          .nodes()
          .withName(name(3))
          .edit(node ->
              new NodeBuilder(node)
                  .editMetadata()
                  .addToLabels("bench", on ? "yes" : "no")
                  .endMetadata()
                  .build());
      while (nodeConfig.get() != null != on) {
        Thread.sleep(2);
      }
      times.add(seconds(begin) * 1_000);
    }
    return times;
  }

  private PeerageOperator operator() throws InterruptedException {
    var clock = InstantSource.system();
    var operator =
        new PeerageOperator(
            client,
            clock,
            new PeerageOperator.Settings(
                NAMESPACE,
                true,
                "",
                Optional.empty(),
                Responsibility.of(
                    Responsibility.DefaultIpam.LBIPAM, Responsibility.ForeignAddresses.KEEP),
                ""),
            new EventWriter(client, "operator", "bench", clock),
            new SimpleMeterRegistry(),
            () -> {});
    operator.start();
    while (!operator.missing().isEmpty() || !leads()) {
      Thread.sleep(10);
    }
    Thread.sleep(500);
    return operator;
  }

  private boolean leads() {
    var lease = client.leases().inNamespace(NAMESPACE).withName("peerage-operator").get();
    return lease != null && lease.getSpec().getHolderIdentity() != null;
  }

  private void nodes(int from, int to) throws InterruptedException {
    parallel(
        from,
        to,
        i ->
            client
                .resource(
                    new NodeBuilder()
                        .withNewMetadata()
                        .withName(name(i))
                        .addToLabels("bench", "yes")
                        .endMetadata()
                        .build())
                .create());
  }

  private void clear() throws InterruptedException {
    client.resources(CiliumBGPClusterConfig.class).delete();
    client.raw("/apis/cilium.io/v2/ciliumbgpnodeconfigs", "DELETE", null); // All, in one request.
    while (stored() > 0) {
      Thread.sleep(50);
    }
    Thread.sleep(500);
  }

  private int stored() {
    var page =
        client
            .resources(CiliumBGPNodeConfig.class)
            .list(new ListOptionsBuilder().withLimit(1L).build());
    var more = page.getMetadata().getRemainingItemCount();
    return page.getItems().size() + (more == null ? 0 : more.intValue());
  }

  private long writes() {
    return WRITES
        .matcher(client.raw("/metrics"))
        .results()
        .mapToLong(it -> (long) Double.parseDouble(it.group(1)))
        .sum();
  }

  /** Until no write has been counted for a second. */
  private void settle() throws InterruptedException {
    for (var before = -1L; before != writes(); ) {
      before = writes();
      Thread.sleep(1_000);
    }
  }

  /** Of this process, in seconds. */
  private double cpu() {
    return process.getProcessCpuTime() / 1e9;
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private static void parallel(int from, int to, IntConsumer work) throws InterruptedException {
    var slots = new Semaphore(AT_A_TIME);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = from; i < to; i++) {
        var number = i;
        slots.acquire();
        var _ =
            executor.submit(() -> {
              try {
                work.accept(number);
              } finally {
                slots.release();
              }
            });
      }
    }
  }

  private static String name(int node) {
    return "node-%05d".formatted(node);
  }

  private static CiliumBGPClusterConfig clusterConfig() {
    return Serialization.unmarshal(
        """
        apiVersion: cilium.io/v2
        kind: CiliumBGPClusterConfig
        metadata: {name: bench}
        spec:
          nodeSelector: {matchLabels: {bench: "yes"}}
        """
            + INSTANCES,
        CiliumBGPClusterConfig.class);
  }

  private static CiliumBGPPeerConfig peerConfig() {
    return Serialization.unmarshal(
        """
        apiVersion: cilium.io/v2
        kind: CiliumBGPPeerConfig
        metadata: {name: peer}
        spec: {}
        """,
        CiliumBGPPeerConfig.class);
  }

  private static CiliumBGPNodeConfig nodeConfig(int node) {
    return Serialization.unmarshal(
        """
        apiVersion: cilium.io/v2
        kind: CiliumBGPNodeConfig
        metadata:
          name: %s
          ownerReferences:
          - apiVersion: cilium.io/v2
            kind: CiliumBGPClusterConfig
            name: bench
            uid: 00000000-0000-0000-0000-000000000000
            controller: true
        spec:
        """
                .formatted(name(node))
            + INSTANCES,
        CiliumBGPNodeConfig.class);
  }
}
