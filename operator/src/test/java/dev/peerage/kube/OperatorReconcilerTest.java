package dev.peerage.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.OperatorException;
import org.junit.jupiter.api.Test;

class OperatorReconcilerTest {
  @Test
  void aRefusalIsFoundInWhatTheSdkWrapsAroundIt() {
    var refusal = new KubernetesClientException("HTTP 429");
    assertThat(OperatorReconciler.cause(new OperatorException(new OperatorException(refusal))))
        .isSameAs(refusal);
    assertThat(OperatorReconciler.cause(refusal)).isSameAs(refusal);
  }

  @Test
  void whatIsNotWrappedIsTheFailure() {
    var bare = new OperatorException("no cause");
    assertThat(OperatorReconciler.cause(bare)).isSameAs(bare);
  }
}
