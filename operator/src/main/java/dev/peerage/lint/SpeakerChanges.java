package dev.peerage.lint;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.ExportStatement;
import dev.peerage.bgp.export.ExportStatement.Attributes;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.InstanceDiff;
import dev.peerage.bgp.speaker.PeerEffect;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.bgp.wire.Prefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a speaker does on the wire when it is told another desired state. Pure.
 *
 * @param sessions those that begin, end or begin anew
 * @param announced routes that a peer does not have yet
 * @param withdrawn routes that a peer has and will not have
 * @param altered routes that a peer gets with other attributes
 */
public record SpeakerChanges(
    List<Session> sessions, List<Route> announced, List<Route> withdrawn, List<Route> altered) {
  static final SpeakerChanges NONE = new SpeakerChanges(List.of(), List.of(), List.of(), List.of());

  public SpeakerChanges {
    sessions = List.copyOf(sessions);
    announced = List.copyOf(announced);
    withdrawn = List.copyOf(withdrawn);
    altered = List.copyOf(altered);
  }

  /** What happens to a session. */
  public enum Effect {
    /** There is none yet. */
    OPENS,
    /** The peer goes: Cease/Peer De-configured. */
    ENDS,
    /** Cease/Other Configuration Change; with graceful restart on both sides the routes stay. */
    RESETS,
    /** The same, but the router gives up the routes. */
    RESETS_AND_DROPS,
    /** It is another peer now: the old one goes, a new one comes. */
    REPLACED;

    /** As in {@code -o json}, such as {@code resets-and-drops}. */
    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether a session that is there now ends and comes back. */
    public boolean isReset() {
      return switch (this) {
        case OPENS, ENDS -> false;
        case RESETS, RESETS_AND_DROPS, REPLACED -> true;
      };
    }
  }

  /**
   * A session.
   *
   * @param why what of it changes; empty when it begins or ends
   */
  public record Session(String instance, String peer, Effect effect, String why) {}

  /** A route to a peer. */
  public record Route(String instance, String peer, Prefix prefix) implements Comparable<Route> {
    private static final Comparator<Route> ORDER =
        Comparator.comparing(Route::prefix)
            .thenComparing(Route::instance)
            .thenComparing(Route::peer);

    @Override
    public int compareTo(Route other) {
      return ORDER.compare(this, other);
    }
  }

  /** From one desired state to another. */
  public static SpeakerChanges between(DesiredSpeaker before, DesiredSpeaker after) {
    if (before.equals(after)) {
      return NONE;
    }
    Map<Route, Attributes> was = routes(before);
    Map<Route, Attributes> is = routes(after);
    List<Route> announced = new ArrayList<>();
    List<Route> withdrawn = new ArrayList<>();
    List<Route> altered = new ArrayList<>();
    is.forEach((route, attributes) -> {
      Attributes old = was.get(route);
      if (old == null) {
        announced.add(route);
      } else if (!old.equals(attributes)) {
        altered.add(route);
      }
    });
    was.keySet().stream().filter(route -> !is.containsKey(route)).forEach(withdrawn::add);
    return new SpeakerChanges(sessions(before, after), announced, withdrawn, altered);
  }

  private static List<Session> sessions(DesiredSpeaker before, DesiredSpeaker after) {
    Map<String, DesiredInstance> was = byName(before);
    Map<String, DesiredInstance> is = byName(after);
    Set<String> again = new HashSet<>();
    InstanceDiff.between(before, after).recreated().forEach(each -> again.add(each.name()));
    List<Session> sessions = new ArrayList<>();
    Set<String> names = new TreeSet<>(was.keySet());
    names.addAll(is.keySet());
    for (String name : names) {
      DesiredInstance old = was.get(name);
      DesiredInstance now = is.get(name);
      if (old != null && now != null && again.contains(name)) {
        instance(old, now, sessions);
      } else {
        peers(name, peers(old), peers(now), sessions);
      }
    }
    return sessions;
  }

  private static Map<String, DesiredInstance> byName(DesiredSpeaker speaker) {
    Map<String, DesiredInstance> byName = new TreeMap<>();
    speaker.instances().forEach(instance -> byName.put(instance.name(), instance));
    return byName;
  }

  private static Map<String, DesiredPeer> peers(@Nullable DesiredInstance instance) {
    Map<String, DesiredPeer> peers = new TreeMap<>();
    if (instance != null) {
      instance.peers().forEach(peer -> peers.put(peer.name(), peer));
    }
    return peers;
  }

  /** All sessions of an instance that starts anew. */
  private static void instance(
      DesiredInstance before, DesiredInstance after, List<Session> sessions) {
    boolean otherAs = before.localAsn() != after.localAsn();
    String why =
        otherAs
            ? "localASN %d -> %d".formatted(before.localAsn(), after.localAsn())
            : "routerID %s -> %s"
                .formatted(IpText.of(before.routerId()), IpText.of(after.routerId()));
    Map<String, DesiredPeer> was = peers(before);
    Map<String, DesiredPeer> is = peers(after);
    Set<String> both = new TreeSet<>(was.keySet());
    both.retainAll(is.keySet());
    for (String peer : both) {
      sessions.add(
          new Session(after.name(), peer, otherAs ? Effect.RESETS_AND_DROPS : Effect.RESETS, why));
    }
    was.keySet().removeAll(both);
    is.keySet().removeAll(both);
    peers(after.name(), was, is, sessions);
  }

  private static void peers(
      String instance,
      Map<String, DesiredPeer> before,
      Map<String, DesiredPeer> after,
      List<Session> sessions) {
    before.keySet().stream()
        .filter(peer -> !after.containsKey(peer))
        .forEach(peer -> sessions.add(new Session(instance, peer, Effect.ENDS, "")));
    after.forEach((name, peer) -> {
      DesiredPeer old = before.get(name);
      if (old == null) {
        sessions.add(new Session(instance, name, Effect.OPENS, ""));
        return;
      }
      String why = SessionDifference.words(old, peer);
      switch (PeerEffect.of(old, peer)) {
        case NONE, ROUTES, NEXT -> {}
        case RESET -> sessions.add(new Session(instance, name, Effect.RESETS, why));
        case HARD_RESET -> sessions.add(new Session(instance, name, Effect.RESETS_AND_DROPS, why));
        case REPLACE -> sessions.add(new Session(instance, name, Effect.REPLACED, why));
      }
    });
  }

  /** What every peer is sent. */
  private static Map<Route, Attributes> routes(DesiredSpeaker speaker) {
    Map<Route, Attributes> routes = new TreeMap<>();
    for (DesiredInstance instance : speaker.instances()) {
      for (DesiredPeer peer : instance.peers()) {
        for (Prefix prefix : instance.routes()) {
          var route = new Route(instance.name(), peer.name(), prefix);
          switch (peer.exportPolicy()) {
            case ExportPolicy.All _ -> routes.put(route, Attributes.DEFAULT);
            case ExportPolicy.Statements(String _, List<ExportStatement> statements) ->
                statements.stream()
                    .filter(statement -> statement.prefixes().contains(prefix))
                    .findFirst()
                    .ifPresent(statement -> routes.put(route, statement.attributes()));
          }
        }
      }
    }
    return routes;
  }
}
