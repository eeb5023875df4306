package dev.peerage.standalone;

import static dev.peerage.standalone.SpeakerTexts.fault;
import static dev.peerage.standalone.SpeakerTexts.withPeer;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a peer of a file. */
class PeerProblemsTest {
  private static final String PEER = "instances[0].peers[0].";
  private static final String GOOD = "peerAddress: 192.0.2.1";

  static Stream<Arguments> faults() {
    return Stream.of(
        fault(withPeer(""), 2, PEER + "peerAddress", "is missing", "192.0.2.1"),
        fault(withPeer("peerAddress: 10.1"), 2, PEER + "peerAddress", "'10.1'", "192.0.2.1"),
        fault(
            withPeer("peerAddress: router.example"), 2, PEER + "peerAddress", "no IP", "192.0.2.1"),
        fault(
            withPeer(GOOD + ", peerASN: 4294967296"),
            2,
            PEER + "peerASN",
            "4294967295",
            "default is 0"),
        fault(withPeer(GOOD + ", peerPort: ssh"), 2, PEER + "peerPort", "'ssh'", "default is 179"),
        fault(
            withPeer(GOOD + ", passive: true"),
            2,
            PEER + "passive",
            "listens nowhere",
            "listenPort"),
        fault(
            withPeer(GOOD + ", connection: passive"),
            2,
            PEER + "connection",
            "listens nowhere",
            "listenPort"),
        fault(
            withPeer(GOOD + ", connection: active, passive: true"),
            2,
            PEER + "passive",
            "something else",
            "one of the two"),
        fault(withPeer(GOOD + ", passive: maybe"), 2, PEER + "passive", "'maybe'", "false, true"),
        fault(withPeer(GOOD + ", password: \"\""), 2, PEER + "password", "is empty", "leave"),
        fault(
            withPeer(GOOD + ", localAddress: \"::1\""),
            2,
            PEER + "localAddress",
            "another IP version",
            "IPv4 for both"),
        fault(
            withPeer(GOOD + ", localAddress: 10.0.0.1, sourceInterface: lo"),
            2,
            PEER + "sourceInterface",
            "localAddress",
            "one of the two"),
        fault(
            withPeer(GOOD + ", timers: {holdTimeSeconds: 2}"),
            2,
            PEER + "timers.holdTimeSeconds",
            "RFC 4271",
            "0 or 3"),
        fault(
            withPeer(GOOD + ", timers: {holdTimeSeconds: 3, keepAliveTimeSeconds: 4}"),
            2,
            PEER + "timers.keepAliveTimeSeconds",
            "more than the hold time",
            "third"),
        fault(
            withPeer(GOOD + ", timers: {keepAliveTimeSeconds: 0}"),
            2,
            PEER + "timers.keepAliveTimeSeconds",
            "'0'",
            "holdTimeSeconds: 0"),
        fault(
            withPeer(GOOD + ", timers: {connectRetryTimeSeconds: 0}"),
            2,
            PEER + "timers.connectRetryTimeSeconds",
            "'0'",
            "default is 120"),
        fault(
            withPeer(GOOD + ", timers: {holdTime: 9}"),
            2,
            PEER + "timers.holdTime",
            "no such key",
            "known here"),
        fault(
            withPeer(GOOD + ", gracefulRestart: {enabled: true, restartTimeSeconds: 4096}"),
            2,
            PEER + "gracefulRestart.restartTimeSeconds",
            "4095",
            "default is 120"),
        fault(
            withPeer(GOOD + ", gracefulRestart: true"),
            2,
            PEER + "gracefulRestart",
            "found 'true'",
            "enabled"),
        fault(
            withPeer(GOOD + ", ebgpMultihop: 256"),
            2,
            PEER + "ebgpMultihop",
            "255",
            "default is 1"),
        fault(
            withPeer(GOOD + ", ebgpMultihop: 2, ttlSecurity: 1"),
            2,
            PEER + "ttlSecurity",
            "ebgpMultihop",
            "one of the two"),
        fault(withPeer(GOOD + ", families: []"), 2, PEER + "families", "no family", "leave it out"),
        fault(
            withPeer(GOOD + ", families: [{afi: ipv4, safi: evpn}]"),
            2,
            PEER + "families[0].safi",
            "'evpn'",
            "unicast"),
        fault(
            withPeer(GOOD + ", families: [{safi: unicast}]"),
            2,
            PEER + "families[0].afi",
            "missing",
            "ipv4"),
        fault(
            withPeer(GOOD + ", importPolicy: all"),
            2,
            PEER + "importPolicy",
            "'all'",
            "accept, accept-from-route-server, reject"),
        fault(
            withPeer(GOOD + ", exportPolicy: none"),
            2,
            PEER + "exportPolicy",
            "'none'",
            "all, routes"),
        fault(
            withPeer(GOOD + "}, {name: r1, " + GOOD),
            2,
            "instances[0].peers[1].name",
            "'r1' too",
            "of its own"));
  }

  @ParameterizedTest(name = "{2} {3}: {0}")
  @MethodSource("faults")
  void saysWhereWhatAndHowToMendIt(
      String text, int line, String field, String what, String remedy) {
    SpeakerTexts.assertFault(text, line, field, what, remedy);
  }
}
