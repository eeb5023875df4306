package dev.peerage.bgp.speaker;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.ExportStatement;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.speaker.DesiredInstance.Listen;
import dev.peerage.bgp.speaker.DesiredPeer.ImportPolicy;
import dev.peerage.bgp.speaker.Endpoint.Connection;
import dev.peerage.bgp.speaker.Endpoint.Source;
import dev.peerage.bgp.speaker.SessionTerms.GracefulRestart;
import dev.peerage.bgp.speaker.SessionTerms.Timers;
import dev.peerage.bgp.wire.Prefix;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Desired states of the tests: routers 10.0.0.n with that address as identifier, port 179. */
final class Desired {
  /** So long that a test is over before a peer that says nothing is given up. */
  static final Timers TIMERS = new Timers(5, 90, 30);

  private Desired() {}

  static SpeakerSettings settings(AddressMap addresses) {
    return settings(addresses, InstantSource.system());
  }

  static SpeakerSettings settings(AddressMap addresses, InstantSource clock) {
    return new SpeakerSettings(addresses, clock, new SimpleMeterRegistry(), false);
  }

  static DesiredSpeaker speaker(DesiredInstance... instances) {
    return new DesiredSpeaker(List.of(instances));
  }

  /** An instance that listens on its address. */
  static DesiredInstance listening(
      String address, long asn, Set<Prefix> routes, DesiredPeer... peers) {
    return instance(address, asn, new Listen.On(ip(address), 179), routes, peers);
  }

  /** An instance that only dials. */
  static DesiredInstance dialing(
      String address, long asn, Set<Prefix> routes, DesiredPeer... peers) {
    return instance(address, asn, new Listen.Off(), routes, peers);
  }

  private static DesiredInstance instance(
      String address, long asn, Listen listen, Set<Prefix> routes, DesiredPeer... peers) {
    return new DesiredInstance(
        "as" + asn, asn, (Inet4Address) ip(address), listen, List.of(peers), PrefixSet.of(routes));
  }

  /** An active peer from one address to another: IPv4 unicast, {@link #TIMERS}. */
  static DesiredPeer peer(String from, String to, long asn) {
    return DesiredPeer.of("to-" + to, ip(to), asn)
        .withEndpoint(endpoint -> endpoint.withSource(new Source.Address(ip(from))))
        .withSession(session -> session.withTimers(TIMERS))
        .withImportPolicy(ImportPolicy.ACCEPT)
        .withExportPolicy(new ExportPolicy.All());
  }

  static DesiredPeer passive(DesiredPeer peer) {
    return peer.withEndpoint(endpoint -> endpoint.withConnection(Connection.PASSIVE));
  }

  static DesiredPeer timers(DesiredPeer peer, int connectRetry, int hold, int keepAlive) {
    return peer.withSession(
        session -> session.withTimers(new Timers(connectRetry, hold, keepAlive)));
  }

  static DesiredPeer gracefulRestart(DesiredPeer peer, int seconds) {
    return peer.withSession(
        session -> session.withGracefulRestart(new GracefulRestart.On(seconds)));
  }

  static DesiredPeer exporting(DesiredPeer peer, ExportPolicy policy) {
    return peer.withExportPolicy(policy);
  }

  static ExportPolicy only(String... prefixes) {
    return new ExportPolicy.Statements(
        "policy",
        Stream.of(prefixes)
            .map(prefix ->
                new ExportStatement(
                    prefix, PrefixSet.of(Prefix.parse(prefix)), ExportStatement.Attributes.DEFAULT))
            .toList());
  }

  static Set<Prefix> routes(String... prefixes) {
    return Arrays.stream(prefixes).map(Prefix::parse).collect(Collectors.toSet());
  }

  static InetAddress ip(String text) {
    return InetAddress.ofLiteral(text);
  }
}
