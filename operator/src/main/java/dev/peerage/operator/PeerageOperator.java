package dev.peerage.operator;

import dev.peerage.cluster.BgpCluster;
import dev.peerage.cluster.RouterIdPool;
import dev.peerage.cluster.StorageMigration;
import dev.peerage.kube.EventWriter;
import dev.peerage.kube.LeaseFence;
import dev.peerage.kube.RetryPolicy;
import dev.peerage.lbipam.LbIpam;
import dev.peerage.lbipam.Responsibility;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.Cloner;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.monitoring.AggregatedMetrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.javaoperatorsdk.operator.processing.Controller;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All reconcilers of the cluster in one process. The only class that configures the Java Operator
 * SDK. Several processes may run: all watch, the one that holds the lease writes.
 */
public final class PeerageOperator implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PeerageOperator.class);

  /** Every object is looked at this often, whatever the watches say. */
  private static final Duration RESYNC = Duration.ofMinutes(10);

  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
  private static final Duration RETRY_PERIOD = Duration.ofSeconds(2);

  /** How long requests under way may take at the end. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Settings settings;
  private final EventWriter events;
  private final MeterRegistry registry;
  private final Runnable lost;
  private final OperatorLease lease;
  private final Readiness readiness;
  private final StorageMigration migration;
  private final Thread starter;
  private volatile Optional<Operator> running = Optional.empty();
  private volatile boolean closing;
  private volatile boolean dead;

  /**
   * What is set for the whole operator.
   *
   * @param namespace where the lease lives
   * @param statusReport whether ClusterConfigs and PeerConfigs get conditions; false removes them
   * @param secretsNamespace where the Secrets of PeerConfigs are; empty: nowhere
   * @param routerIds gives instances their router IDs; empty: the agents derive them
   * @param responsibility the Services that get addresses
   * @param storageMigration whether objects that are stored as v2alpha1 are rewritten
   */
  public record Settings(
      String namespace,
      boolean statusReport,
      String secretsNamespace,
      Optional<RouterIdPool> routerIds,
      Responsibility responsibility,
      boolean storageMigration) {}

  /**
   * An operator that does nothing yet.
   *
   * @param events closed with it
   * @param lost called when the lease is lost, or the operator cannot go on: the process has to end
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
    lease = OperatorLease.in(settings.namespace());
    readiness = new Readiness(client);
    migration = new StorageMigration(client);
    starter = Thread.ofPlatform().name("operator-start").daemon().unstarted(this::untilStarted);
  }

  /** Starts to watch, and to write once it holds the lease. Returns at once. */
  public void start() {
    starter.start();
  }

  private void untilStarted() {
    try {
      for (var attempt = 1; !closing; attempt++) {
        readiness.await();
        boolean readable = readiness.secretsReadable(settings.secretsNamespace());
        var operator = new Operator(this::configure);
        register(operator, readable);
        try {
          log.info("Seeking the lease {} as {}", lease, lease.identity());
          operator.start();
          running = Optional.of(operator);
          return;
        } catch (RuntimeException e) {
          stopWatches(operator);
          Readiness.retry(attempt, "The watches cannot be started", cause(e));
        }
      }
    } catch (InterruptedException _) {
      log.debug("Closed before it has started");
    } catch (RuntimeException | Error e) {
      dead = true;
      log.error("The operator cannot start; ending", e);
      lost.run();
    }
  }

  private static String cause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.toString();
  }

  private void configure(ConfigurationServiceOverrider configuration) {
    configuration
        .withKubernetesClient(client)
        .withCloseClientOnStop(false)
        // Reconcilers wait for the API server most of the time; each bounds its own writes.
        .withExecutorService(Executors.newVirtualThreadPerTaskExecutor())
        .withReconciliationTerminationTimeout(LAST_WORDS)
        .withResourceCloner(new Untouched())
        .withUseSSAToPatchPrimaryResource(true)
        // With false the SDK would begin although some kinds are not known yet.
        .withStopOnInformerErrorDuringStartup(true)
        .withInformerStoppedHandler((informer, failure) -> {
          if (failure != null && informer.hasSynced() && !closing) {
            log.error(
                "The watch of {} has ended for good; ending, another operator takes over",
                informer.getApiTypeClass().getSimpleName(),
                failure);
            lost.run();
          }
        })
        .withMetrics(
            new AggregatedMetrics(
                List.of(
                    MicrometerMetricsV2.newBuilder(registry).build(),
                    new ReconcileTimes(registry))))
        .withLeaderElectionConfiguration(
            new LeaderElectionConfiguration(
                OperatorLease.NAME,
                settings.namespace(),
                LEASE,
                RENEW_DEADLINE,
                RETRY_PERIOD,
                lease.identity(),
                new LeaderCallbacks(
                    this::leads,
                    this::leadsNoLonger,
                    leader ->
                        log.info(
                            "The leader is {}",
                            leader == null || leader.isEmpty() ? "nobody" : leader)),
                // System.exit within a shutdown hook would never return.
                false));
  }

  private void register(Operator operator, boolean secretsReadable) {
    LeaseFence fence = lease.fence(client, RENEW_DEADLINE, clock);
    var cluster =
        new BgpCluster(
            client,
            clock,
            new BgpCluster.Settings(
                settings.statusReport(),
                settings.routerIds(),
                settings.secretsNamespace(),
                secretsReadable),
            events,
            registry,
            fence::holds);
    cluster.register(operator, PeerageOperator::common);
    registry.gauge("peerage.operator.nodeconfigs", cluster, BgpCluster::nodeConfigs);
    new LbIpam(client, clock, settings.responsibility(), events, registry, fence::holds)
        .register(operator, PeerageOperator::common);
  }

  private static void common(ControllerConfigurationOverrider<?> configuration) {
    var retry = new GenericRetry();
    retry.setInitialInterval(RetryPolicy.STANDARD.first());
    retry.setIntervalMultiplier(2);
    retry.setMaxInterval(RetryPolicy.STANDARD.longest().toMillis());
    configuration.withRetry(retry.withoutMaxAttempts()).withReconciliationMaxInterval(RESYNC);
  }

  private void leads() {
    log.info("Leading: holding the lease {}", lease);
    if (settings.storageMigration()) {
      migration.start();
    }
  }

  private void leadsNoLonger() {
    if (!closing) {
      log.error("Lost the lease {}; ending, another operator takes over", lease);
      lost.run();
    }
  }

  /** What is missing before it can plan, by kind. */
  public Map<String, String> missing() {
    var missing = new TreeMap<>(readiness.missing());
    running.ifPresentOrElse(
        operator ->
            operator
                .getRuntimeInfo()
                .unhealthyInformerWrappingEventSourceHealthIndicator()
                .values()
                .forEach(sources ->
                    sources.keySet().forEach(name -> missing.put(name, "not listed yet"))),
        () -> missing.putIfAbsent("operator", "its watches have not started yet"));
    return missing;
  }

  /** What is wrong beyond repair. */
  public Map<String, String> dead() {
    return dead ? Map.of("operator", "it cannot start") : Map.of();
  }

  /** Ends the requests under way, then gives the lease up, so that two never write at a time. */
  @Override
  public void close() {
    closing = true;
    starter.interrupt();
    migration.close();
    events.close();
    running.ifPresent(operator -> {
      operator.stop();
      endTimers(operator);
      lease.release(client);
    });
  }

  /** A start that fails leaves the watches that had started. */
  private static void stopWatches(Operator operator) {
    operator.getRegisteredControllers().stream()
        .filter(Controller.class::isInstance)
        .map(Controller.class::cast)
        .forEach(Controller::stop);
    endTimers(operator);
  }

  /** The SDK leaves a timer thread that holds all caches. */
  private static void endTimers(Operator operator) {
    var _ =
        operator
            .getConfigurationService()
            .getExecutorServiceManager()
            .scheduledExecutorService()
            .shutdownNow();
  }

  /** Reconcilers change no object that they are given. */
  private static final class Untouched implements Cloner {
    @Override
    public <T extends HasMetadata> T clone(T object) {
      return object;
    }
  }
}
