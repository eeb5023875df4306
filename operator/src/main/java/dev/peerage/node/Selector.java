package dev.peerage.node;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A label selector in Kubernetes' meaning. */
sealed interface Selector {
  /** Whether it matches an object with these labels. */
  boolean matches(Map<String, String> labels);

  /**
   * Reads the API's form; an absent selector is {@link Missing}. Throws {@link
   * IllegalArgumentException} on an unknown operator.
   */
  static Selector of(@Nullable LabelSelector selector) {
    if (selector == null) {
      return new Missing();
    }
    return new Of(
        Objects.requireNonNullElse(selector.getMatchLabels(), Map.of()),
        Objects.requireNonNullElse(
                selector.getMatchExpressions(), List.<LabelSelectorRequirement>of())
            .stream()
            .map(Selector::requirement)
            .toList());
  }

  private static Requirement requirement(LabelSelectorRequirement requirement) {
    Operator operator =
        switch (requirement.getOperator()) {
          case "In" -> Operator.IN;
          case "NotIn" -> Operator.NOT_IN;
          case "Exists" -> Operator.EXISTS;
          case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
          default ->
              throw new IllegalArgumentException(
                  "'" + requirement.getOperator() + "' is no selector operator");
        };
    return new Requirement(
        requirement.getKey(),
        operator,
        Set.copyOf(Objects.requireNonNullElse(requirement.getValues(), List.of())));
  }

  /** A selector that is not there: it selects nothing. */
  record Missing() implements Selector {
    @Override
    public boolean matches(Map<String, String> labels) {
      return false;
    }
  }

  /**
   * All requirements must hold; without any it selects everything.
   *
   * @param equal labels that must have these values
   * @param requirements further requirements
   */
  record Of(Map<String, String> equal, List<Requirement> requirements) implements Selector {
    public Of {
      equal = Map.copyOf(equal);
      requirements = List.copyOf(requirements);
    }

    @Override
    public boolean matches(Map<String, String> labels) {
      return labels.entrySet().containsAll(equal.entrySet())
          && requirements.stream().allMatch(requirement -> requirement.holds(labels));
    }
  }

  /** One of {@code matchExpressions}. */
  record Requirement(String key, Operator operator, Set<String> values) {
    public Requirement {
      values = Set.copyOf(values);
    }

    private boolean holds(Map<String, String> labels) {
      String value = labels.get(key);
      return switch (operator) {
        case IN -> value != null && values.contains(value);
        // As in Kubernetes an absent label is not in any set.
        case NOT_IN -> value == null || !values.contains(value);
        case EXISTS -> value != null;
        case DOES_NOT_EXIST -> value == null;
      };
    }
  }

  /** The operators of {@code matchExpressions}. */
  enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    DOES_NOT_EXIST
  }
}
