package dev.peerage.peering;

import static dev.peerage.fixture.SeedLab.LAB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.announce.NodePlan;
import dev.peerage.announce.NodePlanner;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.Endpoint.Authentication;
import dev.peerage.fixture.Manifests;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionPasswordTest {
  private static final String NAMESPACE = "kube-system";
  private static final String SIBLING =
      "    - {name: open, peerASN: 65000, peerAddress: 192.168.10.201, peerConfigRef: {name: open}}\n";
  private static final String OPEN =
      """
      kind: CiliumBGPPeerConfig
      metadata: {name: open}
      spec: {families: [{afi: ipv4, safi: unicast, advertisements: {}}]}
      ---
      """;
  private static final String PROTECTED =
      LAB.replace("peers:\n", "peers:\n" + SIBLING)
              .replace("ebgpMultihop: 2", "ebgpMultihop: 2\n  authSecretRef: bgp-auth-secret")
          + OPEN;

  @Test
  void thePasswordOfTheSecretSignsTheSession() {
    NodePlan plan = plan(passwords("password: " + base64("s3cret")));
    assertThat(plan.problems()).isEmpty();
    assertThat(authentication(plan, "tor-switch")).isEqualTo(new Authentication.TcpMd5("s3cret"));
    assertThat(authentication(plan, "open")).isEqualTo(new Authentication.None());
  }

  @Test
  void aChangedPasswordChangesNothingElse() {
    List<DesiredPeer> before = peers(plan(passwords("password: " + base64("s3cret"))));
    List<DesiredPeer> after = peers(plan(passwords("password: " + base64("n3w"))));
    assertThat(before).extracting(DesiredPeer::name).containsExactly("open", "tor-switch");
    assertThat(after)
        .containsExactly(
            before.getFirst(),
            before
                .getLast()
                .withEndpoint(
                    endpoint -> endpoint.withAuthentication(new Authentication.TcpMd5("n3w"))));
  }

  private static List<DesiredPeer> peers(NodePlan plan) {
    return plan.desired().instances().getFirst().peers();
  }

  @Test
  void eightyOctetsAreTaken() {
    String longest = "é".repeat(40);
    NodePlan plan = plan(passwords("password: " + base64(longest)));
    assertThat(authentication(plan, "tor-switch")).isEqualTo(new Authentication.TcpMd5(longest));
  }

  @Test
  void aLineBreakAtTheEndIsKeptAndNamed() {
    NodePlan plan = plan(passwords("password: " + base64("s3cret\n")));
    assertThat(authentication(plan, "tor-switch")).isEqualTo(new Authentication.TcpMd5("s3cret\n"));
    assertThat(plan.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "CiliumBGPPeerConfig cilium-peer spec.authSecretRef: the password in Secret"
                + " 'bgp-auth-secret' in namespace 'kube-system' ends with a line break, which is"
                + " part of it; store it without, unless the peer's password has it too");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "other: eA==              | Secret 'bgp-auth-secret' in namespace 'kube-system' has no key 'password'",
        "                         | Secret 'bgp-auth-secret' in namespace 'kube-system' has no key 'password'",
        "password: ''             | the key 'password' of Secret 'bgp-auth-secret' in namespace 'kube-system' is empty",
        "password: LONG           | the password in Secret 'bgp-auth-secret' in namespace 'kube-system' has 81 octets and TCP MD5 signatures take 80",
        "password: gICA           | the password in Secret 'bgp-auth-secret' in namespace 'kube-system' is no UTF-8 text",
      })
  void aSecretWithoutUsablePasswordConcernsItsPeersOnly(String data, String what) {
    String written = data == null ? "" : data.replace("LONG", base64("x".repeat(81)));
    assertLeftOut(plan(passwords(written)), what);
    assertLeftOut(plan(Passwords.of(NAMESPACE, List.of(bare(written)))), what);
  }

  @Test
  void withoutItsPasswordASecretLeadsToTheSameProblems() {
    assertThat(bare("password: " + base64("s3cret"))).isEqualTo(bare("password: eA=="));
    assertThat(plan(Passwords.of(NAMESPACE, List.of(bare("password: eA==")))).problems()).isEmpty();
    assertThat(
            plan(Passwords.of(NAMESPACE, List.of(bare("password: " + base64("x\n"))))).problems())
        .isEqualTo(plan(passwords("password: " + base64("x\n"))).problems());
  }

  private static Secret bare(String data) {
    return Passwords.withoutPassword(secret(data));
  }

  @Test
  void aMissingSecretConcernsItsPeersOnly() {
    assertLeftOut(
        plan(Passwords.of(NAMESPACE, List.of())),
        "there is no Secret 'bgp-auth-secret' in namespace 'kube-system' and thus no password");
  }

  @Test
  void withoutNamespaceForSecretsPeersWithPasswordAreNotDialed() {
    assertLeftOut(
        plan(Passwords.NONE),
        "no namespace for the Secrets of BGP is configured, so that there is no password");
  }

  @Test
  void secretsThatCannotBeReadAreNotTakenForMissing() {
    assertLeftOut(
        plan(Passwords.unknown(NAMESPACE)),
        "the Secrets of namespace 'kube-system' cannot be read, so that there is no password");
  }

  @Test
  void nothingShowsThePassword() {
    Passwords passwords = passwords("password: " + base64("s3cret"));
    assertThat(passwords.toString() + passwords.bySecret() + plan(passwords))
        .doesNotContain("s3cret")
        .doesNotContain(base64("s3cret"));
  }

  private static void assertLeftOut(NodePlan plan, String what) {
    assertThat(plan.desired().instances().getFirst().peers())
        .extracting(DesiredPeer::name)
        .containsExactly("open");
    assertThat(plan.problems()).hasSize(1);
    Problem problem = plan.problems().getFirst();
    assertThat(problem.toString())
        .startsWith(
            "CiliumBGPPeerConfig cilium-peer spec.authSecretRef: "
                + what
                + "; the peers that use it are not configured, because they must not be dialed"
                + " without it; ");
    assertThat(problem.severity()).isEqualTo(Problem.Severity.ERROR);
  }

  private static Authentication authentication(NodePlan plan, String peer) {
    return plan.desired().instances().getFirst().peers().stream()
        .filter(candidate -> candidate.name().equals(peer))
        .findFirst()
        .orElseThrow()
        .endpoint()
        .authentication();
  }

  private static Passwords passwords(String data) {
    return Passwords.of(NAMESPACE, List.of(secret(data)));
  }

  private static Secret secret(String data) {
    return Manifests.of("kind: Secret\nmetadata: {name: bgp-auth-secret}\ndata: {" + data + "}\n")
        .all(Secret.class)
        .getFirst();
  }

  private static NodePlan plan(Passwords passwords) {
    return NodePlanner.plan(
        Manifests.of(PROTECTED)
            .snapshot(
                new NodeContext(
                    NodeSettings.DEFAULT,
                    NodeContext.NONE.host(),
                    passwords,
                    List.of(),
                    NodeContext.NONE.ciliumNode())));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
