package dev.peerage.announce;

import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.kube.ServiceKey;
import dev.peerage.peering.LastUsable;
import dev.peerage.peering.Problem;
import java.util.Collection;
import java.util.List;

/**
 * What the speaker of a node shall do, and why. A value; plans that follow each other share what
 * did not change.
 *
 * @param desired the complete desired state; its export policies have one statement per set of
 *     attributes
 * @param problems what in the objects cannot be done as written, each once
 * @param decisions for every prefix that the node could announce and every configured peer, as of
 *     this plan
 * @param usable what goes on when an edit makes it unusable
 */
public record NodePlan(
    DesiredSpeaker desired,
    List<Problem> problems,
    Collection<Decision> decisions,
    LastUsable usable) {
  /** No instance, and nothing to say about it. */
  public static final NodePlan NOTHING =
      new NodePlan(DesiredSpeaker.NOTHING, List.of(), List.of(), LastUsable.NONE);

  /** Where nothing could go on. */
  public NodePlan(DesiredSpeaker desired, List<Problem> problems, Collection<Decision> decisions) {
    this(desired, problems, decisions, LastUsable.NONE);
  }

  /** Copies the problems, unless the list is immutable. */
  public NodePlan {
    problems = List.copyOf(problems);
  }

  /** The decisions about one Service, which are found without looking at the others. */
  public List<Decision> decisions(ServiceKey service) {
    return decisions instanceof Decisions byService
        ? byService.of(service)
        : decisions.stream().filter(each -> isAbout(each, service)).toList();
  }

  private static boolean isAbout(Decision decision, ServiceKey service) {
    return decision.subject() instanceof Decision.Subject.ServiceAddress(var namespace, var name, _)
        && new ServiceKey(namespace, name).equals(service);
  }

  /**
   * The desired state with one export statement per object and family, under the names that tables
   * of policies show. It announces the same, but is made anew with each call.
   */
  public DesiredSpeaker named() {
    return NamedPolicies.of(desired, decisions);
  }
}
