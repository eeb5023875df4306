package dev.peerage.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.peerage.http.RoutesAnswer;
import dev.peerage.table.RoutesTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerage routes}: the routes that nodes have and that their peers were sent. */
@Command(
    name = "routes",
    description =
        "Shows routes of all nodes: 'available' is what a node has to announce, 'advertised' what"
            + " its peers were really sent, 'received' what they sent, and why it is not used. With a prefix only the routes to it; with an"
            + " address those to the longest prefix that contains it, as a router looks it up.",
    customSynopsis =
        "peerage routes [available|advertised|received] [ipv4|ipv6] [unicast] [vrouter ASN]"
            + " [peer ADDRESS] [PREFIX|ADDRESS] [OPTIONS]",
    mixinStandardHelpOptions = true,
    versionProvider = PeerageCommand.Version.class)
final class RoutesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private AgentOptions options = new AgentOptions();

  @Option(names = "--peer", paramLabel = "ADDRESS", description = "As the word 'peer'.")
  private String peer = "";

  @Parameters(
      arity = "0..*",
      paramLabel = "WORD",
      description = "Default: available ipv4 unicast. 'neighbor' works like 'peer'.")
  private List<String> words = new ArrayList<>();

  @Override
  public Integer call() throws InterruptedException, JsonProcessingException {
    RoutesQuery query;
    try {
      query = RoutesQuery.parse(words, peer);
    } catch (IllegalArgumentException e) {
      throw new picocli.CommandLine.ParameterException(
          spec.commandLine(), e.getMessage() == null ? e.toString() : e.getMessage(), e);
    }
    if (words.isEmpty() && options.output == Output.TABLE) {
      spec.commandLine()
          .getOut()
          .println(
              "(Defaulting to `available ipv4 unicast` routes, please see help for more options)\n");
    }
    return AskedAgents.run(
        spec,
        options,
        query.path(),
        RoutesAnswer.class,
        query::narrow,
        switch (query.table()) {
          case AVAILABLE -> (routes, _) -> RoutesTable.available(routes);
          case ADVERTISED -> (routes, _) -> RoutesTable.advertised(routes);
          case RECEIVED -> (routes, _) -> RoutesTable.received(routes);
        },
        _ -> true);
  }
}
