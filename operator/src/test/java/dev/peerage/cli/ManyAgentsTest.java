package dev.peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.peerage.cli.SimulatedCluster.Manner;
import dev.peerage.http.StateAnswer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands against the agents of a large cluster. */
class ManyAgentsTest {
  private static final int AGENTS = 200;
  private static final int REFUSES = 17;
  private static final int HANGS_UP = 42;
  private static final int PENDING = 99;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private static String state() throws Exception {
    return new ObjectMapper()
        .writeValueAsString(
            new StateAnswer(
                List.of(
                    new StateAnswer.Instance(
                        "instance-65001",
                        65001,
                        "10.0.0.1",
                        List.of(
                            new StateAnswer.Peer(
                                "tor-switch",
                                "10.0.0.254",
                                179,
                                65000,
                                "established",
                                5L,
                                List.of(new StateAnswer.Family("ipv4", "unicast", 3, 0, 2)),
                                "",
                                null)),
                        ""))));
  }

  private int run(String... args) {
    CommandLine line = new CommandLine(new PeerageCommand());
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(args);
  }

  /** None of them answers before all have been asked: one after the other gets no answer at all. */
  @Test
  void allAreAskedAtOnceAndThoseThatDoNotAnswerAreNamed(@TempDir Path folder) throws Exception {
    List<Manner> agents = new ArrayList<>(Collections.nCopies(AGENTS, Manner.ANSWERS));
    agents.set(REFUSES, Manner.REFUSES);
    agents.set(HANGS_UP, Manner.HANGS_UP);
    agents.set(PENDING, Manner.PENDING);
    try (SimulatedCluster cluster = SimulatedCluster.start(agents, state())) {
      String kubeconfig = cluster.kubeconfig(folder).toString();
      assertThat(run("peers", "--kubeconfig", kubeconfig, "--timeout", "300"))
          .as(err.toString())
          .isEqualTo(ExitCode.PROBLEM);
    }
    List<String> named =
        out.toString().lines().skip(1).map(line -> line.substring(0, line.indexOf(' '))).toList();
    assertThat(named)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, AGENTS)
                .filter(each -> agents.get(each) == Manner.ANSWERS)
                .mapToObj(SimulatedCluster::node)
                .toList());
    assertThat(err.toString().lines())
        .satisfiesExactlyInAnyOrder(
            line ->
                assertThat(line)
                    .startsWith("peerage: node node-17: ")
                    .contains("agent-17", "the right to create pods/portforward"),
            line ->
                assertThat(line)
                    .startsWith("peerage: node node-42: agent pod peerage-system/agent-42")
                    .contains("closed before an answer came"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "peerage: node node-99: agent pod peerage-system/agent-99 is Pending"));
  }

  @Test
  void oneThatSaysNothingIsWaitedForAsLongAsAsked(@TempDir Path folder) throws Exception {
    try (SimulatedCluster cluster = SimulatedCluster.start(List.of(Manner.SILENT), state())) {
      assertThat(
              run("peers", "--kubeconfig", cluster.kubeconfig(folder).toString(), "--timeout", "1"))
          .isEqualTo(ExitCode.PROBLEM);
    }
    assertThat(err.toString())
        .contains("node node-0: agent pod peerage-system/agent-0 does not answer")
        .contains("no answer within 1 s");
  }
}
