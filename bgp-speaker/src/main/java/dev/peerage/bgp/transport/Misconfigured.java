package dev.peerage.bgp.transport;

/** A peer's configuration cannot work on this host as it is now. The message is for a person. */
public final class Misconfigured extends Exception {
  private static final long serialVersionUID = 1;

  /** With one line that says what cannot work and why. */
  public Misconfigured(String message) {
    super(message, null, false, false);
  }
}
