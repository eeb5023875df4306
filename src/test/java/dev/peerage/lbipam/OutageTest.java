package dev.peerage.lbipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.apiserver.CuttableConnection;
import dev.peerage.operator.OperatorProcess;
import dev.peerage.proof.Rounds;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.net.URI;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The API server is away while 500 Services wait for addresses. The operator goes on in the same
 * process, and neither it nor an agent says much of it, started before or meanwhile.
 */
@Tag("cluster")
@Tag("proof")
final class OutageTest {
  private static final int SERVICES = 500;

  /** Each of the processes tries more than once a second: a few seconds, or more than a minute. */
  private static final int ATTEMPTS = Rounds.of(300, 4_000);

  private static final int LINES_PER_MINUTE = 20;
  private static final Pattern REFUSALS =
      Pattern.compile(
          "(?m)^authorization_attempts_total\\{result=\"(?:denied|no-opinion)\"\\} ([0-9.e+]+)$");
  private static final Pattern LINE =
      Pattern.compile("(\\d{4}-\\d\\d-\\d\\dT\\S+) (?:INFO |WARN |ERROR) \\w+: \\S.*");

  @Test
  void isSurvivedAndToldInAFewLines() {
    var server = ApiServer.start();
    var client = server.client();
    ManyServices.create(client, SERVICES);
    client
        .resource(new NodeBuilder().withNewMetadata().withName("n").endMetadata().build())
        .create();
    try (var way = new CuttableConnection(URI.create(client.getMasterUrl().toString()).getPort());
        var history = ServiceHistory.of(client);
        var operator =
            OperatorProcess.start(server.kubeconfig("peerage-operator", way.port()))
                .awaitLeading();
        var agent =
            OperatorProcess.agent(server.kubeconfig("peerage-agent", way.port()), "n")
                .awaitReady()) {
      operator.awaitSaid("Known: 0 CiliumLoadBalancerIPPools");
      server.apply(
          """
          apiVersion: cilium.io/v2
          kind: CiliumLoadBalancerIPPool
          metadata: {name: p}
          spec: {blocks: [{cidr: 172.16.0.0/16}]}
          """);
      operator.awaitSaid("Service default/s-");
      way.cut();
      var before = List.of(operator.log().lines().count(), agent.log().lines().count());
      try (var lateOperator =
              OperatorProcess.start(server.kubeconfig("peerage-operator", way.port()));
          var lateAgent =
              OperatorProcess.agent(server.kubeconfig("peerage-agent", way.port()), "n")) {
        var all = List.of(operator, agent, lateOperator, lateAgent);
        all.forEach(it -> it.awaitSaid("does not answer"));
        var told = way.refused();
        await("attempts to reach the API server")
            .atMost(Duration.ofMinutes(30))
            .until(() -> way.refused() > told + ATTEMPTS);
        assertReadable(operator.log().lines().skip(before.get(0)).toList());
        assertReadable(agent.log().lines().skip(before.get(1)).toList());
        assertReadable(lateOperator.log().lines().toList());
        assertReadable(lateAgent.log().lines().toList());

        way.mend();
        history.await(SERVICES, ServiceHistory::isSatisfied);
        lateAgent.awaitReady();
        lateOperator.awaitReady();
        assertThat(history.faults()).isEmpty();
        assertThat(operator.get("/metrics")).contains("peerage_operator_nodeconfigs 0.0");
        for (var each : all) {
          each.awaitSaid("The API server answers again");
          assertThat(each.alive()).isTrue();
          assertThat(each.log()).doesNotContain("Lost the lease");
          assertReadable(each.log().lines().filter(it -> !it.contains(" Service ")).toList());
        }
      }
    }
  }

  /** The role covers the Secrets of another namespace. */
  @Test
  void whatMustNotBeSeenIsToldInOneLine() {
    var server = ApiServer.start();
    server
        .client()
        .resource(new NodeBuilder().withNewMetadata().withName("n").endMetadata().build())
        .create();
    var objects =
        server.apply(
            """
            apiVersion: cilium.io/v2
            kind: CiliumBGPPeerConfig
            metadata: {name: signed}
            spec: {authSecretRef: bgp-password}
            ---
            apiVersion: cilium.io/v2
            kind: CiliumBGPNodeConfig
            metadata: {name: n}
            spec:
              bgpInstances:
              - name: i
                localASN: 65001
                routerID: 10.0.0.1
                peers: [{name: tor, peerASN: 65000, peerAddress: 127.0.0.9, peerConfigRef: {name: signed}}]
            """);
    var before = refusals(server);
    try (var agent =
        OperatorProcess.agent(
                server.kubeconfig("peerage-agent", "127.0.0.1"), "n", "--secrets-namespace=default")
            .awaitReady()) {
      await("refusals").atMost(OperatorProcess.LIMIT).until(() -> refusals(server) > before + 4);
      var lines = agent.log().lines().toList();
      assertReadable(lines);
      assertThat(lines)
          .filteredOn(it -> it.contains("Secret bgp-password cannot be watched"))
          .hasSize(1);
    } finally {
      objects.forEach(it -> server.client().resource(it).delete());
    }
  }

  private static double refusals(ApiServer server) {
    return REFUSALS
        .matcher(server.client().raw("/metrics"))
        .results()
        .mapToDouble(it -> Double.parseDouble(it.group(1)))
        .sum();
  }

  private static void assertReadable(List<String> lines) {
    assertThat(lines).allMatch(it -> LINE.matcher(it).matches());
    var times =
        lines.stream()
            .map(LINE::matcher)
            .filter(it -> it.matches())
            .map(it -> OffsetDateTime.parse(it.group(1)))
            .toList();
    for (var first = 0; first + LINES_PER_MINUTE < times.size(); first++) {
      assertThat(times.get(first + LINES_PER_MINUTE))
          .as("%s lines within a minute: %s", LINES_PER_MINUTE, lines)
          .isAfter(times.get(first).plusMinutes(1));
    }
  }
}
