package dev.peerage.host;

/** A message of the kernel that is not as rtnetlink(7) says. Carries no stack trace. */
final class MalformedMessage extends Exception {
  private static final long serialVersionUID = 1;

  MalformedMessage(String why) {
    super(why, null, false, false);
  }
}
