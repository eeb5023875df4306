package dev.peerage.why;

import io.fabric8.kubernetes.api.model.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts together what the agents and the API's objects say about one question. Pure. */
public final class Explainer {
  /** The last words of a subject that is an address, the type that matters least at the end. */
  private static final List<String> TYPES = List.of("LoadBalancerIP", "ExternalIP", "ClusterIP");

  private static final String AGENTS =
      "kubectl get pods -A -o wide -l app.kubernetes.io/component=agent";

  private final Target target;
  private final Optional<ClusterFacts> facts;
  private final SortedMap<String, WhyAnswer> answers;
  private final SortedMap<String, String> silent;
  private final Causes causes = new Causes();

  private Explainer(
      Target target,
      Optional<ClusterFacts> facts,
      Map<String, WhyAnswer> answers,
      Map<String, String> silent) {
    this.target = target;
    this.facts = facts;
    this.answers = new TreeMap<>(answers);
    this.silent = new TreeMap<>(silent);
  }

  /**
   * Explains.
   *
   * @param facts what the API server says; empty when it was not asked
   * @param answers what the agents say, by node
   * @param silent why the other agents do not answer, by node
   */
  public static Explanation explain(
      Target target,
      Optional<ClusterFacts> facts,
      Map<String, WhyAnswer> answers,
      Map<String, String> silent) {
    return new Explainer(target, facts, answers, silent).explanation();
  }

  private Explanation explanation() {
    facts.ifPresent(this::service);
    Map<String, Reason> unselected = unselected();
    unselected.forEach((node, reason) -> causes.missing(node, "", "", "", reason, true));
    Set<String> types = types();
    answers.forEach((node, answer) -> {
      if (!unselected.containsKey(node)) {
        node(node, answer, types);
      }
    });
    silent.forEach((node, reason) -> {
      if (!unselected.containsKey(node)) {
        causes.unknown(
            node,
            new Reason(
                Link.NODE,
                "the agent does not answer: " + reason,
                "see to the agent's pod",
                AGENTS));
      }
    });
    withoutAgent(unselected.keySet());
    if (causes.isEmpty()) {
      causes.everywhere(
          new Reason(
              Link.NODE,
              "no agent has decided anything about it",
              "see whether any node holds sessions",
              "peerage peers"));
    }
    var tellings = new Tellings(causes.rows(), answers);
    return new Explanation(
        subject(),
        tellings.summary(),
        causes.rows(),
        causes.causes(),
        causes.chain(),
        tellings.heard(),
        tellings.changes(),
        Stream.concat(
                facts.stream().flatMap(each -> each.unread().stream()), tellings.leftOff().stream())
            .toList(),
        causes.broken());
  }

  private void service(ClusterFacts all) {
    all.service()
        .flatMap(service -> ServiceLinks.of(service, all.pools()))
        .ifPresent(causes::everywhere);
    boolean decided = answers.values().stream().anyMatch(each -> !each.routes().isEmpty());
    if (all.service().isEmpty() && !decided) {
      causes.everywhere(
          switch (target) {
            case Target.OfService(var namespace, var name) ->
                new Reason(
                    Link.SERVICE,
                    "there is no Service " + full(namespace, name),
                    "correct the name or the namespace",
                    "kubectl get services -A");
            case Target.OfGateway(var namespace, var name) ->
                withoutService(all.gateway(), full(namespace, name));
            case Target.OfPrefix(var prefix) -> ServiceLinks.nobody(prefix, all.pools());
          });
    }
  }

  private static String full(Optional<String> namespace, String name) {
    return namespace.map(each -> each + "/").orElse("") + name;
  }

  private static Reason withoutService(Optional<ClusterFacts.Gateway> gateway, String name) {
    return gateway
        .map(each ->
            new Reason(
                Link.SERVICE,
                "Gateway "
                    + each
                    + " has no Service yet"
                    + (each.conditions().isEmpty()
                        ? ""
                        : ": " + String.join("; ", each.conditions())),
                "see to the controller of GatewayClass " + each.gatewayClass(),
                "kubectl describe gateway -n " + each.namespace() + " " + each.name()))
        .orElseGet(() ->
            new Reason(
                Link.SERVICE,
                "there is no Gateway " + name,
                "correct the name or the namespace, or ask about the Service",
                "kubectl get gateways -A"));
  }

  /** The nodes that no ClusterConfig selects, and why. */
  private Map<String, Reason> unselected() {
    Map<String, Reason> unselected = new LinkedHashMap<>();
    facts.ifPresent(all -> {
      var links = new NodeLinks(all);
      for (Node node : sorted(all.nodes())) {
        links.of(node).ifPresent(reason -> unselected.put(node.getMetadata().getName(), reason));
      }
    });
    return unselected;
  }

  private static List<Node> sorted(List<Node> nodes) {
    return nodes.stream()
        .sorted(Comparator.comparing((Node each) -> each.getMetadata().getName()))
        .toList();
  }

  private void withoutAgent(Set<String> unselected) {
    if (answers.isEmpty() && silent.isEmpty()) {
      return; // none was asked
    }
    facts.ifPresent(all -> {
      for (Node node : sorted(all.nodes())) {
        String name = node.getMetadata().getName();
        if (!unselected.contains(name) && !answers.containsKey(name) && !silent.containsKey(name)) {
          causes.unknown(
              name,
              new Reason(
                  Link.NODE,
                  "a CiliumBGPClusterConfig selects the node, but no agent runs there",
                  "see why the DaemonSet has no pod there: its tolerations, the node's taints",
                  AGENTS));
        }
      }
    });
  }

