package dev.peerage.kube;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether this process may write what no two processes may write at a time. A leader that is cut
 * off learns late that it leads no longer: Fabric8's elector asks after each attempt to renew the
 * lease, and an attempt may last longer than the lease. So before a write the lease itself is read,
 * unless that was done a moment ago.
 */
public final class LeaseFence {
  private final Supplier<Optional<Lease>> lease;
  private final String identity;
  private final Duration safe;
  private final InstantSource clock;
  private Instant until = Instant.MIN;

  /**
   * A fence.
   *
   * @param lease reads the lease from the API server
   * @param identity of this process in the lease
   * @param safe for how long after its renewal nobody takes the lease: less than its duration, by
   *     as much as a request under way and differing clocks may take
   */
  public LeaseFence(
      Supplier<Optional<Lease>> lease, String identity, Duration safe, InstantSource clock) {
    this.lease = lease;
    this.identity = identity;
    this.safe = safe;
    this.clock = clock;
  }

  /**
   * A client that sends each request once. Fabric8's repeats one that has failed, for up to half a
   * minute: a write that was allowed when it was first tried would be sent when another process
   * leads.
   *
   * @param config where the API server is
   */
  public static KubernetesClient client(Config config) {
    return new KubernetesClientBuilder()
        .withConfig(new ConfigBuilder(config).withRequestRetryBackoffLimit(0).build())
        .build();
  }

  /**
   * Whether the lease is this process's, and will be for a moment.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException when it cannot be read
   */
  public synchronized boolean holds() {
    if (clock.instant().isBefore(until)) {
      return true;
    }
    until =
        lease
            .get()
            .map(Lease::getSpec)
            .filter(it -> identity.equals(it.getHolderIdentity()) && it.getRenewTime() != null)
            .map(it -> it.getRenewTime().toInstant().plus(safe))
            .orElse(Instant.MIN);
    return clock.instant().isBefore(until);
  }
}
