package dev.peerage.cli;

/** What commands that ask a cluster end with; 0 says that all is well. */
final class ExitCode {
  /** Something is wrong, or not all agents have answered. */
  static final int PROBLEM = 1;

  /** The command line is wrong, or names a cluster that there is not. */
  static final int WRONG_USE = 2;

  /** The cluster cannot be asked. */
  static final int NOT_REACHABLE = 3;

  private ExitCode() {}
}
