package dev.peerage.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which agents to ask, and how to show what they say. */
final class AgentOptions {
  @Option(
      names = {"-n", "--namespace"},
      description = "Namespace of the agents. Default: look in all.")
  @Nullable String namespace;

  @Option(names = "--node", description = "Ask only the agent of this node.")
  @Nullable String node;

  @Option(
      names = "--kubeconfig",
      description = "Kubeconfig file. Default: as kubectl, $KUBECONFIG or ~/.kube/config.")
  @Nullable String kubeconfig;

  @Option(names = "--context", description = "Context of the kubeconfig to use.")
  @Nullable String context;

  @Option(
      names = "--api-address",
      paramLabel = "HOST:PORT",
      description =
          "Ask one agent directly, without Kubernetes; on a node: 127.0.0.1:"
              + Ports.LOOKING_GLASS
              + ".")
  @Nullable String apiAddress;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "table|wide|json|yaml",
      converter = Output.Converter.class,
      completionCandidates = Output.Candidates.class,
      description = "table (the default), wide (more columns), json or yaml.")
  Output output = Output.TABLE;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "How long an agent may take to answer, 1 to 600 (default: ${DEFAULT-VALUE}).")
  int timeout = 15;

  @Option(
      names = {"-w", "--watch"},
      description = "Ask again every two seconds, until Ctrl-C.")
  boolean watch;

  @Option(names = "--no-color", description = "No colours, as with the variable NO_COLOR.")
  boolean noColor;

  Duration limit() {
    return Duration.ofSeconds(Math.clamp(timeout, 1, 600));
  }

  /** All agents of the cluster that is meant. */
  ClusterAgents cluster() {
    return new ClusterAgents(namespace, node, kubeconfig, context, limit());
  }

  Agents agents() {
    return apiAddress == null
        ? cluster()
        : new DirectAgent(apiAddress, node == null ? apiAddress : node, limit());
  }
}
