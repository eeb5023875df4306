package dev.peerage.peering;

/**
 * A field because of which an instance, a peer or an item of an advertisement is left out, unless
 * it can go on as it last was. Stays inside the package; carries no stack trace.
 */
final class InvalidFieldException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Problem wrong;
  private final String follows;

  /**
   * Creates it.
   *
   * @param wrong what is wrong, without a word of what follows
   * @param follows what follows from it where there is nothing to go on with
   */
  InvalidFieldException(Problem wrong, String follows) {
    super(wrong.toString(), null, false, false);
    this.wrong = wrong;
    this.follows = follows;
  }

  /** The same, as a problem of this node alone. */
  InvalidFieldException ofNode() {
    return new InvalidFieldException(wrong.ofNode(), follows);
  }

  /** Says what is wrong, and that it is left out. */
  Problem problem() {
    return problem(follows);
  }

  /**
   * Says what is wrong, and what goes on. It is this node's: another one may have nothing to go on
   * with.
   */
  Problem goesOn(String how) {
    return problem(how).ofNode();
  }

  /**
   * Says what is wrong, and what else than being left out follows from it.
   *
   * @param consequence a sentence without its full stop
   */
  Problem problem(String consequence) {
    return new Problem(
        wrong.object(),
        wrong.field(),
        wrong.what() + "; " + consequence,
        wrong.remedy(),
        wrong.severity(),
        wrong.scope());
  }
}
