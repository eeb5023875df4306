package dev.peerage.crd.v2;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A condition of a status, as in the Kubernetes API conventions.
 *
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param observedGeneration generation of the object that the condition speaks of
 * @param lastTransitionTime RFC 3339, in whole seconds: when the status last changed
 * @param reason one word in camel case
 * @param message for people; may be empty
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
    @Required
        @Size(max = 316)
        @Pattern(
            "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?"
                + "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$")
        @JsonPropertyDescription("What the condition is about.")
        String type,
    @Required
        @Pattern("^(True|False|Unknown)$")
        @JsonPropertyDescription("Whether it holds: True, False or Unknown.")
        String status,
    @Min(0) @JsonPropertyDescription("The generation of the object that was looked at.")
        @Nullable Long observedGeneration,
    @Required @JsonPropertyDescription("When the status last changed.") String lastTransitionTime,
    @Required
        @Size(min = 1, max = 1024)
        @Pattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")
        @JsonPropertyDescription("Why, in one word.")
        String reason,
    @Required @Size(max = 32768) @JsonPropertyDescription("Why, for people.") String message) {

  /** This condition with the transition time that it had before, unless its status has flipped. */
  public Condition since(List<Condition> before) {
    return before.stream()
        .filter(it -> it.type.equals(type) && it.status.equals(status))
        .findFirst()
        .map(it ->
            new Condition(type, status, observedGeneration, it.lastTransitionTime, reason, message))
        .orElse(this);
  }
}
