package dev.peerage.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An object that comes under the name of a deleted one while the deletion is still being worked on:
 * the SDK drops what it hears of it then, and nothing tells of the object again.
 */
@Tag("cluster")
final class MadeAgainTest {
  private static final String POOL =
      """
      apiVersion: cilium.io/v2
      kind: CiliumLoadBalancerIPPool
      metadata: {name: p}
      spec: {blocks: [{cidr: 172.16.0.0/16}]}
      """;

  private final ApiServer server = ApiServer.start();

  /** Works on a deletion until the watch has told of the next object of the name. */
  private static final class Slow
      implements Reconciler<CiliumLoadBalancerIPPool>,
          OperatorReconciler<CiliumLoadBalancerIPPool> {
    private final Set<String> reconciled = ConcurrentHashMap.newKeySet();
    private final Set<String> deleted = ConcurrentHashMap.newKeySet();

    @Override
    public void configure(
        ControllerConfigurationOverrider<CiliumLoadBalancerIPPool> configuration) {
      configuration.withName("slow");
    }

    @Override
    public UpdateControl<CiliumLoadBalancerIPPool> decide(
        CiliumLoadBalancerIPPool pool, Context<CiliumLoadBalancerIPPool> context) {
      String uid = pool.getMetadata().getUid();
      if (!context.isPrimaryResourceDeleted()) {
        reconciled.add(uid);
      } else if (deleted.add(uid)) {
        Predicate<CiliumLoadBalancerIPPool> isNext = it -> !it.getMetadata().getUid().equals(uid);
        await("the next object")
            .atMost(Duration.ofMinutes(2))
            .until(() ->
                context
                    .getPrimaryCache()
                    .get(ResourceID.fromResource(pool))
                    .filter(isNext)
                    .isPresent());
      }
      return UpdateControl.noUpdate();
    }
  }

  @Test
  void itIsReconciled() {
    KubernetesClient client = server.client();
    server.apply(POOL);
    var slow = new Slow();
    var operator = new Operator(it -> it.withKubernetesClient(client).withCloseClientOnStop(false));
    slow.register(operator, _ -> {});
    operator.start();
    try {
      String first = uid(client);
      await("the first").atMost(Duration.ofMinutes(2)).until(() -> slow.reconciled.contains(first));
      var _ = client.resources(CiliumLoadBalancerIPPool.class).withName("p").delete();
      await("its deletion").atMost(Duration.ofMinutes(2)).until(() -> slow.deleted.contains(first));
      server.apply(POOL);
      String second = uid(client);
      assertThat(second).isNotEqualTo(first);
      await("the next").atMost(Duration.ofMinutes(2)).until(() -> slow.reconciled.contains(second));
    } finally {
      operator.stop();
    }
  }

  private static String uid(KubernetesClient client) {
    return client
        .resources(CiliumLoadBalancerIPPool.class)
        .withName("p")
        .get()
        .getMetadata()
        .getUid();
  }
}
