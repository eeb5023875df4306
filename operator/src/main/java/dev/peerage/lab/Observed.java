package dev.peerage.lab;

import dev.peerage.bgp.speaker.RouteView;
import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.lab.Expectation.Path;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is really on the wire at a moment.
 *
 * @param nodes the state of each node's speaker
 * @param tables each router's table: by prefix, best first
 */
record Observed(SortedMap<String, SpeakerState> nodes, Map<InetAddress, List<RouteView>> tables) {
  SortedSet<Path> paths() {
    SortedSet<Path> paths = new TreeSet<>();
    tables.forEach((router, routes) -> routes.forEach(route -> paths.add(Path.of(router, route))));
    return paths;
  }
}
