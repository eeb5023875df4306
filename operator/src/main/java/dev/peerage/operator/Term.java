package dev.peerage.operator;

import dev.peerage.cluster.BgpCluster;
import dev.peerage.kube.Elector;
import dev.peerage.kube.EventWriter;
import dev.peerage.kube.FencedExecutor;
import dev.peerage.kube.LeaseFence;
import dev.peerage.kube.RetryPolicy;
import dev.peerage.lbipam.LbIpam;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.Cloner;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.monitoring.AggregatedMetrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.javaoperatorsdk.operator.processing.Controller;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reconcilers with all that they know, from the start of their watches until another process
 * leads: what they have decided by then is out of date, and a new term begins with nothing. The
 * watches run from the start; the SDK's tasks wait at the {@link LeaseFence}. The only class that
 * configures the Java Operator SDK.
 */
final class Term {
  private static final Logger log = LoggerFactory.getLogger(Term.class);

  /** Every object is looked at this often, whatever the watches say. */
  private static final Duration RESYNC = Duration.ofMinutes(10);

  /** How long reconciliations under way may take at the end. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final KubernetesClient client;
  private final MeterRegistry registry;
  private final CompositeMeterRegistry meters = new CompositeMeterRegistry();
  private final LeaseFence fence = new LeaseFence();
  private final BgpCluster cluster;
  private final LbIpam lbIpam;
  private final Operator operator;
  private final Runnable broken;
  private volatile boolean started;
  private volatile boolean ended;

  /**
   * Nothing runs yet.
   *
   * @param secretsReadable whether the Secrets of the settings' namespace may be read
   * @param broken called when a watch has ended for good
   */
  Term(
      KubernetesClient client,
      InstantSource clock,
      PeerageOperator.Settings settings,
      boolean secretsReadable,
      EventWriter events,
      MeterRegistry registry,
      Runnable broken) {
    this.client = client;
    this.registry = registry;
    this.broken = broken;
    meters.add(registry);
    operator = new Operator(this::configure);
    cluster =
        new BgpCluster(
            client,
            clock,
            new BgpCluster.Settings(
                settings.statusReport(),
                settings.routerIds(),
                settings.secretsNamespace(),
                secretsReadable),
            events,
            meters,
            fence::holds);
    cluster.register(operator, Term::common);
    meters.gauge("peerage.operator.nodeconfigs", cluster, BgpCluster::nodeConfigs);
    lbIpam = new LbIpam(client, clock, settings.responsibility(), events, meters, fence::holds);
    lbIpam.register(operator, Term::common);
  }

  private void configure(ConfigurationServiceOverrider configuration) {
    configuration
        .withKubernetesClient(client)
        .withCloseClientOnStop(false)
        // Reconcilers wait for the API server most of the time; each bounds its own writes.
        .withExecutorService(new FencedExecutor(fence, Executors.newVirtualThreadPerTaskExecutor()))
        .withReconciliationTerminationTimeout(LAST_WORDS)
        .withResourceCloner(new Untouched())
        .withUseSSAToPatchPrimaryResource(true)
        // With false the SDK would begin although some kinds are not known yet.
        .withStopOnInformerErrorDuringStartup(true)
        .withInformerStoppedHandler((informer, failure) -> {
          if (failure != null && informer.hasSynced() && !ended) {
            log.error(
                "The watch of {} has ended for good; all watches are started anew: {}",
                informer.getApiTypeClass().getSimpleName(),
                failure.toString());
            broken.run();
          }
        })
        .withMetrics(
            new AggregatedMetrics(
                List.of(
                    MicrometerMetricsV2.newBuilder(meters).build(), new ReconcileTimes(meters))));
  }

  private static void common(ControllerConfigurationOverrider<?> configuration) {
    var retry = new GenericRetry();
    retry.setInitialInterval(RetryPolicy.STANDARD.first());
    retry.setIntervalMultiplier(2);
    retry.setMaxInterval(RetryPolicy.STANDARD.longest().toMillis());
    configuration.withRetry(retry.withoutMaxAttempts()).withReconciliationMaxInterval(RESYNC);
  }

  /** Starts the watches; returns once all is listed. */
  void start() {
    operator.start();
    started = true;
  }

  /**
   * Seeks the lease and keeps it, and has the reconcilers work while it is held. Returns when
   * another process holds it.
   *
   * @throws InterruptedException when it is to end otherwise
   */
  void lead(Elector elector) throws InterruptedException {
    elector.seekAndKeep(fence);
  }

  /** What is not listed yet, by kind. */
  Map<String, String> missing() {
    var missing = new TreeMap<String, String>();
    operator
        .getRuntimeInfo()
        .unhealthyInformerWrappingEventSourceHealthIndicator()
        .values()
        .forEach(sources -> sources.keySet().forEach(name -> missing.put(name, "not listed yet")));
    return missing;
  }

  /**
   * Ends all that runs.
   *
   * @param longest for how long to wait for what has been sent
   * @return whether no write of this term can reach the API server any more
   */
  boolean end(Duration longest) throws InterruptedException {
    ended = true;
    fence.lose();
    if (started) {
      operator.stop();
    } else {
      stopWatches();
    }
    endTimers();
    // A composite forgets its meters, the registry below it does not.
    meters.getMeters().stream().map(Meter::getId).forEach(registry::remove);
    meters.close();
    return cluster.finish(longest) && lbIpam.finish(longest);
  }

  /** A start that fails leaves the watches that had started; else the SDK ends them itself. */
  private void stopWatches() {
    operator.getRegisteredControllers().stream()
        .filter(Controller.class::isInstance)
        .map(Controller.class::cast)
        .forEach(Controller::stop);
  }

  /** The SDK leaves a timer thread that holds all caches. */
  private void endTimers() {
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
