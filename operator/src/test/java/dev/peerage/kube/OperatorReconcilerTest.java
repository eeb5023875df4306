package dev.peerage.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import org.junit.jupiter.api.Test;

class OperatorReconcilerTest {
  @Test
  void aRefusalIsFoundInWhatTheSdkWrapsAroundIt() {
    var refusal = new KubernetesClientException("HTTP 429");
    assertThat(OperatorReconciler.cause(new OperatorException(new OperatorException(refusal))))
        .isSameAs(refusal);
    assertThat(OperatorReconciler.cause(refusal)).isSameAs(refusal);
  }

  /** The SDK catches exceptions only. */
  @Test
  @SuppressWarnings("NullAway") // The reconciler looks at no context.
  void anErrorBecomesAnException() {
    var error = new StackOverflowError();
    var reconciler =
        new OperatorReconciler<Node>() {
          @Override
          public void configure(ControllerConfigurationOverrider<Node> configuration) {}

          @Override
          public UpdateControl<Node> decide(Node node, Context<Node> context) {
            throw error;
          }
        };
    assertThatThrownBy(() -> reconciler.reconcile(new Node(), null))
        .isInstanceOf(OperatorException.class)
        .satisfies(it -> assertThat(OperatorReconciler.cause(it)).isSameAs(error));
  }

  @Test
  void whatIsNotWrappedIsTheFailure() {
    var bare = new OperatorException("no cause");
    assertThat(OperatorReconciler.cause(bare)).isSameAs(bare);
  }
}
