package dev.peerage.peering;

import dev.peerage.peering.Problem.ObjectRef;

/**
 * Where in an object something stands, to report problems there.
 *
 * @param path the path of a field in it, for example {@code spec.timers.holdTimeSeconds}; empty for
 *     the object itself
 */
public record FieldPath(ObjectRef object, String path) {
  /** A field below this one. */
  public FieldPath at(String field) {
    return new FieldPath(object, path.isEmpty() ? field : path + "." + field);
  }

  /** An entry of a list below this field, by its name. */
  public FieldPath entry(String list, String name) {
    return at(list + "[" + name + "]");
  }

  /** Something that is done, but perhaps not as it was meant. */
  public Problem problem(String what, String remedy) {
    return new Problem(object, path, what, remedy);
  }

  /** Something that is left out, on every node that the object concerns. */
  InvalidFieldException invalid(String wrong, String follows, String remedy) {
    return new InvalidFieldException(problem(wrong, remedy).asError(), follows);
  }

  /** Something that is left out on this node, as it has to be. */
  InvalidFieldException own(String wrong, String follows, String remedy) {
    return new InvalidFieldException(problem(wrong, remedy).asNote().ofNode(), follows);
  }

  /**
   * Checks a number that the API server would have refused, had it known the schema.
   *
   * @param consequence what follows from one that is out of range
   */
  int inRange(int value, int least, int most, String consequence) throws InvalidFieldException {
    if (value < least || value > most) {
      throw invalid(
          value + " is not in " + least + ".." + most, consequence, "use a value in that range");
    }
    return value;
  }
}
