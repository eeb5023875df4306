package dev.peerage.crd.v2;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/** A status that holds conditions and nothing else. */
@ApiObject
public record ConditionsStatus(
    @JsonPropertyDescription("What the operator has found out about this object.")
        List<Condition> conditions) {

  public ConditionsStatus {
    conditions = Absent.list(conditions);
  }
}
