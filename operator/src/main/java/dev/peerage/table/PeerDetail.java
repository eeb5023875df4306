package dev.peerage.table;

import dev.peerage.bgp.speaker.MessageCounts;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.http.SessionAnswer;
import dev.peerage.http.StateAnswer;
import dev.peerage.http.StateAnswer.Instance;
import dev.peerage.http.StateAnswer.Peer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The text of {@code peerage peers NAME}: all that is known of a session. */
public final class PeerDetail {
  private PeerDetail() {}

  /** The peers of all nodes, one paragraph each. */
  public static String of(Map<String, StateAnswer> states) {
    var text = new StringBuilder();
    new TreeMap<>(states)
        .forEach((node, state) -> {
          for (Instance instance : state.instances()) {
            for (Peer peer : instance.peers()) {
              if (!text.isEmpty()) {
                text.append('\n');
              }
              peer(text, node, instance, peer);
            }
          }
        });
    return text.toString();
  }

  private static void peer(StringBuilder text, String node, Instance instance, Peer peer) {
    text.append(
        "Node %s, instance %s: AS %d, router ID %s\n"
            .formatted(node, instance.name(), instance.localASN(), instance.routerID()));
    text.append(
        "Peer %s: %s port %d, %s\n"
            .formatted(
                peer.name(),
                peer.peerAddress(),
                peer.peerPort(),
                peer.peerASN() == 0 ? "any AS" : "AS " + peer.peerASN()));
    SessionAnswer session = peer.session();
    if (session == null) {
      line(text, "state", peer.state());
      return;
    }
    Long uptime = peer.uptimeSeconds();
    line(
        text,
        "state",
        peer.state()
            + " since "
            + session.since()
            + (uptime == null ? "" : " (" + GoDuration.ofSeconds(uptime) + ")"));
    line(text, "ended", session.ends() + " times since the peer was configured");
    line(text, "last error", error(session.error()));
    if (!session.warning().isEmpty()) {
      line(text, "warning", session.warning());
    }
    SessionAnswer.Up up = session.up();
    line(
        text,
        "timers",
        "hold %d s, keepalive %d s, %s; connect retry %d s"
            .formatted(
                up == null ? session.timers().hold() : up.holdSeconds(),
                up == null ? session.timers().keepAlive() : up.keepAliveSeconds(),
                up == null ? "as configured" : "negotiated",
                session.timers().connectRetry()));
    peer.families()
        .forEach(family ->
            line(
                text,
                family.afi() + "/" + family.safi(),
                "received %d, accepted %d, advertised %d"
                    .formatted(family.received(), family.accepted(), family.advertised())));
    line(text, "received", messages(session.received()));
    line(text, "sent", messages(session.sent()));
    if (up != null) {
      up(text, up);
    }
  }

  private static void up(StringBuilder text, SessionAnswer.Up up) {
    line(
        text,
        "connection",
        "%s:%d to %s:%d, opened by %s; the peer's router ID is %s"
            .formatted(
                up.localAddress(),
                up.localPort(),
                up.remoteAddress(),
                up.remotePort(),
                up.dialed() ? "this side" : "the peer",
                up.peerID()));
    capabilities(text, "announced", up.capabilitiesSent());
    capabilities(text, "peer has", up.capabilitiesReceived());
  }

  private static void capabilities(StringBuilder text, String name, List<String> capabilities) {
    line(text, name, capabilities.isEmpty() ? "no capability" : capabilities.getFirst());
    capabilities.stream().skip(1).forEach(each -> line(text, "", each));
  }

  private static String messages(MessageCounts counts) {
    return "%d OPEN, %d UPDATE, %d KEEPALIVE, %d NOTIFICATION, %d ROUTE-REFRESH, %d bytes"
        .formatted(
            counts.opens(),
            counts.updates(),
            counts.keepalives(),
            counts.notifications(),
            counts.refreshes(),
            counts.bytes());
  }

  private static String error(SessionAnswer.@Nullable Failure error) {
    if (error == null) {
      return "none";
    }
    return error.text() + notification(error) + ", since " + error.since();
  }

  /** The error's name in the RFC that defines it. */
  private static String notification(SessionAnswer.Failure error) {
    Integer code = error.code();
    Integer subcode = error.subcode();
    if (code == null || subcode == null) {
      return "";
    }
    Optional<NotificationCode> known = NotificationCode.of(code, subcode);
    return " (NOTIFICATION %d/%d%s)"
        .formatted(
            code, subcode, known.map(each -> ", " + each.text() + ", " + rfc(each)).orElse(""));
  }

  private static String rfc(NotificationCode code) {
    return switch (code) {
      case UNSUPPORTED_CAPABILITY -> "RFC 5492 section 5";
      case ROLE_MISMATCH -> "RFC 9234 section 4.2";
      case FSM_ERROR,
          UNEXPECTED_MESSAGE_IN_OPEN_SENT,
          UNEXPECTED_MESSAGE_IN_OPEN_CONFIRM,
          UNEXPECTED_MESSAGE_IN_ESTABLISHED ->
          "RFC 6608 section 3";
      case HARD_RESET -> "RFC 8538 section 3";
      case BFD_DOWN -> "RFC 9384 section 2";
      case CEASE,
          MAXIMUM_NUMBER_OF_PREFIXES_REACHED,
          ADMINISTRATIVE_SHUTDOWN,
          PEER_DE_CONFIGURED,
          ADMINISTRATIVE_RESET,
          CONNECTION_REJECTED,
          OTHER_CONFIGURATION_CHANGE,
          CONNECTION_COLLISION_RESOLUTION,
          OUT_OF_RESOURCES ->
          "RFC 4486 section 4";
      case ROUTE_REFRESH_MESSAGE_ERROR, ROUTE_REFRESH_INVALID_LENGTH -> "RFC 7313 section 5";
      case SEND_HOLD_TIMER_EXPIRED -> "RFC 9687 section 4";
      case MESSAGE_HEADER_ERROR,
          CONNECTION_NOT_SYNCHRONIZED,
          BAD_MESSAGE_LENGTH,
          BAD_MESSAGE_TYPE ->
          "RFC 4271 section 6.1";
      case OPEN_MESSAGE_ERROR,
          UNSUPPORTED_VERSION_NUMBER,
          BAD_PEER_AS,
          BAD_BGP_IDENTIFIER,
          UNSUPPORTED_OPTIONAL_PARAMETER,
          UNACCEPTABLE_HOLD_TIME ->
          "RFC 4271 section 6.2";
      case UPDATE_MESSAGE_ERROR,
          MALFORMED_ATTRIBUTE_LIST,
          UNRECOGNIZED_WELL_KNOWN_ATTRIBUTE,
          MISSING_WELL_KNOWN_ATTRIBUTE,
          ATTRIBUTE_FLAGS_ERROR,
          ATTRIBUTE_LENGTH_ERROR,
          INVALID_ORIGIN_ATTRIBUTE,
          INVALID_NEXT_HOP_ATTRIBUTE,
          OPTIONAL_ATTRIBUTE_ERROR,
          INVALID_NETWORK_FIELD,
          MALFORMED_AS_PATH ->
          "RFC 4271 section 6.3";
      case HOLD_TIMER_EXPIRED -> "RFC 4271 section 6.5";
    };
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("  ").append("%-14s".formatted(name)).append(value).append('\n');
  }
}
