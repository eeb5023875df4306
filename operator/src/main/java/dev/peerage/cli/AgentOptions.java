package dev.peerage.cli;

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
      description = "summary (a table, the default) or json.")
  Output output = Output.SUMMARY;

  enum Output {
    SUMMARY,
    JSON
  }

  /** All agents of the cluster that is meant. */
  ClusterAgents cluster() {
    return new ClusterAgents(namespace, node, kubeconfig, context);
  }

  Agents agents() {
    return apiAddress == null
        ? cluster()
        : new DirectAgent(apiAddress, node == null ? apiAddress : node);
  }
}
