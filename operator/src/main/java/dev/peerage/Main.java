package dev.peerage;

import dev.peerage.cli.PeerageCommand;
import dev.peerage.logging.Logging;

/** Entry point of the {@code peerage} command. */
public final class Main {
  private Main() {}

  static void main(String[] args) {
    System.setProperty(Logging.PROPERTY, Logging.NAME);
    System.exit(PeerageCommand.run(args));
  }
}
