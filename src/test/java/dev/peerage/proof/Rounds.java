package dev.peerage.proof;

/**
 * How long a proof is: a few rounds in {@code make test}, all of them with {@code
 * -Dpeerage.proof=true}. The assertions are the same.
 */
public final class Rounds {
  private static final boolean WHOLE = Boolean.getBoolean("peerage.proof");

  private Rounds() {}

  /** The number for the form that is asked for. */
  public static int of(int shortForm, int whole) {
    return WHOLE ? whole : shortForm;
  }
}
