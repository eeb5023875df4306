package dev.peerage.lab;

import static dev.peerage.lab.LabFixtures.save;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.bgp.wire.Prefix;
import dev.peerage.lab.LabRun.RouterChoice;
import dev.peerage.lab.LabRun.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lab as people run it: real speakers on loopback addresses, real files. */
class LabRunTest {
  private static final Path TWO_CLUSTERS = Path.of("../examples/two-clusters");
  private static final Set<Prefix> NETWORK = Set.of(Prefix.parse("10.10.1.0/24"));
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path folder;
  private List<Path> folders = List.of();
  private final StringWriter text = new StringWriter();
  private Runnable stop = () -> {};
  private CompletableFuture<Integer> ended = CompletableFuture.completedFuture(0);

  @BeforeEach
  void copyTheExample() throws IOException {
    folders = List.of(folder);
    LabFixtures.copySeedLab(folder);
  }

  private void start(boolean once, Duration timeout) throws LabException {
    LabRun run =
        new LabRun(
            new Settings(folders, RouterChoice.BUILTIN, NETWORK, timeout, once),
            new PrintWriter(text, true));
    stop = run::stop;
    ended =
        CompletableFuture.supplyAsync(() -> {
          try {
            return run.run();
          } catch (LabException | IOException | InterruptedException e) {
            throw new CompletionException(e);
          }
        });
  }

  private int follow() throws LabException {
    start(false, LIMIT);
    waitFor(0, "watching");
    return text.toString().length();
  }

  @AfterEach
  void stop() throws Exception {
    stop.run();
    ended.get(120, TimeUnit.SECONDS);
  }

  private void edit(String file, String from, String to) throws IOException {
    String content = Files.readString(folder.resolve(file));
    assertThat(content).contains(from);
    save(folder.resolve(file), content.replace(from, to));
  }

