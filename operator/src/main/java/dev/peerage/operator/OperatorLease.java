package dev.peerage.operator;

import dev.peerage.kube.LeaseFence;
import dev.peerage.kube.Patch;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease that says which process of a cluster may write.
 *
 * @param namespace where it lives
 * @param identity of this process
 */
record OperatorLease(String namespace, String identity) {
  static final String NAME = "peerage-operator";

  private static final Logger log = LoggerFactory.getLogger(OperatorLease.class);

  /** The lease, for this process. */
  static OperatorLease in(String namespace) {
    return new OperatorLease(namespace, host() + "_" + UUID.randomUUID());
  }

  /**
   * Gives the lease up at once, so that another process need not wait for it to run out: the SDK
   * has Fabric8 keep it. Does nothing when somebody else holds it.
   */
  void release(KubernetesClient client) {
    try {
      @Nullable Lease lease = client.leases().inNamespace(namespace).withName(NAME).get();
      if (lease == null || !identity.equals(lease.getSpec().getHolderIdentity())) {
        return;
      }
      Map<String, @Nullable Object> nobody = new HashMap<>();
      nobody.put("holderIdentity", null);
      Patch.MERGE.send(
          client,
          new LeaseBuilder()
              .withNewMetadata()
              .withNamespace(namespace)
              .withName(NAME)
              .endMetadata()
              .build(),
          NAME,
          Map.of(
              "metadata",
              Map.of("resourceVersion", lease.getMetadata().getResourceVersion()),
              "spec",
              nobody));
      log.info("Gave the lease {} up", this);
    } catch (KubernetesClientException e) {
      log.warn(
          "The lease {}/{} cannot be given up, the next operator waits until it runs out: {}",
          namespace,
          NAME,
          e.getMessage());
    }
  }

  /** Tells whether this process holds the lease, for writes that no two may make at a time. */
  LeaseFence fence(KubernetesClient client, Duration safe, InstantSource clock) {
    return new LeaseFence(
        () -> Optional.ofNullable(client.leases().inNamespace(namespace).withName(NAME).get()),
        identity,
        safe,
        clock);
  }

  @Override
  public String toString() {
    return namespace + "/" + NAME;
  }

  private static String host() {
    return Optional.ofNullable(System.getenv("HOSTNAME"))
        .orElseGet(() -> {
          try {
            return InetAddress.getLocalHost().getHostName();
          } catch (UnknownHostException _) {
            return "peerage";
          }
        });
  }
}
