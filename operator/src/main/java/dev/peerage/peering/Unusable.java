package dev.peerage.peering;

/**
 * Something that the planner has to leave out. Stays inside the package; carries no stack trace.
 */
final class Unusable extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Problem problem;

  Unusable(Problem problem) {
    super(problem.toString(), null, false, false);
    this.problem = problem;
  }

  /** This as a problem of this node alone. */
  Unusable ofNode() {
    return new Unusable(problem.ofNode());
  }

  Problem problem() {
    return problem;
  }
}
