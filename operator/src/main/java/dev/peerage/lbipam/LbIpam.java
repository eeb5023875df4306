package dev.peerage.lbipam;

import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.kube.EventWriter;
import dev.peerage.kube.ServiceKey;
import dev.peerage.lbipam.Addresses.News;
import dev.peerage.lbipam.Addresses.PoolWrite;
import dev.peerage.lbipam.Addresses.ServiceWrite;
import dev.peerage.lbipam.IpamPlan.ServiceChange;
import dev.peerage.peering.Advice;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The operator's half that gives addresses of pools to Services: two reconcilers over one {@link
 * Addresses}. As long as this process is not the leader nothing here is called by the SDK.
 */
public final class LbIpam {
  static final String FIELD_MANAGER = "peerage-operator-lbipam";

  /** How many objects one answer to a list brings. */
  static final long PAGE = 500;

  private final InstantSource clock;
  private final EventWriter events;
  private final Addresses addresses;
  private final LedgerMetrics metrics;
  private final FreshLists lists;
  private final StatusWrites writes;
  private final ServiceReconciler services;
  private final PoolReconciler pools;

  /**
   * Reconcilers that do nothing before they are registered.
   *
   * @param clock for transition times and for how long a refusal has stood
   * @param responsibility the Services that get addresses
   * @param events tells of pools that have nothing to give
   * @param leads whether this process may write, asked before each write: two that give addresses
   *     at a time would give one twice
   */
  public LbIpam(
      KubernetesClient client,
      InstantSource clock,
      Responsibility responsibility,
      EventWriter events,
      MeterRegistry metrics,
      BooleanSupplier leads) {
    this.writes = new StatusWrites(leads);
    this.clock = clock;
    this.events = events;
    this.addresses = new Addresses(responsibility);
    this.metrics = new LedgerMetrics(metrics);
    this.lists = new FreshLists(client, clock, addresses);
    this.services = new ServiceReconciler(client, this);
    this.pools = new PoolReconciler(client, this);
  }

  /**
   * Registers both reconcilers.
   *
   * @param common what all reconcilers of the process are configured with, such as the retry
   */
  public void register(
      Operator operator, Consumer<? super ControllerConfigurationOverrider<?>> common) {
    operator.register(
        services,
        (ControllerConfigurationOverrider<Service> configuration) -> {
          common.accept(configuration);
          ServiceReconciler.configure(configuration);
        });
    operator.register(
        pools,
        (ControllerConfigurationOverrider<CiliumLoadBalancerIPPool> configuration) -> {
          common.accept(configuration);
          PoolReconciler.configure(configuration);
        });
  }

  /** Zero when all Services and pools are known; else when to ask again. */
  Duration fill() {
    return lists.fill(services::stored);
  }

  News changed(Service service) {
    long begin = System.nanoTime();
    News news = addresses.service(service, clock.instant());
    addresses.measure(metrics);
    metrics.serviceUpserted(System.nanoTime() - begin);
    return news;
  }

  News deleted(Service service) {
    long begin = System.nanoTime();
    News news = addresses.gone(service, clock.instant());
    addresses.measure(metrics);
    metrics.serviceDeleted(System.nanoTime() - begin);
    return news;
  }

  News changed(CiliumLoadBalancerIPPool pool) {
    events.keep(pool, Advice.of(pool));
    long begin = System.nanoTime();
    News news = addresses.pool(pool, clock.instant());
    addresses.measure(metrics);
    metrics.poolUpserted(System.nanoTime() - begin);
    return news;
  }

  News deleted(CiliumLoadBalancerIPPool pool) {
    events.keep(pool, Set.of());
    News news = addresses.gone(pool, clock.instant());
    addresses.measure(metrics);
    return news;
  }

  /** Has all reconciled that something was decided for; must not be called under a lock. */
  void wake(News news) {
    wakeServices(news);
    wakePools(news);
  }

  /** Has Services reconciled that something was decided for. */
  void wakeServices(News news) {
    services.wake(news.services());
  }

  /** Has pools reconciled whose counts have changed. */
  void wakePools(News news) {
    pools.wake(news.pools());
  }

  Next<ServiceWrite> next(ServiceKey key) {
    return addresses.next(key, clock.instant());
  }

  Next<PoolWrite> next(String pool) {
    return addresses.next(pool, clock.instant());
  }

  void written(ServiceKey key, ServiceChange change) {
    addresses.written(key, change);
  }

  /** Returns when to look again, if the watch does not tell of the Service before. */
  Duration overtaken(ServiceKey key, ServiceChange change) {
    return addresses.overtaken(key, change, clock.instant());
  }

  void reported(String pool) {
    addresses.reported(pool, clock.instant());
  }

  StatusWrites writes() {
    return writes;
  }
}
