package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.Condition;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The Secret that a PeerConfig refers to, and the condition that tells of it. */
final class AuthSecret {
  static final String MISSING = "cilium.io/MissingAuthSecret";
  private static final String KEY = "password";

  private AuthSecret() {}

  /** Whether there is a password, which may not be empty. */
  static boolean usable(Secret secret) {
    var data = secret.getData();
    return data != null && !data.getOrDefault(KEY, "").isEmpty();
  }

  /** Without what it holds. */
  static Secret trimmed(Secret secret) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(secret.getMetadata().getNamespace())
        .withName(secret.getMetadata().getName())
        .withResourceVersion(secret.getMetadata().getResourceVersion())
        .endMetadata()
        .withData(usable(secret) ? Map.of(KEY, "…") : Map.of())
        .build();
  }

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
    var reference = peerConfig.getSpec().authSecretRef();
    if (reference == null || reference.isEmpty()) {
      return condition(
          peerConfig, "False", "AuthSecretNotConfigured", "Auth Secret is not configured", now);
    }
    var secret = secrets.apply(reference);
    if (secret.filter(AuthSecret::usable).isPresent()) {
      return condition(peerConfig, "False", "AuthSecretValidated", "", now);
    }
    var name = "Referenced Auth Secret \"" + reference + "\"";
    return condition(
        peerConfig,
        "True",
        "AuthSecretMissing",
        secret.isEmpty()
            ? name + " is missing in namespace " + namespace
            : name + " in namespace " + namespace + " has no key \"" + KEY + "\" with a password",
        now);
  }

  private static Condition condition(
      CiliumBGPPeerConfig peerConfig, String status, String reason, String message, Instant now) {
    var before =
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
