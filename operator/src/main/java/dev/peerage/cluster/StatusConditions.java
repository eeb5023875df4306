package dev.peerage.cluster;

import dev.peerage.crd.v2.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes of the conditions in a status that others may write to, too. */
final class StatusConditions {
  private static final Logger log = LoggerFactory.getLogger(StatusConditions.class);

  private StatusConditions() {}

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
}
