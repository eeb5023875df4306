package dev.peerage.agent;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for the agents' DaemonSet and the node's Node when an agent is told to end. They are not
 * watched: a DaemonSet's status changes with every pod of a rollout, and thousands of agents would
 * be told each time.
 */
final class OwnDaemonSet {
  private static final Logger log = LoggerFactory.getLogger(OwnDaemonSet.class);

  /** How long the last questions may take together. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration UNTIL_KNOWN = Duration.ofMinutes(1);
  private static final Executor THREADS = task -> Thread.ofVirtual().name("question").start(task);

  private final KubernetesClient client;
  private final DaemonSetName name;
  private final String nodeName;
  private final Thread firstQuestion = Thread.ofVirtual().unstarted(this::learn);
  private volatile boolean allowed;

  OwnDaemonSet(KubernetesClient client, DaemonSetName name, String nodeName) {
    this.client = client;
    this.name = name;
    this.nodeName = nodeName;
  }

  /** Finds out whether it may ask. */
  void start() {
    firstQuestion.start();
  }

  private void learn() {
    try {
      while (true) {
        switch (daemonSet(Duration.ofSeconds(30))) {
          case Answer.Found<DaemonSet> _ -> {
            allowed = true;
            return;
          }
          case Answer.Missing<DaemonSet> _ -> {
            log.warn(
                "There is no DaemonSet {}: the end of this agent will withdraw its routes", name);
            return;
          }
          case Answer.Refused<DaemonSet>(var why) -> {
            log.warn(
                "The DaemonSet {} may not be read: the routers will keep this node's routes for a"
                    + " restart even when no agent follows: {}",
                name,
                why);
            return;
          }
          case Answer.Silence<DaemonSet> _ -> Thread.sleep(UNTIL_KNOWN);
        }
      }
    } catch (InterruptedException _) {
      log.debug("Ends before the API server has answered");
    }
  }

  /** Whether another agent follows on this node, after {@link #PATIENCE} at the latest. */
  Ending ending() throws InterruptedException {
    firstQuestion.interrupt();
    long end = System.nanoTime() + PATIENCE.toNanos();
    CompletableFuture<Answer<Node>> node =
        CompletableFuture.supplyAsync(() -> answer(this::node), THREADS);
    Answer<DaemonSet> daemonSet = daemonSet(left(end));
    // An API server that has just started refuses what it has not read the roles for yet.
    while (daemonSet instanceof Answer.Refused && left(end).compareTo(PAUSE) > 0) {
      Thread.sleep(PAUSE);
      Answer<DaemonSet> again = daemonSet(left(end));
      daemonSet = again instanceof Answer.Silence ? daemonSet : again;
    }
    Ending ending = Ending.of(daemonSet, within(left(end), node), allowed);
    log.debug("{} of {}: {}", daemonSet.getClass().getSimpleName(), name, ending);
    return ending;
  }

  private static Duration left(long end) {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  private Answer<DaemonSet> daemonSet(Duration patience) throws InterruptedException {
    return within(
        patience,
        CompletableFuture.supplyAsync(
            () ->
                answer(() ->
                    Optional.ofNullable(
                        client
                            .apps()
                            .daemonSets()
                            .inNamespace(name.namespace())
                            .withName(name.name())
                            .get())),
            THREADS));
  }

  /** By a list, which the agent has the right to; its watch keeps only some of the labels. */
  private Optional<Node> node() {
    return client.nodes().withField("metadata.name", nodeName).list().getItems().stream()
        .findFirst();
  }

  private static <T> Answer<T> within(Duration patience, CompletableFuture<Answer<T>> answer)
      throws InterruptedException {
    try {
      return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      return new Answer.Silence<>("no answer in time");
    } catch (ExecutionException e) {
      return new Answer.Silence<>(String.valueOf(e.getCause()));
    }
  }

  private static <T> Answer<T> answer(Supplier<Optional<T>> question) {
    try {
      return question.get().<Answer<T>>map(Answer.Found::new).orElseGet(Answer.Missing::new);
    } catch (KubernetesClientException e) {
      return switch (e.getCode()) {
        case HttpURLConnection.HTTP_UNAUTHORIZED, HttpURLConnection.HTTP_FORBIDDEN ->
            new Answer.Refused<>(String.valueOf(e.getMessage()));
        default -> new Answer.Silence<>(e.toString());
      };
    }
  }
}
