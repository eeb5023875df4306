package dev.peerage.cli;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The agents of a cluster, each read through a port-forward to its pod. */
record ClusterAgents(
    @Nullable String namespace,
    @Nullable String node,
    @Nullable String kubeconfig,
    @Nullable String context,
    Duration limit)
    implements Agents {
  /** The agent's looking glass, as the chart names it among the container's ports. */
  private static final String PORT_NAME = "looking-glass";

  private static final Map<String, String> LABELS =
      Map.of("app.kubernetes.io/name", "peerage", "app.kubernetes.io/component", "agent");

  @Override
  public <T> List<Answer<T>> ask(String path, Class<T> type) throws InterruptedException {
    try (KubernetesClient client = client()) {
      return ask(client, path, type);
    }
  }

  /** A client of the cluster that is meant; to be closed. */
  KubernetesClient client() {
    return new KubernetesClientBuilder()
        .withConfig(Kubeconfig.ofProcess().read(kubeconfig, context))
        .build();
  }

  /** As {@link #ask(String, Class)}, with a client that is there. */
  <T> List<Answer<T>> ask(KubernetesClient client, String path, Class<T> type)
      throws InterruptedException {
    List<Pod> pods = pods(client);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer<T>>> asked = new ArrayList<>();
      for (Pod pod : pods) {
        asked.add(threads.submit(() -> ask(client, pod, path, type)));
      }
      List<Answer<T>> answers = new ArrayList<>();
      for (Future<Answer<T>> answer : asked) {
        answers.add(answer.get());
      }
      return answers;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private List<Pod> pods(KubernetesClient client) {
    List<Pod> pods;
    try {
      pods =
          namespace == null
              ? client.pods().inAnyNamespace().withLabels(LABELS).list().getItems()
              : client.pods().inNamespace(namespace).withLabels(LABELS).list().getItems();
    } catch (KubernetesClientException e) {
      throw AgentsException.notReachable(
          "cannot list the agents' pods at %s: %s; look at --kubeconfig and --context, or at your right"
                  .formatted(client.getMasterUrl(), reason(e))
              + " to list pods");
    }
    List<Pod> wanted =
        pods.stream()
            .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
            .filter(pod -> node == null || node.equals(pod.getSpec().getNodeName()))
            .sorted(Comparator.comparing(ClusterAgents::nodeOf))
            .toList();
    if (wanted.isEmpty()) {
      throw AgentsException.noAgent(
          "no Peerage agent"
              + (node == null ? "" : " on node " + node)
              + (namespace == null ? " in any namespace" : " in namespace " + namespace)
              + " of "
              + client.getMasterUrl()
              + " (looked for pods labelled app.kubernetes.io/name=peerage,"
              + "app.kubernetes.io/component=agent)");
    }
    return wanted;
  }

  private <T> Answer<T> ask(KubernetesClient client, Pod pod, String path, Class<T> type)
      throws InterruptedException {
    String namespace = pod.getMetadata().getNamespace();
    String name = pod.getMetadata().getName();
    String subject = "agent pod " + namespace + "/" + name;
    String phase = pod.getStatus() == null ? "Unknown" : pod.getStatus().getPhase();
    if (!"Running".equals(phase)) {
      return new Answer.Missing<>(nodeOf(pod), subject + " is " + phase);
    }
    OptionalInt port = lookingGlass(pod);
    if (port.isEmpty()) {
      return new Answer.Missing<>(
          nodeOf(pod), subject + " has no port named " + PORT_NAME + ": it is of another version");
    }
    try (LocalPortForward forward =
        client.pods().inNamespace(namespace).withName(name).portForward(port.getAsInt())) {
      try {
        String address = "127.0.0.1:" + forward.getLocalPort();
        return new Answer.Given<>(nodeOf(pod), Http.get(address, path, type, limit));
      } catch (IOException e) {
        return new Answer.Missing<>(
            nodeOf(pod), subject + " does not answer: " + cause(forward, e));
      }
    } catch (KubernetesClientException e) {
      return new Answer.Missing<>(
          nodeOf(pod), "cannot forward a port to " + subject + ": " + reason(e));
    } catch (IOException e) {
      return new Answer.Missing<>(nodeOf(pod), subject + ": " + e);
    }
  }

  static OptionalInt lookingGlass(Pod pod) {
    return pod.getSpec().getContainers().stream()
        .flatMap(container -> container.getPorts().stream())
        .filter(port -> PORT_NAME.equals(port.getName()))
        .mapToInt(ContainerPort::getContainerPort)
        .findFirst();
  }

  // The HTTP client only sees a closed connection; the forward knows why.
  private String cause(LocalPortForward forward, IOException otherwise) {
    List<Throwable> causes = new ArrayList<>();
    Collection<Throwable> server = forward.getServerThrowables();
    Collection<Throwable> client = forward.getClientThrowables();
    causes.addAll(server == null ? List.of() : server);
    causes.addAll(client == null ? List.of() : client);
    Throwable cause = causes.isEmpty() ? otherwise : causes.getFirst();
    return cause instanceof IOException e && e != otherwise
        ? Unanswered.words(e, limit)
        : cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  private static String nodeOf(Pod pod) {
    String node = pod.getSpec().getNodeName();
    return node == null ? pod.getMetadata().getName() : node;
  }

  static String reason(KubernetesClientException e) {
    if (e.getStatus() != null && e.getStatus().getMessage() != null) {
      return e.getStatus().getMessage();
    }
    for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause.getCause() == null && cause instanceof IOException failure) {
        return Unanswered.words(failure, Kubeconfig.LIMIT);
      }
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
