package dev.peerage.peering;

import dev.peerage.bgp.speaker.Endpoint.Authentication;
import dev.peerage.bgp.speaker.SessionTerms.GracefulRestart;
import dev.peerage.bgp.speaker.SessionTerms.Timers;
import dev.peerage.crd.v2.CiliumBGPPeerConfigSpec;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The session parameters of a CiliumBGPPeerConfig, with its defaults filled in.
 *
 * @param timers in seconds
 * @param gracefulRestart off unless enabled
 * @param ttl hops to an external peer
 * @param authentication how the session's segments are signed
 */
record PeerSettings(
    int port,
    Timers timers,
    GracefulRestart gracefulRestart,
    int ttl,
    Authentication authentication) {
  private static final String NOT_CONFIGURED = "the peers that use it are not configured";

  /** The settings of a peer without peer config. */
  static final PeerSettings DEFAULT =
      new PeerSettings(
          179, Timers.DEFAULT, new GracefulRestart.Off(), 1, new Authentication.None());

  /** This with other signatures. */
  PeerSettings with(Authentication other) {
    return new PeerSettings(port, timers, gracefulRestart, ttl, other);
  }

  /**
   * Reads a spec. Throws {@link InvalidFieldException} when no session can have its values.
   *
   * @param authentication what {@link #authentication} says of it
   */
  static PeerSettings of(
      CiliumBGPPeerConfigSpec spec, Authentication authentication, FieldPath path)
      throws InvalidFieldException {
    return new PeerSettings(
        path.at("transport.peerPort")
            .inRange(spec.transport().peerPort(), 1, 65535, NOT_CONFIGURED),
        timers(spec.timers(), path.at("timers")),
        gracefulRestart(spec.gracefulRestart(), path.at("gracefulRestart")),
        path.at("ebgpMultihop").inRange(spec.ebgpMultihop(), 1, 255, NOT_CONFIGURED),
        authentication);
  }

  /**
   * How a spec has sessions signed. What is suspicious is added to the problems; throws {@link
   * InvalidFieldException} when a peer must not be dialed.
   */
  static Authentication authentication(
      CiliumBGPPeerConfigSpec spec,
      Passwords passwords,
      FieldPath path,
      Collection<Problem> problems)
      throws InvalidFieldException {
    @Nullable String secret = spec.authSecretRef();
    return secret == null
        ? new Authentication.None()
        : SessionPassword.of(secret, passwords, path.at("authSecretRef"), problems);
  }

  private static Timers timers(CiliumBGPPeerConfigSpec.Timers timers, FieldPath path)
      throws InvalidFieldException {
    FieldPath connectRetry = path.at("connectRetryTimeSeconds");
    int hold =
        path.at("holdTimeSeconds").inRange(timers.holdTimeSeconds(), 3, 65535, NOT_CONFIGURED);
    return new Timers(
        connectRetry.inRange(
            timers.connectRetryTimeSeconds(), 1, Integer.MAX_VALUE, NOT_CONFIGURED),
        hold,
        path.at("keepAliveTimeSeconds")
            .inRange(timers.keepAliveTimeSeconds(), 1, hold, NOT_CONFIGURED));
  }

  private static GracefulRestart gracefulRestart(
      CiliumBGPPeerConfigSpec.GracefulRestart configured, FieldPath path)
      throws InvalidFieldException {
    return configured.enabled()
        ? new GracefulRestart.On(
            path.at("restartTimeSeconds")
                .inRange(configured.restartTimeSeconds(), 1, 4095, NOT_CONFIGURED))
        : new GracefulRestart.Off();
  }
}
