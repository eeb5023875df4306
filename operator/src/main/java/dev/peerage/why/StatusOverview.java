package dev.peerage.why;

import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.kube.ServiceKey;
import dev.peerage.why.ClusterStatus.Pool;
import dev.peerage.why.ClusterStatus.Trouble;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Finds what is wrong with a cluster, out of what its agents and the API's objects say. Pure. */
public final class StatusOverview {
  private static final String AGENTS =
      "kubectl get pods -A -o wide -l app.kubernetes.io/component=agent";

  private final Optional<StatusFacts> facts;
  private final SortedMap<String, ProblemsAnswer> answers;
  private final Map<Key, Set<String>> troubles = new LinkedHashMap<>();
  private final Map<Key, String> next = new LinkedHashMap<>();

  private record Key(String what) {}

  private StatusOverview(Optional<StatusFacts> facts, Map<String, ProblemsAnswer> answers) {
    this.facts = facts;
    this.answers = new TreeMap<>(answers);
  }

  /**
   * Looks at all of it.
   *
   * @param facts what the API server says; empty when it was not asked
   * @param answers what the agents say, by node
   * @param silent why the other agents do not answer, by node
   */
  public static ClusterStatus of(
      Optional<StatusFacts> facts,
      Map<String, ProblemsAnswer> answers,
      Map<String, String> silent) {
    return new StatusOverview(facts, answers).status(new TreeMap<>(silent));
  }

  private ClusterStatus status(SortedMap<String, String> silent) {
    silent.forEach((node, reason) -> add("the agent does not answer: " + reason, node, AGENTS));
    facts.ifPresent(all -> nodes(all, silent.keySet()));
    answers.forEach(this::node);
    facts.ifPresent(this::pools);
    facts.ifPresent(this::services);
    List<WhyAnswer.Peer> peers =
        answers.values().stream().flatMap(each -> each.peers().stream()).toList();
    List<Service> balanced =
        facts.stream().flatMap(all -> all.services().stream()).filter(this::isOurs).toList();
    return new ClusterStatus(
        facts.map(all -> all.nodes().size()).orElse(answers.size() + silent.size()),
        facts
            .map(all -> all.nodeConfigs().size())
            .orElse(
                (int) answers.values().stream().filter(each -> !each.peers().isEmpty()).count()),
        answers.size(),
        peers.stream().filter(each -> each.state().equals("established")).count(),
        peers.size(),
        answers.values().stream().mapToLong(ProblemsAnswer::sent).sum(),
        answers.values().stream().mapToLong(ProblemsAnswer::wanted).sum(),
        balanced.size(),
        balanced.stream().filter(each -> !ServiceLinks.ingress(each).isEmpty()).count(),
        facts.stream()
            .flatMap(all -> all.pools().stream())
            .map(StatusOverview::pool)
            .sorted(Comparator.comparing(Pool::name))
            .toList(),
        troubles.entrySet().stream()
            .map(each ->
                new Trouble(
                    each.getKey().what(),
                    List.copyOf(each.getValue()),
                    next.getOrDefault(each.getKey(), "")))
            .toList(),
        facts.map(StatusFacts::unread).orElse(List.of()));
  }

  private void add(String what, String where, String command) {
    var key = new Key(what);
    troubles.computeIfAbsent(key, _ -> new LinkedHashSet<>()).add(where);
    next.putIfAbsent(key, command);
  }

  private void nodes(StatusFacts all, Set<String> silent) {
    Set<String> configured =
        all.nodeConfigs().stream()
            .map(CiliumBGPNodeConfig::getMetadata)
            .map(each -> each.getName())
            .collect(Collectors.toSet());
    if (configured.isEmpty() && all.unread().isEmpty()) {
      var links =
          new NodeLinks(
              new ClusterFacts(
                  Optional.empty(),
                  Optional.empty(),
                  List.of(),
                  List.of(),
                  List.of(),
                  all.clusterConfigs(),
                  List.of(),
                  List.of()));
      for (Node node : all.nodes()) {
        links
            .of(node)
            .ifPresent(each -> add(each.what(), node.getMetadata().getName(), each.next()));
      }
    }
    for (String name : configured.stream().sorted().toList()) {
      if (!answers.containsKey(name) && !silent.contains(name)) {
        add("the node has a CiliumBGPNodeConfig, but no agent runs there", name, AGENTS);
      }
    }
  }

