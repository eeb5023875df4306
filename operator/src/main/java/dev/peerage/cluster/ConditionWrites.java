package dev.peerage.cluster;

import dev.peerage.crd.v2.Condition;
import dev.peerage.kube.Patch;
import dev.peerage.kube.Settling;
import dev.peerage.kube.Writes;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes conditions, only against the version that they were found out from: what the SDK's filter
 * of own events passes over is then never a change of somebody else. What is wrong is written once
 * it has lasted, all of an object's conditions in one request.
 */
final class ConditionWrites {
  private static final String FIELD_MANAGER = "peerage-operator";

  /** When to look again after somebody else was faster, if the watch does not tell before. */
  private static final Duration OVERTAKEN = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final boolean statusReport;
  private final Settling settling;
  private final ClusterMetrics metrics;

  ConditionWrites(
      KubernetesClient client,
      InstantSource clock,
      boolean statusReport,
      Settling settling,
      ClusterMetrics metrics) {
    this.client = client;
    this.clock = clock;
    this.statusReport = statusReport;
    this.settling = settling;
    this.metrics = metrics;
  }

  /** Whether objects get conditions at all. */
  boolean statusReport() {
    return statusReport;
  }

  /**
   * Writes what differs.
   *
   * @param types all of ours
   * @param conditions those that there shall be
   * @return when to look again
   */
  <P extends HasMetadata> Optional<Duration> write(
      P object,
      Context<P> context,
      List<Condition> before,
      List<String> types,
      List<Condition> conditions) {
    List<Condition> ours = statusReport ? conditions : List.<Condition>of();
    String name = object.getKind() + " " + object.getMetadata().getName();
    Duration wait = settling.wait(name, news(before, ours), clock.instant());
    if (wait.isPositive()) {
      return Optional.of(wait);
    }
    return StatusConditions.change(object, before, types, ours)
        .flatMap(patch -> write(object, context, patch));
  }

  /** Types and reasons of what is wrong and has not been written yet. */
  private static Set<String> news(List<Condition> before, List<Condition> ours) {
    Set<String> told = before.stream().map(ConditionWrites::fault).collect(Collectors.toSet());
    return ours.stream()
        .filter(it -> it.status().equals("True"))
        .map(ConditionWrites::fault)
        .filter(it -> !told.contains(it))
        .collect(Collectors.toSet());
  }

  private static String fault(Condition condition) {
    return condition.type() + " " + condition.status() + " " + condition.reason();
  }

  private <P extends HasMetadata> Optional<Duration> write(
      P object, Context<P> context, Object patch) {
    try {
      metrics.counted(
          object.getKind(),
          object.getMetadata().getName(),
          () ->
              context
                  .eventSourceRetriever()
                  .getControllerEventSource()
                  .eventFilteringUpdateAndCacheResource(
                      object, it -> Patch.MERGE.sendStatus(client, it, FIELD_MANAGER, patch)));
      return Optional.empty();
    } catch (KubernetesClientException e) {
      if (Writes.isOvertaken(e)) {
        return Optional.of(OVERTAKEN);
      }
      throw e;
    }
  }

  /** The object is gone. */
  void forget(HasMetadata object) {
    settling.forget(object.getKind() + " " + object.getMetadata().getName());
  }
}
