package dev.peerage.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.peerage.cli.Agents.Answer;
import dev.peerage.kube.ServiceKey;
import dev.peerage.table.WhyTable;
import dev.peerage.why.ClusterFacts;
import dev.peerage.why.Explainer;
import dev.peerage.why.Explanation;
import dev.peerage.why.Target;
import dev.peerage.why.WhyAnswer;
import dev.peerage.why.WhyQuery;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerage why}: why something is announced or not. */
@Command(
    name = "why",
    description = {
      "Says for each node and peer whether a Service, an address or a prefix is announced, which"
          + " link of the chain breaks, since when, and what to type next.",
      "Exit code 0: all that is to be announced is on the wire; 1: something is not, or an agent"
          + " does not answer."
    },
    mixinStandardHelpOptions = true,
    versionProvider = PeerageCommand.Version.class)
final class WhyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private AgentOptions options = new AgentOptions();

  @Parameters(
      paramLabel = "SERVICE|IP|PREFIX",
      description =
          "[NAMESPACE/]SERVICE, gateway/[NAMESPACE/]NAME, an address such as 172.16.1.1, or a"
              + " prefix.")
  private String what = "";

  @Override
  public Integer call() throws InterruptedException, JsonProcessingException {
    Target target;
    try {
      target = Target.parse(what);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    return AskedAgents.run(
        spec,
        options,
        () -> {
          Explanation why =
              switch (options.agents()) {
                case DirectAgent agent -> direct(agent, target);
                case ClusterAgents agents -> cluster(agents, target);
              };
          Shown.print(spec.commandLine().getOut(), options, why, _ -> WhyTable.of(why));
          return why.broken() ? ExitCode.PROBLEM : 0;
        });
  }

  /** What one agent knows, and the API server where a kubeconfig or a context is given. */
  private Explanation direct(DirectAgent agent, Target target) throws InterruptedException {
    if (options.kubeconfig != null || options.context != null) {
      try (KubernetesClient client = options.cluster().client()) {
        ClusterFacts facts = facts(client, target);
        Optional<WhyQuery> query = query(target, facts);
        return explain(
            target,
            Optional.of(facts),
            query.isPresent() ? agent.ask(path(query.get()), WhyAnswer.class) : List.of());
      }
    }
    WhyQuery query =
        switch (target) {
          case Target.OfService(var namespace, var name) ->
              new WhyQuery.OfService(new ServiceKey(namespace.orElse("default"), name));
          case Target.OfPrefix(var prefix) -> new WhyQuery.OfPrefix(prefix);
          case Target.OfGateway _ ->
              throw new ParameterException(
                  spec.commandLine(),
                  "an agent does not know Gateways: give --kubeconfig, or ask about its Service");
        };
    return explain(target, Optional.empty(), agent.ask(path(query), WhyAnswer.class));
  }

  private Explanation cluster(ClusterAgents agents, Target target) throws InterruptedException {
    try (KubernetesClient client = agents.client()) {
      ClusterFacts facts = facts(client, target);
      Optional<WhyQuery> query = query(target, facts);
      // Without a Service there is nothing to ask the agents about.
      List<Answer<WhyAnswer>> answers =
          query.isPresent() ? agents.ask(client, path(query.get()), WhyAnswer.class) : List.of();
      return explain(target, Optional.of(facts), answers);
    }
  }

  private ClusterFacts facts(KubernetesClient client, Target target) {
    ClusterFacts facts = new ClusterReader(client).read(target);
    return options.node == null ? facts : facts.ofNode(options.node);
  }

  private static Optional<WhyQuery> query(Target target, ClusterFacts facts) {
    return switch (target) {
      case Target.OfPrefix(var prefix) -> Optional.of(new WhyQuery.OfPrefix(prefix));
      case Target.OfService _, Target.OfGateway _ ->
          facts.service().map(it -> new WhyQuery.OfService(ServiceKey.of(it)));
    };
  }

  private static String path(WhyQuery query) {
    return "/why?" + query.parameters();
  }

  private static Explanation explain(
      Target target, Optional<ClusterFacts> facts, List<Answer<WhyAnswer>> answers) {
    Map<String, WhyAnswer> given = new TreeMap<>();
    Map<String, String> silent = new TreeMap<>();
    for (Answer<WhyAnswer> answer : answers) {
      switch (answer) {
        case Answer.Given<WhyAnswer>(var node, var value) -> given.put(node, value);
        case Answer.Missing<WhyAnswer>(var node, var reason) -> silent.put(node, reason);
      }
    }
    return Explainer.explain(target, facts, given, silent);
  }
}
