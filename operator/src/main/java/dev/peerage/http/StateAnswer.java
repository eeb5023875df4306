package dev.peerage.http;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.PeerState.Phase;
import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.bgp.wire.IpText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.ToIntBiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The looking glass's answer to {@code GET /state}: sessions as they are on the wire.
 *
 * @param instances sorted by name
 */
public record StateAnswer(List<Instance> instances) {
  public StateAnswer {
    instances = List.copyOf(instances);
  }

  /**
   * One instance.
   *
   * @param routerID its BGP identifier
   * @param peers in the order of the configuration
   * @param listenProblem why it accepts no connections although it should; empty when it does, or
   *     shall not
   */
  public record Instance(
      String name, long localASN, String routerID, List<Peer> peers, String listenProblem) {
    public Instance {
      peers = List.copyOf(peers);
    }
  }

  /**
   * One peer.
   *
   * @param peerASN the learned ASN, else the configured one (0 = any)
   * @param state {@code idle}, {@code connect}, {@code active}, {@code open_sent}, {@code
   *     open_confirm} or {@code established}
   * @param uptimeSeconds how long the session has been established; absent in other states
   * @param families route counts
   * @param lastError why the session went down last; empty when it never did
   * @param session timers, messages, error and connection in detail
   */
  public record Peer(
      String name,
      String peerAddress,
      int peerPort,
      long peerASN,
      String state,
      @Nullable Long uptimeSeconds,
      List<Family> families,
      String lastError,
      @Nullable SessionAnswer session) {
    public Peer {
      families = List.copyOf(families);
    }

    /** Whether routes are exchanged with it. */
    @JsonIgnore
    public boolean isEstablished() {
      return uptimeSeconds != null;
    }
  }

  /**
   * Route counts of a family.
   *
   * @param afi {@code ipv4} or {@code ipv6}
   * @param safi {@code unicast}
   * @param received prefixes that the peer sent
   * @param accepted prefixes among them that import policy let through
   * @param advertised prefixes that the peer was sent
   */
  public record Family(String afi, String safi, int received, int accepted, int advertised) {}

  /**
   * What a speaker says at a moment.
   *
   * @param now for the uptimes
   */
  public static StateAnswer of(SpeakerState state, Instant now) {
    return new StateAnswer(
        state.instances().stream().map(each -> of(each, now, (_, _) -> 0)).toList());
  }

  /**
   * What it says of one instance.
   *
   * @param ends how often the session of an instance and a peer has ended
   */
  static Instance of(InstanceState state, Instant now, ToIntBiFunction<String, String> ends) {
    return new Instance(
        state.name(),
        state.localAsn(),
        IpText.of(state.routerId()),
        state.peers().stream()
            .map(peer -> peer(peer, now, ends.applyAsInt(state.name(), peer.name())))
            .toList(),
        state.listenProblem());
  }

  private static Peer peer(PeerState state, Instant now, int ends) {
    @Nullable Long uptime =
        switch (state.phase()) {
          case Phase.Up up -> Math.max(0, Duration.between(up.since(), now).toSeconds());
          case Phase.Down _ -> null;
        };
    return new Peer(
        state.name(),
        IpText.of(state.address()),
        state.port(),
        state.asn(),
        state.phase().text(),
        uptime,
        state.families().stream()
            .map(count ->
                new Family(
                    count.family().afiName(),
                    count.family().safiName(),
                    count.received(),
                    count.accepted(),
                    count.advertised()))
            .toList(),
        state.lastError(),
        SessionAnswer.of(state, ends));
  }
}
