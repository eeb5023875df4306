package dev.peerage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NamedSecretsTest {
  private static final List<CiliumBGPPeerConfig> PEER_CONFIGS =
      Stream.of(
              "metadata: {name: signed}\nspec: {authSecretRef: one}",
              "metadata: {name: alike}\nspec: {authSecretRef: one}",
              "metadata: {name: other}\nspec: {authSecretRef: two}",
              "metadata: {name: empty}\nspec: {authSecretRef: ''}",
              "metadata: {name: open}\nspec: {}")
          .map(text -> Serialization.unmarshal(text, CiliumBGPPeerConfig.class))
          .toList();

  @Test
  void theSecretsAreThoseThatPeerConfigsOfThisNodeName() {
    assertThat(names("signed", "alike", "open", "empty", "missing")).containsExactly("one");
    assertThat(names("other", "signed")).containsExactly("one", "two");
    assertThat(names("open")).isEmpty();
    assertThat(NamedSecrets.names(List.of(), PEER_CONFIGS)).isEmpty();
  }

  private static Iterable<String> names(String... peerConfigs) {
    var peers = new StringBuilder("{name: bare}");
    for (String each : peerConfigs) {
      peers.append(", {name: to-%s, peerConfigRef: {name: %s}}".formatted(each, each));
    }
    return NamedSecrets.names(
        List.of(
            Serialization.unmarshal(
                "metadata: {name: n}\nspec: {bgpInstances: [{name: i, peers: [" + peers + "]}]}",
                CiliumBGPNodeConfig.class)),
        PEER_CONFIGS);
  }
}
