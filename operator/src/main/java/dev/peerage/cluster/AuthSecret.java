package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.Condition;
import dev.peerage.peering.Passwords;
import dev.peerage.peering.Passwords.Entry;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The Secret that a PeerConfig refers to, and the condition that tells of it. */
final class AuthSecret {
  static final String MISSING = "cilium.io/MissingAuthSecret";

  private AuthSecret() {}

  /**
   * The condition of a PeerConfig.
   *
   * @param namespace where the Secrets are, for the message
   * @param secrets finds a Secret there by its name
   * @param now the transition time if the status flips
   */
  static Condition condition(
      CiliumBGPPeerConfig peerConfig,
      String namespace,
      Function<String, Optional<Secret>> secrets,
      Instant now) {
    String reference = peerConfig.getSpec().authSecretRef();
    if (reference == null || reference.isEmpty()) {
      return condition(
          peerConfig, "False", "AuthSecretNotConfigured", "Auth Secret is not configured", now);
    }
    Optional<Secret> secret = secrets.apply(reference);
    String name = "Referenced Auth Secret \"" + reference + "\"";
    if (secret.isEmpty()) {
      return missing(
          peerConfig,
          name + " is missing in namespace " + namespace + "; " + Passwords.whereToPut(namespace),
          now);
    }
    String named = name + " in namespace " + namespace;
    return switch (Passwords.read(secret.get())) {
      case Entry.Password _ -> condition(peerConfig, "False", "AuthSecretValidated", "", now);
      case Entry.NoKey _, Entry.Empty _ ->
          missing(peerConfig, named + " has no key \"password\" with a password", now);
      case Entry.TooLong(int octets) ->
          missing(
              peerConfig,
              named
                  + " has a password of "
                  + octets
                  + " octets, and TCP MD5 signatures take "
                  + Passwords.LONGEST,
              now);
      case Entry.NotText _ ->
          missing(peerConfig, named + " has a password that is no UTF-8 text", now);
    };
  }

  private static Condition missing(CiliumBGPPeerConfig peerConfig, String message, Instant now) {
    return condition(peerConfig, "True", "AuthSecretMissing", message, now);
  }

  private static Condition condition(
      CiliumBGPPeerConfig peerConfig, String status, String reason, String message, Instant now) {
    List<Condition> before =
        peerConfig.getStatus() == null ? List.<Condition>of() : peerConfig.getStatus().conditions();
    return new Condition(
            MISSING,
            status,
            peerConfig.getMetadata().getGeneration(),
            now.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString(),
            reason,
            message)
        .since(before);
  }
}