  /** Waits until what was printed after this length contains a text; returns it. */
  private String waitFor(int length, String expected) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(text.toString().substring(length)).contains(expected));
    return text.toString().substring(length);
  }

  private String inForce(int length) {
    return waitFor(length, "exactly what the manifests imply");
  }

  @Test
  void onceEndsWithTheLabsTables() throws Exception {
    start(true, LIMIT);
    assertThat(ended.get(120, TimeUnit.SECONDS)).as(text.toString()).isZero();
    assertThat(text.toString())
        .containsSubsequence(
            "k8s-ctr   65001      65000     192.168.10.200   established",
            "k8s-w0    65001      65000     192.168.10.200   established",
            "k8s-w1    65001      65000     192.168.10.200   established")
        .containsPattern(
            "k8s-w0 .*\\n {10}65001     172\\.20\\.2\\.0/24   0\\.0\\.0\\.0   \\d+s +"
                + "\\[\\{Origin: i} \\{Nexthop: 0\\.0\\.0\\.0}]\\n")
        .contains(
            "k8s-ctr   65001     allow-local              import",
            "192.168.10.200                    172.16.1.1/32 (32..32)          accept")
        .contains(
            "*> 10.10.1.0/24     0.0.0.0                  0         32768 i",
            "*> 172.20.0.0/24    192.168.10.100                         0 65001 i",
            "*> 172.20.1.0/24    192.168.10.101                         0 65001 i",
            "*> 172.20.2.0/24    192.168.20.100                         0 65001 i",
            "Displayed  5 routes and 7 total paths")
        .containsPattern("\\*> 172\\.16\\.1\\.1/32    192\\.168\\.\\d+\\.10\\d +0 65001 i\\n\\*=  ")
        .contains("appliedHoldTimeSeconds: 9", "appliedKeepaliveSeconds: 3")
        .contains(
            "3 sessions Established, 7 paths at the router, exactly what the manifests imply");
    // Every node: five routes received, two advertised.
    assertThat(text.toString().lines().filter(l -> l.matches(".*established.*ipv4/unicast +5 +2")))
        .hasSize(3);
  }

  /** k8s-w0 expects another ASN of the router than the other nodes do: its session never is up. */
  private void wantAnotherAsnOfTheRouter() throws IOException {
    String nodes = Files.readString(folder.resolve("10-nodes.yaml"));
    int w0 = nodes.indexOf("name: k8s-w0");
    save(
        folder.resolve("10-nodes.yaml"),
        nodes.substring(0, w0) + nodes.substring(w0).replace("enable-bgp", "other"));
    save(
        folder.resolve("25-other.yaml"),
        """
        apiVersion: cilium.io/v2
        kind: CiliumBGPClusterConfig
        metadata:
          name: other
        spec:
          nodeSelector:
            matchLabels: {other: "true"}
          bgpInstances:
          - name: instance
            localASN: 65001
            peers:
            - name: tor-switch
              peerASN: 64999
              peerAddress: 192.168.10.200
        """);
  }

  @Test
  void onceSaysWhatIsMissingWhenASessionCannotComeUp() throws Exception {
    wantAnotherAsnOfTheRouter();
    start(true, Duration.ofSeconds(1));
    assertThat(ended.get(120, TimeUnit.SECONDS)).as(text.toString()).isEqualTo(1);
    assertThat(text.toString())
        .contains("warning: router 192.168.10.200 is wanted with AS 65000 and AS 64999")
        .contains("not in force after 1 s:")
        .containsPattern("  node k8s-w0: (no session to|session to) tor-switch");
  }

  @Test
  void saysWhyASessionCannotComeUpAsSoonAsItIsKnown() throws Exception {
    wantAnotherAsnOfTheRouter();
    start(false, Duration.ofSeconds(1));
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(text.toString())
                .contains("not in force after 1 s:")
                .containsPattern(
                    "node k8s-w0: session to tor-switch \\(192.168.10.200\\) is \\w+: .*AS"));
  }

  @Test
  void theNodesLabelDecidesOverItsSession() throws Exception {
    int length = follow();
    Path file = folder.resolve("10-nodes.yaml");
    String nodes = Files.readString(file);
    int w0 = nodes.indexOf("name: k8s-w0");
    save(file, nodes.substring(0, w0) + nodes.substring(w0).replace("\"true\"", "\"false\""));
    assertThat(inForce(length))
        .contains("Node k8s-w0 (10-nodes.yaml): metadata.labels.enable-bgp: true -> false")
        .contains("node k8s-w0: ends the session to instance-65001/tor-switch")
        .contains("router 192.168.10.200: - 172.20.2.0/24 via 192.168.20.100, path 65001")
        .contains("router 192.168.10.200: - 172.16.1.1/32 via 192.168.20.100, path 65001")
        .contains("2 sessions Established, 5 paths");
    length = text.toString().length();
    save(file, nodes);
    assertThat(inForce(length))
        .contains("node k8s-w0: opens a session to instance-65001/tor-switch")
        .contains("router 192.168.10.200: + 172.20.2.0/24 via 192.168.20.100, path 65001")
        .contains("3 sessions Established, 7 paths");
  }

  @Test
  void localServicesAreAnnouncedByNodesWithEndpointsOnly() throws Exception {
    int length = follow();
    edit("40-webpod.yaml", "externalTrafficPolicy: Cluster", "externalTrafficPolicy: Local");
    inForce(length);
    length = text.toString().length();
    edit(
        "40-webpod.yaml",
        "nodeName: k8s-ctr\n  conditions:\n    ready: true\n    serving: true",
        "nodeName: k8s-ctr\n  conditions:\n    ready: false\n    serving: false");
    assertThat(inForce(length))
        .contains("node k8s-ctr: withdraws 172.16.1.1/32 from tor-switch")
        .contains("router 192.168.10.200: - 172.16.1.1/32 via 192.168.10.100, path 65001")
        .contains("3 sessions Established, 6 paths");
  }

  @Test
  void aNewServiceGetsAnAddressAndARoute() throws Exception {
    int length = follow();
    save(
        folder.resolve("60-second.yaml"),
        """
        apiVersion: v1
        kind: Service
        metadata:
          name: second
          labels: {app: webpod}
        spec:
          type: LoadBalancer
          ports: [{port: 80}]
        """);
    assertThat(inForce(length))
        .contains("Service default/second added (60-second.yaml)")
        .contains("Service default/second is given the address 172.16.1.2")
        .contains("router 192.168.10.200: + 172.16.1.2/32 via 192.168.10.100, path 65001")
        .contains("3 sessions Established, 10 paths");
    length = text.toString().length();
    Files.delete(folder.resolve("60-second.yaml"));
    assertThat(inForce(length))
        .contains("Service default/second removed (was in 60-second.yaml)")
        .contains("router 192.168.10.200: - 172.16.1.2/32 via 192.168.10.100, path 65001");
  }

  @Test
  void aBadManifestChangesNothingUntilItIsMended() throws Exception {
    int length = follow();
    edit("20-bgp.yaml", "localASN: 65001", "localASN: 0");
    assertThat(waitFor(length, "the lab keeps running as before"))
        .contains(
            "20-bgp.yaml:40: CiliumBGPClusterConfig cilium-bgp, spec.bgpInstances[0].localASN")
        .contains("0 is out of range")
        .contains("to mend it: use a whole number from 1 to 4294967295");
    length = text.toString().length();
    edit("20-bgp.yaml", "localASN: 0", "localASN: 65002");
    assertThat(inForce(length))
        .contains("the manifests are in order again")
        .contains("starts anew: AS 65001, router ID 192.168.10.100 -> AS 65002")
        .contains("router 192.168.10.200: + 172.20.0.0/24 via 192.168.10.100, path 65002");
  }

  @Test
  void twoClustersMeetAtTheRouterAndKnowNothingOfEachOther() throws Exception {
    for (String cluster : List.of("west", "east")) {
      Path copy = Files.createDirectory(folder.resolve(cluster));
      try (Stream<Path> files = Files.list(TWO_CLUSTERS.resolve(cluster))) {
        for (Path file : files.toList()) {
          Files.copy(file, copy.resolve(file.getFileName().toString()));
        }
      }
    }
    folders = List.of(folder.resolve("west"), folder.resolve("east"));
    int length = follow();
    // Eight paths of the clusters and the router's own network; every node is told of all prefixes.
    assertThat(text.toString())
        .contains("4 sessions Established, 9 paths at the router")
        .containsPattern("\\*> 172\\.16\\.1\\.1/32 +172\\.18\\.0\\.[23] .* 65001 i")
        .containsPattern("\\*> 172\\.16\\.2\\.1/32 +172\\.18\\.0\\.[45] .* 65002 i")
        .containsPattern("\\*> 10\\.0\\.1\\.0/24 +172\\.18\\.0\\.2 .* 65001 i")
        .containsPattern("\\*> 10\\.1\\.1\\.0/24 +172\\.18\\.0\\.4 .* 65002 i");

    Path file = folder.resolve("east/30-webpod.yaml");
    save(file, Files.readString(file).replace("LoadBalancer", "ClusterIP"));
    assertThat(inForce(length))
        .contains("router 172.18.0.200: - 172.16.2.1/32 via 172.18.0.4, path 65002")
        .contains("4 sessions Established, 7 paths")
        .contains("east: node east-worker: withdraws 172.16.2.1/32 from tor-switch")
        .doesNotContain("west: ");
  }
}
