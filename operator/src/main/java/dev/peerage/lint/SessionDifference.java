package dev.peerage.lint;

import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.Endpoint;
import dev.peerage.bgp.speaker.Endpoint.Hops;
import dev.peerage.bgp.speaker.SessionTerms;
import dev.peerage.bgp.speaker.SessionTerms.GracefulRestart;
import dev.peerage.bgp.wire.IpText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What of a peer's settings is another, in the words of the API; passwords are not shown. */
final class SessionDifference {
  private final List<String> words = new ArrayList<>();

  private SessionDifference() {}

  static String words(DesiredPeer before, DesiredPeer after) {
    var difference = new SessionDifference();
    difference.look(before, after);
    return String.join(", ", difference.words);
  }

  private void look(DesiredPeer before, DesiredPeer after) {
    add("peerAddress", IpText.of(before.address()), IpText.of(after.address()));
    add("peerASN", before.asn(), after.asn());
    SessionTerms.Timers was = before.session().timers();
    SessionTerms.Timers is = after.session().timers();
    add("holdTimeSeconds", was.hold(), is.hold());
    add("keepAliveTimeSeconds", was.keepAlive(), is.keepAlive());
    add("families", families(before), families(after));
    add("gracefulRestart", restart(before), restart(after));
    Endpoint from = before.endpoint();
    Endpoint to = after.endpoint();
    add("peerPort", from.port(), to.port());
    add("ebgpMultihop", hops(from), hops(to));
    if (!from.source().equals(to.source())) {
      words.add("the source address");
    }
    if (!from.authentication().equals(to.authentication())) {
      words.add("authSecretRef");
    }
  }

  private void add(String field, Object before, Object after) {
    if (!before.equals(after)) {
      words.add(field + " " + before + " -> " + after);
    }
  }

  private static String families(DesiredPeer peer) {
    return peer.session().families().stream()
        .map(String::valueOf)
        .sorted()
        .collect(Collectors.joining("+"));
  }

  private static String restart(DesiredPeer peer) {
    return switch (peer.session().gracefulRestart()) {
      case GracefulRestart.Off() -> "off";
      case GracefulRestart.On _ -> "on";
    };
  }

  private static int hops(Endpoint endpoint) {
    return switch (endpoint.hops()) {
      case Hops.Ttl(int ttl) -> ttl;
      case Hops.Gtsm(int hops) -> hops;
    };
  }
}
