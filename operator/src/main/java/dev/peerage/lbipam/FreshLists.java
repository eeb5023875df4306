package dev.peerage.lbipam;

import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.kube.ApiServerAway;
import dev.peerage.kube.FreshList;
import dev.peerage.kube.RetryPolicy;
import dev.peerage.kube.Writes;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the addresses once, before the first one is given out. What Services have must be known by
 * then, and a watch may lag behind what the leader before this one has written; a list is never
 * older than its request.
 */
final class FreshLists {
  private static final Logger log = LoggerFactory.getLogger(FreshLists.class);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Addresses addresses;
  private int failures;
  private Instant next = Instant.MIN;

  FreshLists(KubernetesClient client, InstantSource clock, Addresses addresses) {
    this.client = client;
    this.clock = clock;
    this.addresses = addresses;
  }

  /**
   * Lists when that is due and has not succeeded yet. Whoever asks meanwhile waits for the answer.
   *
   * @param stored the watch's copy of a Service where it is of the same version: one is enough
   * @return zero when all is known, else when to ask again
   */
  synchronized Duration fill(UnaryOperator<Service> stored) {
    if (addresses.isFilled()) {
      return Duration.ZERO;
    }
    if (clock.instant().isBefore(next)) {
      return Duration.between(clock.instant(), next);
    }
    try {
      FreshList<CiliumLoadBalancerIPPool> pools =
          FreshList.of(client.resources(CiliumLoadBalancerIPPool.class), it -> it);
      FreshList<Service> services = FreshList.of(client.services().inAnyNamespace(), stored);
      addresses.fill(
          new IpamSnapshot(
              pools.items(), services.items().stream().filter(TrimmedServices::concerns).toList()),
          Long.parseUnsignedLong(pools.version()),
          Long.parseUnsignedLong(services.version()),
          clock.instant());
      log.info(
          "Known: {} CiliumLoadBalancerIPPools, {} Services",
          pools.items().size(),
          services.items().size());
      return Duration.ZERO;
    } catch (KubernetesClientException e) {
      Duration delay = RetryPolicy.STANDARD.after(++failures);
      next = clock.instant().plus(delay);
      if (!ApiServerAway.isMeantBy(e)) {
        log.error(
            "Listing pools and Services failed; no Service gets an address before it succeeds;"
                + " trying again in {} s: {}",
            delay.toSeconds(),
            Writes.reason(e));
      }
      return delay;
    }
  }
}
