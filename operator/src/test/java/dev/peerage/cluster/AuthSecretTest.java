package dev.peerage.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.ConditionsStatus;
import dev.peerage.peering.Passwords;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthSecretTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.7Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | | False | AuthSecretNotConfigured | Auth Secret is not configured",
        "{authSecretRef: s} | {password: c2VjcmV0} | False | AuthSecretValidated | ``",
        "{authSecretRef: s} | | True | AuthSecretMissing | Referenced Auth Secret \"s\" is missing"
            + " in namespace bgp; create it there with the key 'password', or, where it lies in"
            + " Cilium's default namespace, set bgpControlPlane.secretsNamespace.name=kube-system of"
            + " the chart",
        "{authSecretRef: s} | {other: c2VjcmV0} | True | AuthSecretMissing | Referenced Auth Secret"
            + " \"s\" in namespace bgp has no key \"password\" with a password",
        "{authSecretRef: s} | {password: ''} | True | AuthSecretMissing | Referenced Auth Secret"
            + " \"s\" in namespace bgp has no key \"password\" with a password",
        "{authSecretRef: s} | {password: OCTETS80} | False | AuthSecretValidated | ``",
        "{authSecretRef: s} | {password: OCTETS81} | True | AuthSecretMissing | Referenced Auth"
            + " Secret \"s\" in namespace bgp has a password of 81 octets, and TCP MD5 signatures take"
            + " 80",
        "{authSecretRef: s} | {password: /w==} | True | AuthSecretMissing | Referenced Auth Secret"
            + " \"s\" in namespace bgp has a password that is no UTF-8 text",
      })
  void tellsOfTheSecret(String spec, String data, String status, String reason, String message) {
    var condition =
        AuthSecret.condition(
            peerConfig(spec),
            "bgp",
            name ->
                Optional.ofNullable(data)
                    .map(AuthSecretTest::secret)
                    .map(Passwords::withoutPassword),
            NOW);

    assertThat(
            List.of(
                condition.type(),
                condition.status(),
                condition.reason(),
                condition.message(),
                condition.lastTransitionTime()))
        .containsExactly(
            "cilium.io/MissingAuthSecret", status, reason, message, "2026-03-01T12:00:00Z");
    assertThat(condition.observedGeneration()).isEqualTo(3);
  }

  /** Where Cilium's chart has it look, there is nothing else to try. */
  @Test
  void inCiliumsDefaultNamespaceItCanOnlyBeCreated() {
    assertThat(
            AuthSecret.condition(
                    peerConfig("{authSecretRef: s}"), "kube-system", _ -> Optional.empty(), NOW)
                .message())
        .isEqualTo(
            "Referenced Auth Secret \"s\" is missing in namespace kube-system; create it there with"
                + " the key 'password'");
  }

  @Test
  void keepsNoPassword() {
    assertThat(
            Serialization.asJson(
                Passwords.withoutPassword(secret("{password: c2VjcmV0, a: YWJj}"))))
        .doesNotContain("c2VjcmV0", "YWJj");
  }

  @Test
  void theTimeStaysAsLongAsTheStatusDoes() {
    var peerConfig = peerConfig("{authSecretRef: s}");
    var before = AuthSecret.condition(peerConfig, "bgp", _ -> Optional.empty(), NOW);
    peerConfig.setStatus(new ConditionsStatus(List.of(before)));

    var same = AuthSecret.condition(peerConfig, "bgp", _ -> Optional.empty(), NOW.plusSeconds(9));
    var other =
        AuthSecret.condition(
            peerConfig, "bgp", _ -> Optional.of(secret("{password: YQ==}")), NOW.plusSeconds(9));

    assertThat(same).isEqualTo(before);
    assertThat(other.lastTransitionTime()).isEqualTo("2026-03-01T12:00:09Z");
    var types = List.of(AuthSecret.MISSING);
    assertThat(ConditionWrites.change(peerConfig, List.of(before), types, List.of(same))).isEmpty();
    assertThat(ConditionWrites.change(peerConfig, List.of(before), types, List.of()).orElseThrow())
        .extracting("status")
        .hasToString("{conditions=null}");
  }

  private static CiliumBGPPeerConfig peerConfig(String spec) {
    return Serialization.unmarshal(
        "metadata: {name: p, generation: 3, resourceVersion: '7'}\nspec: " + spec,
        CiliumBGPPeerConfig.class);
  }

  private static Secret secret(String data) {
    return Serialization.unmarshal(
        "kind: Secret\napiVersion: v1\nmetadata: {name: s, namespace: bgp}\ndata: "
            + data.replace("OCTETS80", octets(80)).replace("OCTETS81", octets(81)),
        Secret.class);
  }

  private static String octets(int count) {
    return Base64.getEncoder().encodeToString("x".repeat(count).getBytes(StandardCharsets.UTF_8));
  }
}
