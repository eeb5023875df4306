package dev.peerage.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.peerage.http.PoliciesAnswer;
import dev.peerage.table.PoliciesTable;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code peerage route-policies}: what decides which peer gets which route. */
@Command(
    name = "route-policies",
    description = "Shows the route policies of all nodes: which peer gets which prefixes.",
    mixinStandardHelpOptions = true,
    versionProvider = PeerageCommand.Version.class)
final class RoutePoliciesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private AgentOptions options = new AgentOptions();

  @Override
  public Integer call() throws InterruptedException, JsonProcessingException {
    return AskedAgents.run(
        spec,
        options,
        "/route-policies",
        PoliciesAnswer.class,
        UnaryOperator.identity(),
        (policies, _) -> PoliciesTable.of(policies),
        _ -> true);
  }
}
