package dev.peerage.crd.v2;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import java.util.Map;

/**
 * A Kubernetes label selector.
 *
 * @param matchLabels labels that must be there with just these values
 * @param matchExpressions requirements that must all hold
 */
@ApiObject
public record LabelSelector(
    @JsonPropertyDescription("Labels that must be there with just these values.")
        Map<String, String> matchLabels,
    @JsonPropertyDescription("Requirements on labels; all must hold.")
        List<Requirement> matchExpressions) {

  public LabelSelector {
    matchLabels = Absent.map(matchLabels);
    matchExpressions = Absent.list(matchExpressions);
  }

  /** Whether labels meet every requirement; an empty selector selects everything. */
  public boolean matches(Map<String, String> labels) {
    return matchLabels.entrySet().stream()
            .allMatch(label -> label.getValue().equals(labels.get(label.getKey())))
        && matchExpressions.stream().allMatch(requirement -> requirement.holds(labels));
  }

  /** How the values of a requirement are compared. */
  public enum Operator {
    @JsonProperty("In")
    IN,
    @JsonProperty("NotIn")
    NOT_IN,
    @JsonProperty("Exists")
    EXISTS,
    @JsonProperty("DoesNotExist")
    DOES_NOT_EXIST
  }

  /** One requirement on a label. */
  @ApiObject
  public record Requirement(
      @Required @JsonPropertyDescription("The label's key.") String key,
      @Required @JsonPropertyDescription("How the label's value relates to the values.")
          Operator operator,
      @JsonPropertyDescription("The values of In and NotIn; none for Exists and DoesNotExist.")
          List<String> values) {

    public Requirement {
      key = Absent.required(key, "key");
      if (operator == null) {
        throw new IllegalArgumentException("operator is required");
      }
      values = Absent.list(values);
    }

    private boolean holds(Map<String, String> labels) {
      String value = labels.get(key);
      return switch (operator) {
        case IN -> value != null && values.contains(value);
        case NOT_IN -> value == null || !values.contains(value);
        case EXISTS -> value != null;
        case DOES_NOT_EXIST -> value == null;
      };
    }
  }
}
