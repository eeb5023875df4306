package dev.peerage.lbipam;

import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Listable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Addresses addresses;
  private Duration delay = Duration.ofSeconds(1);
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
      FreshLists.Listed<CiliumLoadBalancerIPPool> pools =
          list(client.resources(CiliumLoadBalancerIPPool.class), it -> it);
      FreshLists.Listed<Service> services = list(client.services().inAnyNamespace(), stored);
      addresses.fill(
          new IpamSnapshot(
              pools.items, services.items.stream().filter(TrimmedServices::concerns).toList()),
          pools.version,
          services.version,
          clock.instant());
      log.info(
          "Known: {} CiliumLoadBalancerIPPools, {} Services", pools.items.size(), services.seen);
      return Duration.ZERO;
    } catch (KubernetesClientException e) {
      log.error(
          "Listing pools and Services failed; no Service gets an address before it succeeds; trying"
              + " again in {} s: {}",
          delay.toSeconds(),
          e.getCause() == null ? e.getMessage() : e.getCause().toString());
      Duration wait = delay;
      next = clock.instant().plus(wait);
      delay = wait.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : wait.multipliedBy(2);
      return wait;
    }
  }

  private record Listed<T>(List<T> items, long version, int seen) {}

  private static <T extends HasMetadata, L extends KubernetesResourceList<T>> Listed<T> list(
      Listable<L> kind, UnaryOperator<T> kept) {
    var items = new ArrayList<T>();
    var options = new ListOptionsBuilder().withLimit(LbIpam.PAGE).build();
    var version = "";
    do {
      L page = kind.list(options);
      if (version.isEmpty()) {
        version = page.getMetadata().getResourceVersion();
      }
      page.getItems().forEach(it -> items.add(kept.apply(it)));
      options.setContinue(page.getMetadata().getContinue());
    } while (!Objects.requireNonNullElse(options.getContinue(), "").isEmpty());
    return new Listed<>(items, Long.parseUnsignedLong(version), items.size());
  }
}
