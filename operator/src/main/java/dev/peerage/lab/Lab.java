package dev.peerage.lab;

import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.RouteTable;
import dev.peerage.bgp.speaker.RouteView;
import dev.peerage.bgp.speaker.Shutdown;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.http.RoutesAnswer;
import dev.peerage.http.RoutesAnswer.Route;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The speakers that run: one per node, and the router. Owned by one thread. */
final class Lab {
  private final LabAddresses addresses;
  private final LabRouter router;
  private final Runnable changed;
  private final SortedMap<String, Speaker> speakers = new TreeMap<>();
  private final Map<InetAddress, Long> versions = new HashMap<>();
  private Map<InetAddress, List<RouteView>> lastTables = Map.of();
  private LabPlan plan = LabPlan.NOTHING;

  /**
   * A lab that runs nothing yet.
   *
   * @param changed called after any change on the wire, on a speaker's thread
   */
  Lab(LabAddresses addresses, LabRouter router, Runnable changed) {
    this.addresses = addresses;
    this.router = router;
    this.changed = changed;
  }

  LabPlan plan() {
    return plan;
  }

  /** Brings a plan into force; sessions and routes follow. */
  void apply(LabPlan next) throws LabException, InterruptedException {
    plan = next;
    router.apply(next.routers());
    for (String node : List.copyOf(speakers.keySet())) {
      if (!next.nodes().containsKey(node)) {
        Speaker gone = speakers.remove(node);
        if (gone != null) {
          Await.answer(gone.close(Shutdown.CEASE));
        }
      }
    }
    for (Map.Entry<String, DesiredSpeaker> node : next.nodes().entrySet()) {
      Await.answer(speakers.computeIfAbsent(node.getKey(), _ -> start()).apply(node.getValue()));
    }
  }

  private Speaker start() {
    Speaker speaker = Speaker.start(BuiltinRouter.settings(addresses));
    speaker.onChange(changed);
    return speaker;
  }

  /** What is on the wire now. */
  Observed observe() throws LabException, InterruptedException {
    SortedMap<String, SpeakerState> states = new TreeMap<>();
    speakers.forEach((node, speaker) -> states.put(node, speaker.state()));
    Map<InetAddress, List<RouteView>> tables = router.tables();
    tables.forEach((address, routes) -> {
      if (!routes.equals(lastTables.get(address))) {
        versions.merge(address, 1L, Long::sum);
      }
    });
    lastTables = tables;
    return new Observed(states, tables);
  }

  String tables(Observed observed) throws LabException, InterruptedException {
    Instant now = Instant.now();
    Map<AddressFamily, SortedMap<String, RoutesAnswer>> available =
        new EnumMap<>(AddressFamily.class);
    for (AddressFamily family : AddressFamily.values()) {
      SortedMap<String, RoutesAnswer> byNode = new TreeMap<>();
      for (Map.Entry<String, SpeakerState> node : observed.nodes().entrySet()) {
        List<Route> routes = new ArrayList<>();
        Speaker speaker = speakers.get(node.getKey());
        for (InstanceState instance : node.getValue().instances()) {
          if (speaker != null) {
            for (RouteView view :
                Await.answer(speaker.routes(instance.name(), new RouteTable.LocRib(), family))) {
              routes.add(Route.of(instance.name(), instance.localAsn(), null, view, now));
            }
          }
        }
        byNode.put(node.getKey(), new RoutesAnswer(routes));
      }
      available.put(family, byNode);
    }
    return LabTables.of(plan, observed, available, versions, now);
  }

  /** Ends all sessions with a Cease. */
  void close() throws InterruptedException {
    for (Speaker speaker : speakers.values()) {
      Await.quietly(speaker.close(Shutdown.CEASE));
    }
    speakers.clear();
    router.close();
  }
}
