package dev.peerage.peering;

import dev.peerage.peering.Problem.ObjectRef;

/**
 * A place in an object, to report problems at.
 *
 * @param object the object
 * @param path the path of a field in it
 */
public record Place(ObjectRef object, String path) {
  /** A field below this one. */
  public Place at(String field) {
    return new Place(object, path.isEmpty() ? field : path + "." + field);
  }

  /** An entry of a list below this place, by its name. */
  Place entry(String list, String name) {
    return at(list + "[" + name + "]");
  }

  /** Something that is done otherwise than it may be meant. */
  public Problem problem(String what, String remedy) {
    return new Problem(object, path, what, remedy);
  }

  /** Something that is left out, on every node that the object concerns. */
  Unusable unusable(String what, String remedy) {
    return new Unusable(problem(what, remedy).asError());
  }

  /** Checks a number that the API server would have refused. */
  int inRange(int value, int least, int most, String consequence) throws Unusable {
    if (value < least || value > most) {
      throw unusable(
          value + " is not in " + least + ".." + most + "; " + consequence,
          "use a value in that range");
    }
    return value;
  }
}
