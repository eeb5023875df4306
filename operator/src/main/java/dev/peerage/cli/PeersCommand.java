package dev.peerage.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.peerage.http.StateAnswer;
import dev.peerage.table.PeersTable;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code peerage peers}: the sessions of all nodes. */
@Command(
    name = "peers",
    description = "Shows the BGP sessions of all nodes: state, uptime, routes per family.",
    mixinStandardHelpOptions = true,
    versionProvider = PeerageCommand.Version.class)
final class PeersCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private AgentOptions options = new AgentOptions();

  @Override
  public Integer call() throws InterruptedException, JsonProcessingException {
    return AskedAgents.run(
        spec, options, "/state", StateAnswer.class, UnaryOperator.identity(), PeersTable::of);
  }
}
