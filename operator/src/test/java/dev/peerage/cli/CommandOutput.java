package dev.peerage.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/**
 * What a command line ended with and wrote.
 *
 * @param exitCode that of the process
 * @param out to standard output
 * @param err to standard error
 */
record CommandOutput(int exitCode, String out, String err) {
  static CommandOutput of(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    CommandLine line = PeerageCommand.line();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    int exitCode = line.execute(args);
    return new CommandOutput(exitCode, out.toString(), err.toString());
  }
}
