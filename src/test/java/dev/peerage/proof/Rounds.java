package dev.peerage.proof;

/** How long the run of a proof is: the short form of {@code make test} or all of it. */
public final class Rounds {
  private static final boolean WHOLE = Boolean.getBoolean("peerage.proof");

  private Rounds() {}

  /**
   * A count of starts, objects, seconds or the like.
   *
   * @param shortForm the count in {@code make test}
   * @param whole the count in {@code make proof}, which sets the system property {@code
   *     peerage.proof}
   * @return the one that this run wants
   */
  public static int of(int shortForm, int whole) {
    return WHOLE ? whole : shortForm;
  }
}
