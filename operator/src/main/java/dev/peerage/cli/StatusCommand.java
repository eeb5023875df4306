package dev.peerage.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.peerage.cli.Agents.Answer;
import dev.peerage.table.StatusTable;
import dev.peerage.why.ClusterStatus;
import dev.peerage.why.ProblemsAnswer;
import dev.peerage.why.StatusFacts;
import dev.peerage.why.StatusOverview;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code peerage status}: the whole cluster on one screen. */
@Command(
    name = "status",
    description = {
      "Shows nodes, sessions, routes, Services and pools of the whole cluster on one screen, and each"
          + " problem with what to type next.",
      "Exit code 0: no problem was found; 1: one was."
    },
    mixinStandardHelpOptions = true,
    versionProvider = PeerageCommand.Version.class)
final class StatusCommand implements Callable<Integer> {
  private static final String PATH = "/problems";

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private AgentOptions options = new AgentOptions();

  @Override
  public Integer call() throws InterruptedException, JsonProcessingException {
    return AskedAgents.run(
        spec,
        options,
        () -> {
          ClusterStatus status = ask();
          Shown.print(spec.commandLine().getOut(), options, status, _ -> StatusTable.of(status));
          return status.isBroken() ? ExitCode.PROBLEM : 0;
        });
  }

  private ClusterStatus ask() throws InterruptedException {
    return switch (options.agents()) {
      case DirectAgent agent -> {
        if (options.kubeconfig == null && options.context == null) {
          yield status(Optional.empty(), agent.ask(PATH, ProblemsAnswer.class));
        }
        try (KubernetesClient client = options.cluster().client()) {
          StatusFacts facts = facts(client);
          yield status(Optional.of(facts), agent.ask(PATH, ProblemsAnswer.class));
        }
      }
      case ClusterAgents agents -> {
        try (KubernetesClient client = agents.client()) {
          StatusFacts facts = facts(client);
          yield status(Optional.of(facts), agents.ask(client, PATH, ProblemsAnswer.class));
        }
      }
    };
  }

  private StatusFacts facts(KubernetesClient client) {
    StatusFacts facts = new ClusterReader(client).status();
    return options.node == null ? facts : facts.ofNode(options.node);
  }

  private static ClusterStatus status(
      Optional<StatusFacts> facts, List<Answer<ProblemsAnswer>> answers) {
    Map<String, ProblemsAnswer> given = new TreeMap<>();
    Map<String, String> silent = new TreeMap<>();
    for (Answer<ProblemsAnswer> answer : answers) {
      switch (answer) {
        case Answer.Given<ProblemsAnswer>(var node, var value) -> given.put(node, value);
        case Answer.Missing<ProblemsAnswer>(var node, var reason) -> silent.put(node, reason);
      }
    }
    return StatusOverview.of(facts, given, silent);
  }
}