  /** The kinds of address that are meant: a Service's ClusterIP only where it has no other one. */
  private Set<String> types() {
    if (target instanceof Target.OfPrefix) {
      return Set.copyOf(TYPES);
    }
    List<WhyAnswer.Route> routes =
        answers.values().stream().flatMap(each -> each.routes().stream()).toList();
    Set<String> found =
        routes.stream().flatMap(each -> type(each).stream()).collect(Collectors.toSet());
    boolean others = found.size() > 1;
    Set<String> announced =
        routes.stream()
            .filter(each -> !each.announced().isEmpty())
            .flatMap(each -> type(each).stream())
            .collect(Collectors.toSet());
    return found.stream()
        .filter(each -> !others || !each.equals(TYPES.getLast()) || announced.contains(each))
        .collect(Collectors.toSet());
  }

  private static Optional<String> type(WhyAnswer.Route route) {
    return TYPES.stream().filter(each -> route.subject().endsWith(" " + each)).findFirst();
  }

  private void node(String node, WhyAnswer answer, Set<String> types) {
    if (!answer.standing().isEmpty()) {
      causes.missing(
          node,
          "",
          "",
          "",
          new Reason(
              Link.NODE,
              answer.standing(),
              "see to the agent, and to the objects that it waits for",
              AGENTS),
          false);
    }
    answer.peers().stream()
        .filter(each -> each.state().equals(WhyAnswer.Peer.LEFT_OUT))
        .forEach(each -> leftOut(node, each));
    answer.routes().stream()
        .filter(route -> type(route).map(types::contains).orElse(true))
        .forEach(route -> route(node, answer, route));
  }

  private void leftOut(String node, WhyAnswer.Peer peer) {
    String who = "peer " + peer.name() + " of instance " + peer.instance() + " is left out";
    Optional<ProblemsAnswer.Problem> problem = peer.problems().stream().findFirst();
    Reason reason =
        problem
            .map(each ->
                new Reason(
                    Link.PEER_CONFIG,
                    "%s: %s %s: %s".formatted(who, each.object(), each.field(), each.what()),
                    each.remedy(),
                    edit(each.object())))
            .orElseGet(
                () -> new Reason(Link.PEER_CONFIG, who, "read the log of the agent", AGENTS));
    boolean asItShall = problem.filter(each -> each.severity().equals("note")).isPresent();
    causes.missing(node, peer(peer), "", "", reason, asItShall);
    if (!asItShall) {
      causes.fails();
    }
  }

  /** For example of {@code CiliumBGPPeerConfig cilium-peer}. */
  private static String edit(String object) {
    int space = object.indexOf(' ');
    return space < 0
        ? ""
        : "kubectl edit "
            + object.substring(0, space).toLowerCase(Locale.ROOT)
            + object.substring(space);
  }

  private void route(String node, WhyAnswer answer, WhyAnswer.Route route) {
    WhyAnswer.@Nullable Peer peer = answer.peer(route.instance(), route.peer());
    String who = peer == null ? route.peer() : peer(peer);
    Reason reason =
        Objects.requireNonNullElseGet(
            route.reason(),
            () -> new Reason(Link.WIRE, "the agent gives no reason", "ask once more", ""));
    if (route.announced().isEmpty()) {
      causes.missing(
          node,
          who,
          Objects.requireNonNullElse(route.prefix(), ""),
          since(answer, route),
          reason,
          byDesign(route.outcome()));
      return;
    }
    for (WhyAnswer.Announced each : route.announced()) {
      String sent = each.sentSince();
      if (sent != null) {
        causes.announced(node, who, each.prefix(), sent);
      } else {
        causes.fails();
        String since = peer != null && reason.link() == Link.SESSION ? peer.since() : "";
        causes.missing(node, who, each.prefix(), since, reason, false);
      }
    }
  }

  /** Decisions with which nothing is wrong where other nodes or peers have the route. */
  private static boolean byDesign(String outcome) {
    return switch (outcome) {
      case "NoLocalEndpoint",
          "ExcludedNode",
          "NoAdvertisement",
          "NotSelected",
          "SelectorMissing",
          "NoPeerConfig",
          "FamilyNotConfigured",
          "OtherIpam",
          "NoAddress" ->
          true;
      default -> false;
    };
  }

  private static String since(WhyAnswer answer, WhyAnswer.Route route) {
    return answer.changes().reversed().stream()
        .filter(each -> each.instance().equals(route.instance()))
        .filter(each -> each.peer().equals(route.peer()))
        .filter(each -> Objects.equals(each.prefix(), route.prefix()))
        .map(WhyAnswer.Change::time)
        .findFirst()
        .orElse("before " + answer.changesSince());
  }

  private static String peer(WhyAnswer.Peer peer) {
    return peer.address().isEmpty() ? peer.name() : peer.name() + " " + peer.address();
  }

  private List<String> subject() {
    List<String> lines = new ArrayList<>();
    facts
        .flatMap(ClusterFacts::gateway)
        .ifPresent(each -> lines.add("Gateway " + each + " of class " + each.gatewayClass()));
    facts.ifPresent(all ->
        all.service().ifPresent(each -> lines.addAll(ServiceLinks.words(each, all.slices()))));
    return lines;
  }
}
