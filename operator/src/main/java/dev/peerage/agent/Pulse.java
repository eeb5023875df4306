package dev.peerage.agent;

/**
 * Whether something that owes a sign of life goes on. It is counted in looks of an observer in the
 * same process and not in time: a process that was paused as a whole has missed nothing. Pure.
 *
 * @param seen the number that it had reached at the last look
 * @param missed how many looks in a row found it no further although it owed something
 */
record Pulse(long seen, int missed) {
  /** Before the first look. */
  static final Pulse FIRST = new Pulse(0, 0);

  /**
   * The next look.
   *
   * @param owes whether it is to reach the next number; if not, it may rest for ever
   * @param reached the number that it has reached
   */
  Pulse look(boolean owes, long reached) {
    return new Pulse(reached, owes && reached == seen ? missed + 1 : 0);
  }
}
