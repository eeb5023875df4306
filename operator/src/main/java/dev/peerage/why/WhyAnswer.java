package dev.peerage.why;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one agent says about a Service or a prefix. Times are ISO 8601, UTC.
 *
 * @param node the agent's node
 * @param standing why what is announced is not what the API's objects say; empty when it is
 * @param peers the peers of the node's configuration, those that are left out among them
 * @param routes what is decided for each of them
 * @param heard routes to the same prefixes that peers send to this node
 * @param changes what changed last, the oldest first
 * @param changesSince from when on no change is missing
 * @param leftOff how many routes are not shown, for want of room
 */
public record WhyAnswer(
    String node,
    String standing,
    List<Peer> peers,
    List<Route> routes,
    List<Heard> heard,
    List<Change> changes,
    String changesSince,
    int leftOff) {
  public WhyAnswer {
    peers = List.copyOf(peers);
    routes = List.copyOf(routes);
    heard = List.copyOf(heard);
    changes = List.copyOf(changes);
  }

  /** The peer of a route. */
  public @Nullable Peer peer(String instance, String name) {
    return peers.stream()
        .filter(each -> each.instance().equals(instance) && each.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  /**
   * A peer.
   *
   * @param address empty when it is not known
   * @param state the session's state; {@code left out} when the peer cannot be configured
   * @param since since when; empty when that is not known
   * @param error why the session is down, or was last; empty when it never was
   * @param families those that both sides agreed on; empty while the session is not up
   * @param problems what is wrong with its configuration
   */
  public record Peer(
      String instance,
      long localASN,
      String name,
      String address,
      String state,
      String since,
      String error,
      List<String> families,
      List<ProblemsAnswer.Problem> problems) {
    /** The state of a peer that cannot be configured. */
    public static final String LEFT_OUT = "left out";

    public Peer {
      families = List.copyOf(families);
      problems = List.copyOf(problems);
    }
  }

  /**
   * A decision, joined with the wire.
   *
   * @param subject what the prefix belongs to, for example {@code Service default/webpod
   *     LoadBalancerIP}
   * @param prefix absent when there is none to announce
   * @param outcome the decision's name, for example {@code NotSelected}
   * @param reason why the peer does not have it; absent when it was sent
   * @param announced what goes to the peer: the prefix, an aggregate, or both
   */
  public record Route(
      String instance,
      String peer,
      String subject,
      @Nullable String prefix,
      String outcome,
      @Nullable Reason reason,
      List<Announced> announced) {
    public Route {
      announced = List.copyOf(announced);
    }
  }

  /**
   * A prefix that is to be announced.
   *
   * @param advertisements who asks for it
   * @param sentSince when it was first sent in this session; absent while it is not on the wire
   */
  public record Announced(String prefix, List<String> advertisements, @Nullable String sentSince) {
    public Announced {
      advertisements = List.copyOf(advertisements);
    }
  }

  /**
   * A route that a peer sent.
   *
   * @param rejection why this node does not use it; empty when it might
   */
  public record Heard(
      String instance,
      String peer,
      String peerAddress,
      String prefix,
      String nextHop,
      String asPath,
      String rejection) {}

  /**
   * A change of a decision.
   *
   * @param what in words, for example {@code withdrawn: no endpoint on node k8s-w0 is ready}
   */
  public record Change(
      String time, String instance, String peer, @Nullable String prefix, String what) {}
}
