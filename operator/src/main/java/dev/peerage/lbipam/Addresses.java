package dev.peerage.lbipam;

import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.crd.v2.Condition;
import dev.peerage.kube.ServiceKey;
import dev.peerage.kube.Settling;
import dev.peerage.lbipam.Entry.Standing;
import dev.peerage.lbipam.IpamPlan.ServiceChange;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which Service has which address, for the reconcilers of Services and of pools, which run at the
 * same time: the lock around the {@link Ledger}. The operator, the lab, the lint and the tests all
 * decide here.
 *
 * <p>It also knows when a decision is to be written. What gives an address is written at once. A
 * refusal, or an address lost for want of a pool, is written once it has stood for {@link #SETTLE}
 * with the pools unchanged: a Service and its pool that are applied together are heard of one after
 * the other, and nobody shall read a verdict that the next moment takes back.
 *
 * <p>No clock: time comes with the calls. Any thread.
 */
final class Addresses {
  /**
   * How long a refusal stands before it is written. Longer than {@code kubectl apply} or Helm take
   * over the objects of one release, so that what arrives together is judged together; short for
   * somebody who waits for an answer, and a Service without an address is pending meanwhile anyway.
   */
  static final Duration SETTLE = Settling.TIME;

  /** The shortest time between two writes of one pool's conditions. */
  static final Duration REPORT_INTERVAL = Duration.ofSeconds(1);

  /** How long a write that was overtaken waits for the watch to tell by what. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Ledger ledger;
  private final Map<String, CiliumLoadBalancerIPPool> pools = new TreeMap<>();
  private final Map<ServiceKey, Answered> answered = new HashMap<>();
  private final Map<String, Instant> reported = new HashMap<>();
  private final Map<String, Long> used = new HashMap<>();
  private Instant poolsChanged = Instant.MIN;
  private long listedPools;
  private long listedServices;
  private boolean filled;

  Addresses(Responsibility responsibility) {
    ledger = new Ledger(responsibility);
  }

  /** Hears of these pools and Services besides those that it knows, and decides. */
  synchronized IpamPlan decide(IpamSnapshot snapshot, Instant now) {
    snapshot.pools().forEach(pool -> pools.put(pool.getMetadata().getName(), pool));
    ledger.pools(List.copyOf(pools.values()));
    snapshot.services().forEach(ledger::service);
    return new IpamPlan(ledger.decide(now), ledger.conditions(now));
  }

  /**
   * Hears of all that there is, before anything is given out.
   *
   * @param poolsVersion the resourceVersion of the list of pools
   * @param servicesVersion the resourceVersion of the list of Services
   */
  synchronized void fill(IpamSnapshot all, long poolsVersion, long servicesVersion, Instant now) {
    poolsChanged = now;
    var _ = decide(all, now);
    listedPools = poolsVersion;
    listedServices = servicesVersion;
    filled = true;
  }

  /** Whether it has heard of all that there is; nothing is decided before. */
  synchronized boolean isFilled() {
    return filled;
  }

  /** A Service is there, as a watch has told or told again. */
  synchronized News service(Service object, Instant now) {
    var key = ServiceKey.of(object);
    Optional<Service> known = ledger.known(key);
    if (isOld(object, known, listedServices)) {
      return News.NONE;
    }
    if (known.filter(it -> version(it) == version(object)).isEmpty()) {
      answered.remove(key);
      if (TrimmedServices.concerns(object)) {
        ledger.service(object);
      } else {
        ledger.gone(key);
      }
    }
    return decide(Optional.of(key), now);
  }

  /** A Service is deleted; what has the same name since stays. */
  synchronized News gone(Service object, Instant now) {
    var key = ServiceKey.of(object);
    if (ledger.known(key).filter(it -> isSame(it, object)).isPresent()) {
      answered.remove(key);
      ledger.gone(key);
    }
    return decide(Optional.of(key), now);
  }

  /** A pool is there, as a watch has told or told again. */
  synchronized News pool(CiliumLoadBalancerIPPool object, Instant now) {
    String name = object.getMetadata().getName();
    if (isOld(object, Optional.ofNullable(pools.get(name)), listedPools)) {
      return News.NONE;
    }
    pools.put(name, object);
    return poolsChange(now);
  }

  /** A pool is deleted; what has the same name since stays. */
  synchronized News gone(CiliumLoadBalancerIPPool object, Instant now) {
    String name = object.getMetadata().getName();
    if (pools.computeIfPresent(name, (_, it) -> isSame(it, object) ? null : it) == null) {
      reported.remove(name);
      used.remove(name);
    }
    return poolsChange(now);
  }

  private News poolsChange(Instant now) {
    List<Pool> before = ledger.pools();
    ledger.pools(List.copyOf(pools.values()));
    if (before != ledger.pools()) {
      poolsChanged = now;
    }
    return decide(Optional.empty(), now);
  }

  private News decide(Optional<ServiceKey> told, Instant now) {
    var services = new HashSet<>(ledger.decide(now).keySet());
    told.ifPresent(services::remove);
    var counted = new HashSet<String>();
    for (Pool pool : ledger.pools()) {
      Long before = used.put(pool.name(), pool.used());
      if (before == null || before != pool.used()) {
        counted.add(pool.name());
      }
    }
    return new News(services, counted);
  }

  /**
   * Whom a change concerns besides the object that has changed.
   *
   * @param services those that something was decided for
   * @param pools those whose counts have changed
   */
  record News(Set<ServiceKey> services, Set<String> pools) {
    static final News NONE = new News(Set.of(), Set.of());

    News {
      services = Set.copyOf(services);
      pools = Set.copyOf(pools);
    }
  }

  /** What is to be done for a Service now. */
  synchronized Next<ServiceWrite> next(ServiceKey key, Instant now) {
    Contest contest = ledger.contest(key).orElse(null);
    if (contest != null && contest.isOver(now)) {
      ledger.again(key);
      var _ = ledger.decide(now);
      contest = null;
    }
    Entry.Wanted wanted = ledger.wanted(key).orElse(null);
    if (wanted == null) {
      return contest == null ? new Next.Nothing<>() : later(contest.ends(), now, Contest.CALM);
    }
    if (contest != null && now.isBefore(contest.pauseEnds())) {
      return later(contest.pauseEnds(), now, Contest.LONGEST);
    }
    ServiceChange change = wanted.change();
    Addresses.Answered answer = answered.get(key);
    if (answer != null
        && answer.version.equals(change.resourceVersion())
        && now.isBefore(answer.until)) {
      // Another write against the same version would be refused.
      return answer.until.equals(Instant.MAX)
          ? new Next.Nothing<>()
          : later(answer.until, now, PATIENCE);
    }
    Instant due = due(wanted.refused());
    if (now.isBefore(due) && !wanted.gains()) {
      return later(due, now, SETTLE);
    }
    return new Next.Write<>(new ServiceWrite(change, !now.isBefore(due), ledger.notices(key)));
  }

  /**
   * A Service's status is to be written.
   *
   * @param judged whether with the condition; without it the stored one stays, as a refusal has not
   *     stood for long enough
   * @param notices what the Service's author should know
   */
  record ServiceWrite(ServiceChange change, boolean judged, List<Notice> notices) {}

  /** What the author of a Service should know now. */
  synchronized List<Notice> notices(ServiceKey key) {
    return ledger.notices(key);
  }

  private Instant due(@Nullable Standing refused) {
    return refused == null ? Instant.MIN : latest(refused.since(), poolsChanged).plus(SETTLE);
  }

  private static Instant latest(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /** A clock that was set back delays by {@code longest} at most. */
  private static <W> Next<W> later(Instant due, Instant now, Duration longest) {
    var delay = Duration.between(now, due);
    return new Next.Later<>(delay.compareTo(longest) > 0 ? longest : delay);
  }

  /** The API server has taken a write; the watch will tell what the Service then is. */
  synchronized void written(ServiceKey key, ServiceWrite write) {
    ServiceChange change = write.change();
    ledger.written(key, change, write.judged());
    answered.put(key, new Answered(change.resourceVersion(), Instant.MAX));
  }

  /**
   * The API server has refused a write, as the Service has changed; the watch will tell how.
   *
   * @return when to look again in any case
   */
  synchronized Duration overtaken(ServiceKey key, ServiceChange change, Instant now) {
    answered.put(key, new Answered(change.resourceVersion(), now.plus(PATIENCE)));
    return PATIENCE;
  }

  /**
   * A version that was written against.
   *
   * @param until when to write against it again, if the watch tells of no other one
   */
  private record Answered(String version, Instant until) {}

  /** What is to be done for a pool now. */
  synchronized Next<PoolWrite> next(String name, Instant now) {
    Optional<Pool> pool = ledger.pools().stream().filter(it -> it.name().equals(name)).findFirst();
    if (pool.isEmpty()) {
      return new Next.Nothing<>();
    }
    List<Condition> conditions = pool.get().conditions(now);
    var write = new PoolWrite(pool.get().object(), conditions);
    if (conditions.equals(write.stored())) {
      return new Next.Nothing<>();
    }
    Instant last = reported.getOrDefault(name, Instant.MIN);
    Instant due = latest(poolsChanged.plus(SETTLE), last.plus(REPORT_INTERVAL));
    return now.isBefore(due) ? later(due, now, SETTLE) : new Next.Write<>(write);
  }

  /** A pool's conditions are to be written. */
  record PoolWrite(CiliumLoadBalancerIPPool pool, List<Condition> conditions) {
    PoolWrite {
      conditions = List.copyOf(conditions);
    }

    /** The conditions that it has. */
    List<Condition> stored() {
      return pool.getStatus() == null ? List.of() : pool.getStatus().conditions();
    }
  }

  /** The API server has taken a write to a pool, or refused it as the pool has changed. */
  synchronized void reported(String name, Instant now) {
    reported.put(name, now);
  }

  /** The measures of all pools and Services. */
  synchronized void measure(LedgerMetrics metrics) {
    metrics.update(ledger);
  }

  private static boolean isOld(
      HasMetadata object, Optional<? extends HasMetadata> known, long listed) {
    return known
        .map(it -> version(object) < version(it))
        .orElseGet(() -> version(object) <= listed); // It was deleted before the list was made.
  }

  private static boolean isSame(HasMetadata one, HasMetadata other) {
    return one.getMetadata().getUid().equals(other.getMetadata().getUid());
  }

  /** Versions of one kind grow with time: Kubernetes' own caches depend on it. */
  private static long version(HasMetadata object) {
    return Long.parseUnsignedLong(object.getMetadata().getResourceVersion());
  }
}
