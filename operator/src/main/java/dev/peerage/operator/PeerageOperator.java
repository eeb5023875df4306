package dev.peerage.operator;

import dev.peerage.cluster.RouterIdPool;
import dev.peerage.kube.Elector;
import dev.peerage.kube.EventWriter;
import dev.peerage.lbipam.Responsibility;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All reconcilers of the cluster in one process. Several processes may run: all watch, the one that
 * holds the lease writes. A process that loses the lease, or a watch, goes on with a new {@link
 * Term}; one whose API server is away waits for it.
 */
public final class PeerageOperator implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PeerageOperator.class);
  private static final String LEASE = "peerage-operator";

  /** How long a process that is stopped waits for what it has sent. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

  /** How long all that runs may take to end. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(9);

  /** A request that is not answered is given up after half a minute. */
  private static final Duration LONGEST_REQUEST = Duration.ofSeconds(40);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Settings settings;
  private final EventWriter events;
  private final MeterRegistry registry;
  private final Runnable lost;
  private final Readiness readiness;
  private final BesideCilium beside;
  private final Elector elector;
  private final String identity = host() + "_" + UUID.randomUUID();
  private final Thread thread;
  private volatile Optional<Term> running = Optional.empty();
  private volatile boolean closing;

  /** Whether no write of the last term can reach the API server any more. */
  private volatile boolean finished = true;

  private volatile boolean dead;

  /**
   * What is set for the whole operator.
   *
   * @param namespace where the lease lives
   * @param statusReport whether ClusterConfigs and PeerConfigs get conditions; false removes them
   * @param secretsNamespace where the Secrets of PeerConfigs are; empty: nowhere
   * @param routerIds gives instances their router IDs; empty: the agents derive them
   * @param responsibility the Services that get addresses
   * @param ciliumNamespace where Cilium's own settings are; empty: they are not looked at
   */
  public record Settings(
      String namespace,
      boolean statusReport,
      String secretsNamespace,
      Optional<RouterIdPool> routerIds,
      Responsibility responsibility,
      String ciliumNamespace) {}

  /**
   * An operator that does nothing yet.
   *
   * @param events closed with it
   * @param lost called when the operator cannot go on: the process has to end
   */
  public PeerageOperator(
      KubernetesClient client,
      InstantSource clock,
      Settings settings,
      EventWriter events,
      MeterRegistry registry,
      Runnable lost) {
    this.client = client;
    this.clock = clock;
    this.settings = settings;
    this.events = events;
    this.registry = registry;
    this.lost = lost;
    readiness = new Readiness(client);
    beside = new BesideCilium(client, settings.ciliumNamespace(), events, readiness);
    elector = new Elector(client, clock, settings.namespace(), LEASE, identity);
    thread = Thread.ofPlatform().name("operator-terms").daemon().unstarted(this::run);
  }

  /** Starts to watch, and to write once it holds the lease. Returns at once. */
  public void start() {
    thread.start();
  }

  private void run() {
    try {
      for (var attempt = 1; !closing; attempt++) {
        readiness.await();
        beside.await();
        boolean readable = readiness.secretsReadable(settings.secretsNamespace());
        if (term(readable, attempt)) {
          attempt = 0;
        }
      }
    } catch (InterruptedException _) {
      log.debug("Closed");
    } catch (RuntimeException | Error e) {
      if (closing) {
        log.debug("Closed", e);
        return;
      }
      dead = true;
      log.error("The operator cannot go on; ending", e);
      lost.run();
    }
  }

  /** Whether the watches could be started, and ran until something ended the term. */
  private boolean term(boolean secretsReadable, int attempt) throws InterruptedException {
    var term = new Term(client, clock, settings, secretsReadable, events, registry, this::renew);
    boolean started = false;
    try {
      term.start();
      started = true;
      running = Optional.of(term);
      beside.watch(this::renew);
      log.info("Seeking the lease {} as {}", elector, identity);
      term.lead(elector);
    } catch (InterruptedException e) {
      if (closing) {
        throw e;
      }
    } catch (RuntimeException e) {
      if (started || closing) {
        throw e;
      }
      readiness.retry(attempt, "The watches cannot be started", cause(e));
    } finally {
      running = Optional.empty();
      beside.close();
      var _ = Thread.interrupted();
      finished = term.end(closing ? LAST_ANSWERS : LONGEST_REQUEST);
    }
    return started;
  }

  /** Another term: a watch has ended, or Cilium writes the same now. */
  private void renew() {
    if (!closing) {
      thread.interrupt();
    }
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** What is missing before it can plan, by kind. */
  public Map<String, String> missing() {
    var missing = new TreeMap<>(readiness.missing());
    missing.putAll(beside.missing());
    running.ifPresentOrElse(
        term -> missing.putAll(term.missing()),
        () -> missing.putIfAbsent("operator", "its watches have not started yet"));
    return missing;
  }

  /** What is wrong beyond repair. */
  public Map<String, String> dead() {
    return dead ? Map.of("operator", "it cannot go on") : Map.of();
  }

  /** Ends the requests under way, then gives the lease up, so that two never write at a time. */
  @Override
  public void close() {
    closing = true;
    thread.interrupt();
    try {
      var _ = thread.join(LAST_WORDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return;
    }
    events.close();
    if (finished && !thread.isAlive()) {
      elector.release();
    }
  }

  private static String host() {
    return Optional.ofNullable(System.getenv("HOSTNAME"))
        .orElseGet(() -> {
          try {
            return InetAddress.getLocalHost().getHostName();
          } catch (UnknownHostException _) {
            return "peerage";
          }
        });
  }
}
