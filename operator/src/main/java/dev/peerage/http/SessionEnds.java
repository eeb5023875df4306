package dev.peerage.http;

import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.bgp.speaker.SpeakerEvent;
import dev.peerage.bgp.speaker.SpeakerState;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How often each session has ended since its peer was configured: its flaps. Any thread. */
final class SessionEnds {
  private final Map<Session, Integer> ends = new ConcurrentHashMap<>();

  private record Session(String instance, String peer) {}

  /** Counts what ends from now on. */
  static SessionEnds of(Speaker speaker) {
    var ends = new SessionEnds();
    speaker.onEvent(ends::happened);
    return ends;
  }

  private void happened(SpeakerEvent event) {
    switch (event) {
      case SpeakerEvent.SessionDown(var instance, var peer, _) -> {
        Integer _ = ends.merge(new Session(instance, peer), 1, Integer::sum);
      }
      case SpeakerEvent.SessionUp _, SpeakerEvent.ListenerUp _, SpeakerEvent.ListenerDown _ -> {}
    }
  }

  /** Forgets the peers that there are no longer. */
  void keep(SpeakerState state) {
    Set<Session> there =
        state.instances().stream().flatMap(SessionEnds::sessions).collect(Collectors.toSet());
    ends.keySet().retainAll(there);
  }

  private static Stream<Session> sessions(InstanceState instance) {
    return instance.peers().stream().map(peer -> new Session(instance.name(), peer.name()));
  }

  int of(String instance, String peer) {
    return ends.getOrDefault(new Session(instance, peer), 0);
  }
}
