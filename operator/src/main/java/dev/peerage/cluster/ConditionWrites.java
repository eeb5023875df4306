package dev.peerage.cluster;

import dev.peerage.crd.v2.Condition;
import dev.peerage.kube.Patch;
import dev.peerage.kube.Settling;
import dev.peerage.kube.Writes;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes conditions, only against the version that they were found out from: what the SDK's filter
 * of own events passes over is then never a change of somebody else. What is wrong is written once
 * it has lasted, all of an object's conditions in one request.
 */
final class ConditionWrites {
  private static final Logger log = LoggerFactory.getLogger(ConditionWrites.class);
  private static final String FIELD_MANAGER = "peerage-operator";

  /** When to look again after somebody else was faster, if the watch does not tell before. */
  private static final Duration OVERTAKEN = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final boolean statusReport;
  private final Writes writes;
  private final Settling settling = new Settling();
  private final ClusterMetrics metrics;

  ConditionWrites(
      KubernetesClient client,
      InstantSource clock,
      boolean statusReport,
      Writes writes,
      ClusterMetrics metrics) {
    this.client = client;
    this.clock = clock;
    this.statusReport = statusReport;
    this.writes = writes;
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
    return change(object, before, types, ours)
        .filter(patch -> !written(object, context, patch))
        .map(_ -> OVERTAKEN);
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

  /** False when somebody else was faster. */
  private <P extends HasMetadata> boolean written(P object, Context<P> context, Object patch) {
    return writes.attempt(() ->
        metrics.counted(
            object.getKind(),
            object.getMetadata().getName(),
            () ->
                context
                    .eventSourceRetriever()
                    .getControllerEventSource()
                    .eventFilteringUpdateAndCacheResource(
                        object, it -> Patch.MERGE.sendStatus(client, it, FIELD_MANAGER, patch))));
  }

  /**
   * The merge patch that replaces conditions of certain types and leaves others; it is refused when
   * the object has changed meanwhile. Empty when there is nothing to change.
   *
   * @param types all of ours
   * @param ours those that there shall be
   */
  static Optional<Map<String, Object>> change(
      HasMetadata object, List<Condition> before, List<String> types, List<Condition> ours) {
    List<Condition> after =
        Stream.concat(before.stream().filter(it -> !types.contains(it.type())), ours.stream())
            .sorted(Comparator.comparing(Condition::type))
            .toList();
    if (after.equals(before)) {
      return Optional.empty();
    }
    for (Condition condition : ours) {
      if (condition.status().equals("True") && !before.contains(condition)) {
        log.warn(
            "{} {}: {}: {}",
            object.getKind(),
            object.getMetadata().getName(),
            condition.reason(),
            condition.message());
      }
    }
    var status = new HashMap<String, Object>();
    status.put("conditions", after.isEmpty() ? null : after);
    return Optional.of(
        Map.of(
            "metadata",
            Map.of("resourceVersion", object.getMetadata().getResourceVersion()),
            "status",
            status));
  }

  /** The object is gone. */
  void forget(HasMetadata object) {
    settling.forget(object.getKind() + " " + object.getMetadata().getName());
  }
}