  private void node(String node, ProblemsAnswer answer) {
    boolean configured = !answer.peers().isEmpty();
    if (!answer.standing().isEmpty() && (configured || !standsByForConfig(answer))) {
      add(answer.standing(), node, AGENTS);
    }
    for (WhyAnswer.Peer peer : answer.peers()) {
      switch (peer.state()) {
        case "established" -> {}
        case WhyAnswer.Peer.LEFT_OUT -> leftOut(node, peer);
        case String state ->
            add(
                "the session with peer %s %s is %s%s"
                    .formatted(
                        peer.name(),
                        peer.address(),
                        state,
                        peer.error().isEmpty() ? "" : ": " + peer.error()),
                node,
                "peerage peers " + peer.name() + " --node " + node);
      }
    }
    answer.problems().stream()
        .filter(problem -> !problem.severity().equals("note"))
        .forEach(problem ->
            add(
                "%s %s: %s; %s"
                    .formatted(problem.object(), problem.field(), problem.what(), problem.remedy()),
                node,
                edit(problem.object())));
    boolean allUp = answer.peers().stream().allMatch(each -> each.state().equals("established"));
    if (allUp && answer.wanted() > answer.sent()) {
      add(
          "not all routes that are to be announced are on the wire: a family that a router has not"
              + " agreed on, or one on its way",
          node,
          "peerage routes advertised --node " + node);
    }
  }

  /** An agent on a node that is not selected has nothing to do, which is no problem of its own. */
  private static boolean standsByForConfig(ProblemsAnswer answer) {
    return answer.standing().startsWith("there is no CiliumBGPNodeConfig");
  }

  private void leftOut(String node, WhyAnswer.Peer peer) {
    boolean asItShall = peer.problems().stream().anyMatch(each -> each.severity().equals("note"));
    if (peer.problems().isEmpty()) {
      add("peer " + peer.name() + " of instance " + peer.instance() + " is left out", node, AGENTS);
    } else if (!asItShall && peer.problems().stream().allMatch(each -> each.peer() == null)) {
      // Otherwise the problem names the peer itself.
      add(
          "peer %s of instance %s is left out, because of %s"
              .formatted(peer.name(), peer.instance(), peer.problems().getFirst().object()),
          node,
          edit(peer.problems().getFirst().object()));
    }
  }

  private static String edit(String object) {
    int space = object.indexOf(' ');
    return space < 0
        ? ""
        : "kubectl edit "
            + object.substring(0, space).toLowerCase(Locale.ROOT)
            + object.substring(space);
  }

  private void pools(StatusFacts all) {
    for (CiliumLoadBalancerIPPool pool : all.pools()) {
      ServiceLinks.conflict(pool)
          .ifPresent(words ->
              add(
                  "the pool " + words,
                  pool.getMetadata().getName(),
                  "kubectl describe ciliumloadbalancerippool " + pool.getMetadata().getName()));
    }
  }

  private static Pool pool(CiliumLoadBalancerIPPool pool) {
    return new Pool(
        pool.getMetadata().getName(),
        ServiceLinks.count(pool, "cilium.io/IPsUsed"),
        ServiceLinks.count(pool, "cilium.io/IPsTotal"),
        ServiceLinks.conflict(pool).isPresent()
            ? "in conflict"
            : pool.getSpec().disabled() ? "disabled" : "ok");
  }

  private boolean isOurs(Service service) {
    return "LoadBalancer".equals(service.getSpec().getType())
        && ServiceLinks.of(service, List.of())
            .filter(each -> each.link() == Link.SERVICE)
            .isEmpty();
  }

  private void services(StatusFacts all) {
    List<Service> sorted = new ArrayList<>(all.services().stream().filter(this::isOurs).toList());
    sorted.sort(Comparator.comparing(ServiceKey::of));
    for (Service service : sorted) {
      ServiceLinks.of(service, all.pools())
          .ifPresent(_ ->
              add(
                  ServiceLinks.refusal(service)
                      .map(each -> "no address, " + each)
                      .orElse("no address, and the operator has not looked at it"),
                  ServiceKey.of(service).toString(),
                  "peerage why " + ServiceKey.of(service)));
    }
  }
}
