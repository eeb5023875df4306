package dev.peerage.why;

import dev.peerage.crd.v2.LabelSelector;
import dev.peerage.crd.v2.LabelSelector.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A requirement of a label selector that an object's labels do not meet.
 *
 * @param key the label's key
 * @param wanted the requirement as kubectl writes it, for example {@code app in (web, shop)}
 * @param has the label's value; empty when there is no such label
 * @param label the arguments of {@code kubectl label} that would meet it; empty when none is sure
 */
public record Unmet(String key, String wanted, Optional<String> has, Optional<String> label) {

  /** The requirements that fail, in their order; none when the selector matches. */
  public static List<Unmet> of(LabelSelector selector, Map<String, String> labels) {
    List<Unmet> unmet = new ArrayList<>();
    new TreeMap<>(selector.matchLabels())
        .forEach((key, value) -> {
          if (!value.equals(labels.get(key))) {
            unmet.add(
                new Unmet(
                    key,
                    key + "=" + value,
                    Optional.ofNullable(labels.get(key)),
                    Optional.of(key + "=" + value)));
          }
        });
    for (Requirement requirement : selector.matchExpressions()) {
      if (!new LabelSelector(Map.of(), List.of(requirement)).matches(labels)) {
        unmet.add(
            new Unmet(
                requirement.key(),
                words(requirement),
                Optional.ofNullable(labels.get(requirement.key())),
                label(requirement)));
      }
    }
    return unmet;
  }

  /** All requirements as kubectl writes them. */
  public static String words(LabelSelector selector) {
    List<String> all = new ArrayList<>();
    new TreeMap<>(selector.matchLabels()).forEach((key, value) -> all.add(key + "=" + value));
    selector.matchExpressions().forEach(each -> all.add(words(each)));
    return all.isEmpty() ? "anything" : String.join(", ", all);
  }

  /** Several of them in one sentence about an object, for example {@code the Service}. */
  public static String words(List<Unmet> unmet, String object) {
    return unmet.stream()
        .map(each ->
            "wants "
                + each.wanted
                + ", "
                + object
                + each.has
                    .map(value -> " has " + each.key + "=" + value)
                    .orElse(" has no label " + each.key))
        .collect(Collectors.joining("; "));
  }

  /** What {@code kubectl label} has to be told to meet all of them, if that is sure. */
  public static Optional<String> labels(List<Unmet> unmet) {
    return unmet.stream().allMatch(each -> each.label.isPresent())
        ? Optional.of(unmet.stream().map(each -> each.label.get()).collect(Collectors.joining(" ")))
        : Optional.empty();
  }

  private static String words(Requirement requirement) {
    String values = " (" + String.join(", ", requirement.values()) + ")";
    return switch (requirement.operator()) {
      case IN -> requirement.key() + " in" + values;
      case NOT_IN -> requirement.key() + " notin" + values;
      case EXISTS -> requirement.key();
      case DOES_NOT_EXIST -> "!" + requirement.key();
    };
  }

  private static Optional<String> label(Requirement requirement) {
    return switch (requirement.operator()) {
      case IN ->
          requirement.values().size() == 1
              ? Optional.of(requirement.key() + "=" + requirement.values().getFirst())
              : Optional.empty();
      case NOT_IN, DOES_NOT_EXIST -> Optional.of(requirement.key() + "-");
      case EXISTS -> Optional.empty();
    };
  }
}
