package dev.peerage.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.peerage.http.StateAnswer;
import dev.peerage.http.StateAnswer.Instance;
import dev.peerage.table.PeerDetail;
import dev.peerage.table.PeersTable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerage peers}: the sessions of all nodes. */
@Command(
    name = "peers",
    description = {
      "Shows the BGP sessions of all nodes: state, uptime, routes per family, and why a session is"
          + " down. With a peer's name or address all that is known of its sessions.",
      "Exit code 0: all sessions are established; 1: one is not, there is none, or an agent does"
          + " not answer."
    },
    mixinStandardHelpOptions = true,
    versionProvider = PeerageCommand.Version.class)
final class PeersCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private AgentOptions options = new AgentOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME|ADDRESS",
      description = "Only the peers with this name or address, in detail.")
  private @Nullable String peer;

  @Override
  public Integer call() throws InterruptedException, JsonProcessingException {
    return AskedAgents.run(
        spec,
        options,
        "/state",
        StateAnswer.class,
        this::narrow,
        (states, wide) ->
            peer != null
                ? PeerDetail.of(states)
                : wide ? PeersTable.wide(states) : PeersTable.of(states),
        this::isFine);
  }

  private StateAnswer narrow(StateAnswer state) {
    if (peer == null) {
      return state;
    }
    return new StateAnswer(
        state.instances().stream()
            .map(instance ->
                new Instance(
                    instance.name(),
                    instance.localASN(),
                    instance.routerID(),
                    instance.peers().stream()
                        .filter(each -> peer.equals(each.name()) || peer.equals(each.peerAddress()))
                        .toList(),
                    instance.listenProblem()))
            .toList());
  }

  private boolean isFine(Map<String, StateAnswer> states) {
    List<StateAnswer.Peer> peers =
        states.values().stream()
            .flatMap(state -> state.instances().stream())
            .flatMap(instance -> instance.peers().stream())
            .toList();
    if (peers.isEmpty() && !states.isEmpty()) {
      spec.commandLine()
          .getErr()
          .println(
              peer == null
                  ? "peerage: no agent has a peer: no CiliumBGPClusterConfig selects their nodes;"
                      + " 'peerage status' says which labels differ"
                  : "peerage: no agent has a peer '" + peer + "'; 'peerage peers' lists them");
      spec.commandLine().getErr().flush();
    }
    return !peers.isEmpty() && peers.stream().allMatch(StateAnswer.Peer::isEstablished);
  }
}
