package dev.peerage.lbipam;

import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.kube.EventWriter;
import dev.peerage.kube.Warning;
import dev.peerage.kube.Writes;
import dev.peerage.lbipam.Addresses.News;
import dev.peerage.peering.Advice;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The operator's half that gives addresses of pools to Services: two reconcilers over one {@link
 * Addresses}. As long as this process is not the leader nothing here is called by the SDK.
 */
public final class LbIpam {
  static final String FIELD_MANAGER = "peerage-operator-lbipam";

  private final InstantSource clock;
  private final EventWriter events;
  private final Addresses addresses;
  private final LedgerMetrics metrics;
  private final FreshLists lists;
  private final Writes writes;
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
    writes = new Writes(leads);
    this.clock = clock;
    this.events = events;
    this.addresses = new Addresses(responsibility);
    this.metrics = new LedgerMetrics(metrics);
    this.lists = new FreshLists(client, clock, addresses);
    this.services = new ServiceReconciler(client, clock, this, addresses, writes);
    this.pools = new PoolReconciler(client, clock, this, addresses, writes);
  }

  /**
   * Registers both reconcilers.
   *
   * @param common what all reconcilers of the process are configured with, such as the retry
   */
  public void register(
      Operator operator, Consumer<? super ControllerConfigurationOverrider<?>> common) {
    services.register(operator, common);
    pools.register(operator, common);
  }

  /**
   * Waits until all writes under way have been answered or given up, for some time at most. Returns
   * whether that is so.
   */
  public boolean finish(Duration longest) throws InterruptedException {
    return writes.finish(longest);
  }

  /** Zero when all Services and pools are known; else when to ask again. */
  Duration fill() {
    return lists.fill(services::stored);
  }

  News changed(Service service) {
    return measured(() -> addresses.service(service, clock.instant()), metrics::serviceUpserted);
  }

  News deleted(Service service) {
    return measured(() -> addresses.gone(service, clock.instant()), metrics::serviceDeleted);
  }

  News changed(CiliumLoadBalancerIPPool pool) {
    events.keep(pool, Advice.of(pool));
    return measured(() -> addresses.pool(pool, clock.instant()), metrics::poolUpserted);
  }

  News deleted(CiliumLoadBalancerIPPool pool) {
    events.keep(pool, Set.of());
    return measured(() -> addresses.gone(pool, clock.instant()), _ -> {});
  }

  /** Keeps an Event for each thing that the author of a Service should know. */
  void tell(Service service, List<Notice> notices) {
    Warning.Subject subject = Warning.Subject.of(service);
    events.keep(
        service,
        notices.stream()
            .map(notice -> new Warning(subject, notice.reason(), notice.text()))
            .collect(Collectors.toSet()));
  }

  private News measured(Supplier<News> change, LongConsumer took) {
    long begin = System.nanoTime();
    News news = change.get();
    addresses.measure(metrics);
    took.accept(System.nanoTime() - begin);
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
}
