package dev.peerage.cli;

import dev.peerage.bgp.speaker.RouteLimits;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How much of what peers send is kept. */
final class ReceivedRoutesOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--received-routes-memory",
      defaultValue = "${env:PEERAGE_RECEIVED_ROUTES_MEMORY:-0}",
      paramLabel = "PERCENT",
      description =
          "What share of the Java heap the routes of all peers together may take, 1 to 90; of peers"
              + " whose routes are not used nothing is kept beyond it, of the others the one with"
              + " most loses its session (environment: PEERAGE_RECEIVED_ROUTES_MEMORY; default or"
              + " 0: 25 for an agent, 75 for a speaker).")
  private int memory;

  @Option(
      names = "--maximum-prefixes",
      defaultValue = "${env:PEERAGE_MAXIMUM_PREFIXES:-0}",
      paramLabel = "COUNT",
      description =
          "How many prefixes a peer may send before its session ends with Cease/Maximum Number of"
              + " Prefixes Reached and it is refused for a minute, then two, up to an hour; 0 = any"
              + " number (environment: PEERAGE_MAXIMUM_PREFIXES; default: 0).")
  private int prefixes;

  private final int share;

  /** With this share of the heap by default. */
  ReceivedRoutesOptions(int share) {
    this.share = share;
  }

  RouteLimits limits() {
    if (memory < 0 || memory > 90) {
      throw new ParameterException(
          spec.commandLine(),
          "--received-routes-memory " + memory + " is no share from 1 to 90 percent");
    }
    if (prefixes < 0) {
      throw new ParameterException(
          spec.commandLine(), "--maximum-prefixes " + prefixes + " is negative; 0 = any number");
    }
    return RouteLimits.ofHeap(memory == 0 ? share : memory, prefixes);
  }
}
