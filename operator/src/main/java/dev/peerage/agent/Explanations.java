package dev.peerage.agent;

import dev.peerage.announce.Decision;
import dev.peerage.announce.Decision.Subject;
import dev.peerage.announce.NodePlan;
import dev.peerage.announce.ServiceLabels;
import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.RouteTable;
import dev.peerage.bgp.speaker.RouteView;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.kube.ServiceKey;
import dev.peerage.peering.NodeSnapshot;
import dev.peerage.peering.PodIpPool;
import dev.peerage.peering.Problem;
import dev.peerage.why.NodeProblems;
import dev.peerage.why.NodeWhy;
import dev.peerage.why.NodeWhy.Told;
import dev.peerage.why.ProblemsAnswer;
import dev.peerage.why.WhyAnswer;
import dev.peerage.why.WhyQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Gathers what an agent knows about a Service or a prefix. Any thread. */
final class Explanations {
  private static final int LOOKUP_SECONDS = 10;

  private final String nodeName;
  private final Inputs inputs;
  private final PlanRound round;
  private final Speaker speaker;

  Explanations(String nodeName, Inputs inputs, PlanRound round, Speaker speaker) {
    this.nodeName = nodeName;
    this.inputs = inputs;
    this.round = round;
    this.speaker = speaker;
  }

  WhyAnswer why(WhyQuery query, String standing)
      throws InterruptedException, ExecutionException, TimeoutException {
    Optional<PlanRound.Applied> applied = round.inForce();
    NodePlan plan = applied.map(PlanRound.Applied::plan).orElse(NodePlan.NOTHING);
    Optional<NodeSnapshot> objects = applied.flatMap(PlanRound.Applied::objects);
    SpeakerState state = speaker.state();
    List<Decision> all = query.decisions(plan);
    List<Decision> decisions = all.stream().limit(WhyQuery.MOST).toList();
    var why = new NodeWhy(nodeName, plan, objects, state, each -> labels(each, objects));
    ChangeJournal.Excerpt changes = round.journal().excerpt(query::isAbout);
    return new WhyAnswer(
        nodeName,
        standing,
        why.peers(configs(objects)),
        why.routes(decisions, sent(NodeWhy.told(decisions))),
        heard(query, decisions, state),
        changes.entries().stream().map(each -> why.change(each.time(), each.change())).toList(),
        changes.completeSince().toString(),
        all.size() - decisions.size());
  }

  ProblemsAnswer problems(String standing) {
    Optional<PlanRound.Applied> applied = round.inForce();
    NodePlan plan = applied.map(PlanRound.Applied::plan).orElse(NodePlan.NOTHING);
    Optional<NodeSnapshot> objects = applied.flatMap(PlanRound.Applied::objects);
    Collection<CiliumBGPNodeConfig> configs = configs(objects);
    SpeakerState state = speaker.state();
    List<Problem> problems = new ArrayList<>(plan.problems());
    configs.forEach(each -> problems.addAll(SpeakerProblems.of(each, state)));
    var why = new NodeWhy(nodeName, plan, objects, state, each -> labels(each, objects));
    return new NodeProblems(configs, problems)
        .answer(nodeName, standing, why.peers(configs), plan.desired(), state);
  }

  private Collection<CiliumBGPNodeConfig> configs(Optional<NodeSnapshot> objects) {
    return objects
        .<Collection<CiliumBGPNodeConfig>>map(NodeSnapshot::nodeConfigs)
        .orElseGet(() -> inputs.nodeConfig().stream().toList());
  }

  private Map<String, String> labels(Subject subject, Optional<NodeSnapshot> objects) {
    return switch (subject) {
      case Subject.ServiceAddress(var namespace, var name, _) ->
          inputs.service(new ServiceKey(namespace, name)).map(ServiceLabels::of).orElse(Map.of());
      case Subject.PodPool(var pool) ->
          objects.stream()
              .flatMap(each -> each.context().podIpPools().stream())
              .filter(each -> each.name().equals(pool))
              .findFirst()
              .map(PodIpPool::labels)
              .orElse(Map.of());
      case Subject.PodCidr _, Subject.Interface _ -> Map.of();
    };
  }

  private Map<Told, Instant> sent(Collection<Told> told)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<Told, CompletableFuture<List<RouteView>>> lookups = new LinkedHashMap<>();
    for (Told each : told) {
      lookups.put(
          each,
          speaker.routes(each.instance(), new RouteTable.AdjRibOut(each.peer()), each.prefix()));
    }
    Map<Told, Instant> sent = new HashMap<>();
    for (Map.Entry<Told, CompletableFuture<List<RouteView>>> each : lookups.entrySet()) {
      for (RouteView view : each.getValue().get(LOOKUP_SECONDS, TimeUnit.SECONDS)) {
        sent.put(each.getKey(), view.since());
      }
    }
    return sent;
  }

  private List<WhyAnswer.Heard> heard(
      WhyQuery query, Collection<Decision> decisions, SpeakerState state)
      throws InterruptedException, ExecutionException, TimeoutException {
    List<WhyAnswer.Heard> heard = new ArrayList<>();
    for (InstanceState instance : state.instances()) {
      for (PeerState peer : instance.peers()) {
        var table = new RouteTable.AdjRibIn(peer.name());
        List<CompletableFuture<List<RouteView>>> lookups = new ArrayList<>();
        Collection<Prefix> prefixes = query.prefixes(decisions);
        prefixes.forEach(each -> lookups.add(speaker.routes(instance.name(), table, each)));
        query
            .only()
            .filter(each -> !prefixes.contains(each))
            .ifPresent(each -> lookups.add(speaker.longestMatch(instance.name(), table, each)));
        for (CompletableFuture<List<RouteView>> lookup : lookups) {
          for (RouteView view : lookup.get(LOOKUP_SECONDS, TimeUnit.SECONDS)) {
            heard.add(
                new WhyAnswer.Heard(
                    instance.name(),
                    peer.name(),
                    IpText.of(peer.address()),
                    view.prefix().toString(),
                    view.nextHopText(),
                    view.asPath(),
                    view.rejection()));
          }
        }
      }
    }
    return heard;
  }
}
