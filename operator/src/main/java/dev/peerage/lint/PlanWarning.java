package dev.peerage.lint;

import dev.peerage.peering.Problem.ObjectRef;

/**
 * What the operator, or a node's speaker, says about manifests.
 *
 * @param code what kind of finding it is
 * @param object the object to edit
 * @param field the path of the field in it; empty for the whole object
 * @param what what is wrong and what follows from it
 * @param remedy what to do about it
 */
public record PlanWarning(
    FindingCode code, ObjectRef object, String field, String what, String remedy) {
  /** One line. */
  @Override
  public String toString() {
    return object + ": " + what;
  }
}
