package dev.peerage.operator;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.cluster.RouterIdPool;
import dev.peerage.kube.EventWriter;
import dev.peerage.lbipam.Responsibility;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The operator within this process, wired as the command wires it. */
public final class RunningOperator implements AutoCloseable {
  private final PeerageOperator operator;
  private final CompletableFuture<String> lost = new CompletableFuture<>();

  private RunningOperator(
      KubernetesClient client,
      InstantSource clock,
      Options options,
      EventWriter events,
      MeterRegistry metrics) {
    operator =
        new PeerageOperator(
            client,
            clock,
            new PeerageOperator.Settings(
                ApiServer.NAMESPACE,
                options.statusReport(),
                options.secretsNamespace(),
                options.routerIds(),
                Responsibility.DEFAULT,
                "kube-system"),
            events,
            metrics,
            () -> lost.complete("lost"));
    operator.start();
  }

  /**
   * What tests choose.
   *
   * @param statusReport whether there are conditions
   * @param secretsNamespace where Secrets are; empty: nowhere
   * @param routerIds a pool, or none
   */
  public record Options(
      boolean statusReport, String secretsNamespace, Optional<RouterIdPool> routerIds) {
    /** With conditions, without Secrets and without a pool. */
    public static final Options DEFAULT = new Options(true, "", Optional.empty());
  }

  /** Starts one. */
  public static RunningOperator start(KubernetesClient client, Options options) {
    return start(
        client,
        options,
        new EventWriter(client, "operator", "here", InstantSource.system()),
        new SimpleMeterRegistry());
  }

  /** Starts one that writes its Events and metrics there. */
  public static RunningOperator start(
      KubernetesClient client, Options options, EventWriter events, MeterRegistry metrics) {
    return new RunningOperator(client, InstantSource.system(), options, events, metrics);
  }

  /** Starts one on a machine whose clock goes wrong by so much. */
  public static RunningOperator start(KubernetesClient client, Duration skew) {
    InstantSource clock = () -> InstantSource.system().instant().plus(skew);
    return new RunningOperator(
        client,
        clock,
        Options.DEFAULT,
        new EventWriter(client, "operator", "here", clock),
        new SimpleMeterRegistry());
  }

  /** Whether it goes on. */
  public boolean alive() {
    return operator.dead().isEmpty() && !lost.isDone();
  }

  /** Why it is not ready. */
  public Map<String, String> missing() {
    return operator.missing();
  }

  @Override
  public void close() {
    operator.close();
  }
}
