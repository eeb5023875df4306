package dev.peerage.kube;

import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An Error while an object is reconciled does not keep it from being reconciled again. */
@Tag("cluster")
final class ErrorsTest {
  private static final class Failing
      implements Reconciler<CiliumLoadBalancerIPPool>,
          OperatorReconciler<CiliumLoadBalancerIPPool> {
    private final AtomicInteger calls = new AtomicInteger();

    @Override
    public void configure(
        ControllerConfigurationOverrider<CiliumLoadBalancerIPPool> configuration) {
      configuration.withName("failing");
    }

    @Override
    public UpdateControl<CiliumLoadBalancerIPPool> decide(
        CiliumLoadBalancerIPPool pool, Context<CiliumLoadBalancerIPPool> context) {
      if (calls.incrementAndGet() == 1) {
        throw new NoClassDefFoundError("a fault of ours");
      }
      return UpdateControl.noUpdate();
    }
  }

  @Test
  void theObjectIsReconciledAgain() {
    var server = ApiServer.start();
    server.apply(
        """
        apiVersion: cilium.io/v2
        kind: CiliumLoadBalancerIPPool
        metadata: {name: p}
        spec: {blocks: [{cidr: 172.16.0.0/16}]}
        """);
    var failing = new Failing();
    var operator =
        new Operator(it -> it.withKubernetesClient(server.client()).withCloseClientOnStop(false));
    failing.register(operator, _ -> {});
    operator.start();
    try {
      await("a second call")
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> failing.calls.get() > 1);
    } finally {
      operator.stop();
    }
  }
}
