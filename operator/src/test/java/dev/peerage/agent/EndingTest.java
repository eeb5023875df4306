package dev.peerage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.agent.Answer.Found;
import dev.peerage.agent.Answer.Missing;
import dev.peerage.agent.Answer.Refused;
import dev.peerage.agent.Answer.Silence;
import dev.peerage.agent.Ending.ForGood;
import dev.peerage.agent.Ending.Restart;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndingTest {
  private static final Answer<Node> LINUX =
      new Found<>(
          new NodeBuilder()
              .withNewMetadata()
              .withName("w1")
              .withLabels(Map.of("kubernetes.io/os", "linux"))
              .endMetadata()
              .build());
  private static final DaemonSet THERE =
      new DaemonSetBuilder()
          .withNewMetadata()
          .withName("peerage-agent")
          .endMetadata()
          .withNewSpec()
          .withNewTemplate()
          .withNewSpec()
          .withNodeSelector(Map.of("kubernetes.io/os", "linux"))
          .endSpec()
          .endTemplate()
          .endSpec()
          .build();

  private static Ending of(Answer<DaemonSet> daemonSet, Answer<Node> node) {
    return Ending.of(daemonSet, node, true);
  }

  @Test
  void aRolloutOrACrashIsFollowedByAnotherAgent() {
    assertThat(of(new Found<>(THERE), LINUX)).isEqualTo(new Restart());
  }

  @Test
  void aDaemonSetThatIsGoneOrGoingStartsNone() {
    DaemonSet going =
        new DaemonSetBuilder(THERE)
            .editMetadata()
            .withDeletionTimestamp("2026-11-30T12:00:00Z")
            .endMetadata()
            .build();

    assertThat(of(new Found<>(going), LINUX)).isInstanceOf(ForGood.class);
    assertThat(of(new Missing<>(), LINUX)).isInstanceOf(ForGood.class);
  }

  @Test
  void aNodeThatIsGoneOrNotSelectedGetsNone() {
    Answer<Node> windows =
        new Found<>(new NodeBuilder().withNewMetadata().withName("w1").endMetadata().build());

    assertThat(of(new Found<>(THERE), new Missing<>()))
        .isEqualTo(new ForGood("the Node has been deleted"));
    assertThat(of(new Found<>(THERE), windows))
        .isEqualTo(
            new ForGood(
                "the DaemonSet starts no agent on this node: the node selector asks for the label"
                    + " kubernetes.io/os=linux"));
  }

  /** An uninstallation takes the account and its roles away right after the DaemonSet. */
  @Test
  void rightsThatWereThereAndAreGoneMeanAnUninstallation() {
    assertThat(Ending.of(new Refused<>("401"), new Refused<>("401"), true))
        .isInstanceOf(ForGood.class);
    assertThat(Ending.of(new Refused<>("403"), LINUX, false)).isEqualTo(new Restart());
  }

  @Test
  void inDoubtAnotherAgentFollows() {
    assertThat(of(new Silence<>("timeout"), new Silence<>("timeout"))).isEqualTo(new Restart());
    assertThat(of(new Found<>(THERE), new Silence<>("timeout"))).isEqualTo(new Restart());
    assertThat(of(new Found<>(THERE), new Refused<>("403"))).isEqualTo(new Restart());
  }
}
