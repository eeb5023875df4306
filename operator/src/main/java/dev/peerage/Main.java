package dev.peerage;

import dev.peerage.cli.PeerageCommand;

/** Entry point of the {@code peerage} command. */
public final class Main {
  private Main() {}

  static void main(String[] args) {
    System.exit(PeerageCommand.run(args));
  }
}
