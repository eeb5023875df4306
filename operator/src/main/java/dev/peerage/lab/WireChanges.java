package dev.peerage.lab;

import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.PeerState.Phase;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.lab.Expectation.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** Says what changed on the wire between two looks at it, one line each. Pure. */
final class WireChanges {
  private WireChanges() {}

  /** Sessions that are new or in another state, then paths that are gone, then new ones. */
  static List<String> between(Observed before, Observed after) {
    List<String> lines = new ArrayList<>();
    SortedMap<String, String> sessionsBefore = sessions(before);
    sessions(after)
        .forEach((session, state) -> {
          if (!state.equals(sessionsBefore.get(session))) {
            lines.add(session + " is " + state);
          }
        });
    SortedSet<Path> was = before.paths();
    SortedSet<Path> is = after.paths();
    was.stream()
        .filter(path -> !is.contains(path))
        .forEach(path -> lines.add(router(path) + "- " + path));
    is.stream()
        .filter(path -> !was.contains(path))
        .forEach(path -> lines.add(router(path) + "+ " + path));
    return lines;
  }

  private static String router(Path path) {
    return "router " + IpText.of(path.router()) + ": ";
  }

  private static SortedMap<String, String> sessions(Observed observed) {
    SortedMap<String, String> sessions = new TreeMap<>();
    observed
        .nodes()
        .forEach((node, state) ->
            state.instances().stream()
                .flatMap(instance -> instance.peers().stream())
                .forEach(peer -> sessions.put(session(node, peer), state(peer))));
    return sessions;
  }

  static String session(String node, PeerState peer) {
    return "node %s: session to %s (%s)".formatted(node, peer.name(), IpText.of(peer.address()));
  }

  static String state(PeerState peer) {
    return switch (peer.phase()) {
      case Phase.Up _ -> "established";
      case Phase.Down(String text) ->
          text + (peer.lastError().isEmpty() ? "" : ": " + peer.lastError());
    };
  }
}
