package dev.peerage.lbipam;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.kube.Elector;
import dev.peerage.kube.EventWriter;
import dev.peerage.kube.FencedExecutor;
import dev.peerage.kube.LeaseFence;
import dev.peerage.reading.Reading;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.Cloner;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/**
 * The addresses' half of the operator in this process, with the rights of the chart's service
 * account and the SDK configured as the operator configures it.
 */
final class IpamOperator implements AutoCloseable {
  private static final String LEASE = "lbipam-test";

  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final CountDownLatch leads = new CountDownLatch(1);
  private final KubernetesClient client;
  private final KubernetesClient writing;
  private final Operator operator;
  private final EventWriter events;
  private final LeaseFence fence = new LeaseFence();
  private Thread election = Thread.ofVirtual().unstarted(() -> {});

  /** A client with the rights of the operator, which reaches the API server at this URL. */
  static KubernetesClient client(ApiServer server, Optional<String> url) {
    try {
      var config =
          new ConfigBuilder(
              Config.fromKubeconfig(
                  Files.readString(server.kubeconfig("peerage-operator", "127.0.0.1"))));
      url.ifPresent(config::withMasterUrl);
      return LeaseFence.client(config.build(), Reading.ofOperator());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Leads at once, without a lease. */
  static IpamOperator alone(ApiServer server) {
    return alone(server, Optional.empty());
  }

  /**
   * Leads at once, without a lease.
   *
   * @param writeTo another URL of the API server, for lists and writes
   */
  static IpamOperator alone(ApiServer server, Optional<String> writeTo) {
    return new IpamOperator(
        client(server, Optional.empty()), client(server, writeTo), Optional.empty());
  }

  /** Leads when it holds the lease that all have in common. */
  static IpamOperator elected(ApiServer server, String url) {
    // The chart's role allows what the process does, and its lease has another name.
    var config = new ConfigBuilder(server.client().getConfiguration()).withMasterUrl(url).build();
    KubernetesClient client = LeaseFence.client(config, Reading.ofOperator());
    return new IpamOperator(client, client, Optional.of(UUID.randomUUID().toString()));
  }

  private IpamOperator(
      KubernetesClient client, KubernetesClient writing, Optional<String> identity) {
    this.client = client;
    this.writing = writing;
    operator =
        new Operator(it -> {
          it.withKubernetesClient(client)
              .withCloseClientOnStop(false)
              .withExecutorService(
                  identity.isEmpty()
                      ? Executors.newVirtualThreadPerTaskExecutor()
                      : new FencedExecutor(fence, Executors.newVirtualThreadPerTaskExecutor()))
              .withReconciliationTerminationTimeout(Duration.ofSeconds(5))
              .withResourceCloner(
                  new Cloner() {
                    @Override
                    public <R extends HasMetadata> R clone(R object) {
                      return object;
                    }
                  });
        });
    var clock = InstantSource.system();
    events = new EventWriter(client, "operator", "test", clock);
    BooleanSupplier mayWrite = identity.isEmpty() ? () -> true : fence::holds;
    new LbIpam(writing, clock, Responsibility.DEFAULT, events, metrics, mayWrite)
        .register(
            operator,
            it ->
                it.withReconciliationMaxInterval(Duration.ofMinutes(10))
                    .withRetry(
                        new GenericRetry()
                            .setInitialInterval(1000)
                            .setIntervalMultiplier(2)
                            .setMaxInterval(60_000)
                            .withoutMaxAttempts()));
    operator.start();
    identity.ifPresent(each ->
        election =
            Thread.ofVirtual()
                .start(() -> keep(new Elector(client, clock, ApiServer.NAMESPACE, LEASE, each))));
  }

  /** What the process does then: this term ends. */
  private void keep(Elector elector) {
    try {
      fence.whenHeld(leads::countDown);
      elector.seekAndKeep(fence);
      var _ = Thread.ofVirtual().start(this::close);
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  /** Waits until this one leads. */
  void awaitLead() {
    await(leads, "the lease");
  }

  /** Whether this one leads or has led. */
  boolean leads() {
    return leads.getCount() == 0;
  }

  private static void await(CountDownLatch latch, String what) {
    Awaitility.await(what)
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> latch.getCount() == 0);
  }

  /** How many changes of Services it has dealt with since it leads. */
  long decided() {
    return metrics
        .get("cilium.operator.lbipam.event.processing.time")
        .tags("action", "upsert", "kind", "service")
        .timer()
        .count();
  }

  /** Services that it gives addresses to. */
  double matching() {
    return metrics.get("peerage.operator.lbipam.services.matching").gauge().value();
  }

  /** Services that lack something that they ask for. */
  double unsatisfied() {
    return metrics.get("peerage.operator.lbipam.services.unsatisfied").gauge().value();
  }

  @Override
  public synchronized void close() {
    fence.lose();
    election.interrupt();
    operator.stop();
    events.close();
    client.close();
    writing.close();
  }
}
