package dev.peerage.agent;

import dev.peerage.agent.Answer.Found;
import dev.peerage.agent.Answer.Missing;
import dev.peerage.agent.Answer.Refused;
import dev.peerage.agent.Answer.Silence;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import java.util.Optional;

/** Why an agent ends: another one follows on this node, or none does. */
sealed interface Ending {
  /** The next agent is about to start; or that cannot be ruled out. */
  record Restart() implements Ending {}

  /**
   * No agent follows: nothing would keep the routes true.
   *
   * @param why in words that go on after "because"
   */
  record ForGood(String why) implements Ending {}

  /**
   * Decides. In doubt another agent follows: routes that stay for a restart time too long still
   * lead to a node that forwards, and routes withdrawn in a rollout lose traffic.
   *
   * @param daemonSet the DaemonSet that this agent is of
   * @param node the Node that it runs on
   * @param wasAllowed whether the DaemonSet could be read before: rights that were never there do
   *     not go away with an uninstallation
   */
  static Ending of(Answer<DaemonSet> daemonSet, Answer<Node> node, boolean wasAllowed) {
    return switch (daemonSet) {
      case Found<DaemonSet>(var found) ->
          found.getMetadata().getDeletionTimestamp() == null
              ? of(found.getSpec().getTemplate().getSpec(), node)
              : new ForGood("the DaemonSet of the agents is being deleted");
      case Missing<DaemonSet> _ -> new ForGood("the DaemonSet of the agents has been deleted");
      case Refused<DaemonSet>(var why) ->
          wasAllowed
              ? new ForGood("the rights of the agents have been taken away (" + why + ")")
              : new Restart();
      case Silence<DaemonSet> _ -> new Restart();
    };
  }

  private static Ending of(PodSpec pod, Answer<Node> node) {
    return switch (node) {
      case Found<Node>(var found) -> {
        Optional<String> obstacle = Placement.obstacle(pod, found);
        yield obstacle.isPresent()
            ? new ForGood("the DaemonSet starts no agent on this node: " + obstacle.get())
            : new Restart();
      }
      case Missing<Node> _ -> new ForGood("the Node has been deleted");
      case Refused<Node> _, Silence<Node> _ -> new Restart();
    };
  }
}
