package dev.peerage.peering;

/**
 * A field because of which an instance, a peer or an item of an advertisement is left out. Stays
 * inside the package; carries no stack trace.
 */
final class InvalidFieldException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Problem problem;

  InvalidFieldException(Problem problem) {
    super(problem.toString(), null, false, false);
    this.problem = problem;
  }

  /** The same, as a problem of this node alone. */
  InvalidFieldException ofNode() {
    return new InvalidFieldException(problem.ofNode());
  }

  Problem problem() {
    return problem;
  }
}
