package dev.peerage.lbipam;

import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.crd.v2.Condition;
import dev.peerage.lbipam.Claim.Refusal;
import dev.peerage.lbipam.IpamPlan.ServiceChange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Gives addresses of pools to Services of type LoadBalancer, without memory of its own: what a
 * Service has in its status is kept first, and only then something new is given out. The same
 * snapshot always yields the same plan.
 *
 * <p>Order of choice: the oldest pool that matches, of equals the first by name; its blocks in
 * their order; the smallest gap between taken addresses, and its first address.
 */
public final class IpamPlanner {
  private final List<Pool> pools = new ArrayList<>();
  private final Set<Ip> taken = new HashSet<>();
  private final Map<Claim, List<Ip>> kept = new HashMap<>();

  private IpamPlanner(List<CiliumLoadBalancerIPPool> objects) {
    objects.stream()
        .sorted(
            Comparator.comparing(
                    (CiliumLoadBalancerIPPool pool) -> {
                      var timestamp = pool.getMetadata().getCreationTimestamp();
                      return timestamp == null ? "~" : timestamp;
                    })
                .thenComparing(pool -> pool.getMetadata().getName()))
        .forEach(pool -> pools.add(new Pool(pool, List.copyOf(pools))));
  }

  /**
   * Plans all Services.
   *
   * @param now what a condition whose status flips gets as its transition time
   */
  public static IpamPlan plan(IpamSnapshot snapshot, Instant now) {
    var claims =
        snapshot.services().stream()
            .map(Claim::new)
            .sorted(Comparator.comparing(Claim::age).thenComparing(Claim::key))
            .toList();
    return new IpamPlanner(snapshot.pools()).plan(claims, now);
  }

  private IpamPlan plan(List<Claim> claims, Instant now) {
    var ours = claims.stream().filter(Claim::isOurs).toList();
    ours.forEach(this::keep);
    claims.forEach(this::reserve);
    var changes = new TreeMap<ServiceKey, ServiceChange>();
    for (var claim : claims) {
      if (claim.isOurs()) {
        // Without any pool somebody else may give addresses.
        if (!pools.isEmpty() || claim.wasOurs()) {
          give(claim, now, changes);
        }
      } else if (claim.wasOurs()) {
        changes.put(claim.key(), new ServiceChange(List.of(), null));
      }
    }
    return new IpamPlan(
        changes,
        pools.stream().collect(Collectors.toMap(Pool::name, pool -> pool.conditions(now))));
  }

  /**
   * Keeps what a Service has, if a pool for it holds the address and no older Service has it. Also
   * from pools that are disabled or in conflict: these give out nothing new, but take nothing away.
   */
  private void keep(Claim claim) {
    var requested = claim.requested();
    var families = claim.families();
    var keeps = new ArrayList<Ip>();
    for (var ip : claim.held()) {
      var wanted =
          requested.isEmpty()
              ? families.contains(ip.v6()) && keeps.stream().noneMatch(it -> it.v6() == ip.v6())
              : requested.contains(ip);
      if (wanted
          && pools.stream().anyMatch(pool -> pool.selects(claim.labels()) && pool.contains(ip))
          && taken.add(ip)) {
        keeps.add(ip);
        pools.forEach(pool -> pool.take(ip));
      }
    }
    kept.put(claim, keeps);
  }

  /**
   * Keeps an address that still stands in a Service's status from going to another one: it is free
   * when the status no longer says it, not when it should not.
   */
  private void reserve(Claim claim) {
    for (var ip : claim.held()) {
      if (taken.add(ip)) {
        pools.forEach(pool -> pool.reserve(ip));
      }
    }
  }

  private void give(Claim claim, Instant now, Map<ServiceKey, ServiceChange> changes) {
    var addresses = new ArrayList<>(kept.getOrDefault(claim, List.of()));
    var refusal =
        claim.requested().isEmpty() ? giveAny(claim, addresses) : giveRequested(claim, addresses);
    var texts = addresses.stream().map(Ip::toString).toList();
    Condition condition = claim.verdict(refusal, now);
    if (!claim.says(texts) || !claim.condition().filter(condition::equals).isPresent()) {
      changes.put(claim.key(), new ServiceChange(texts, condition));
    }
  }

  private @Nullable Refusal giveAny(Claim claim, List<Ip> addresses) {
    Refusal refusal = null;
    for (var v6 : claim.families()) {
      if (addresses.stream().anyMatch(ip -> ip.v6() == v6)) {
        continue;
      }
      var matching =
          pools.stream()
              .filter(pool -> pool.gives() && pool.hasFamily(v6) && pool.selects(claim.labels()))
              .toList();
      var found = matching.stream().flatMap(pool -> pool.next(v6).stream()).findFirst();
      if (found.isPresent()) {
        take(found.get(), addresses);
      } else {
        refusal = refusal(v6, matching);
      }
    }
    return claim.anyFamilyWillDo() && !addresses.isEmpty() ? null : refusal;
  }

  private @Nullable Refusal giveRequested(Claim claim, List<Ip> addresses) {
    Refusal refusal = null;
    for (var ip : claim.requested()) {
      if (addresses.contains(ip)) {
        continue;
      }
      var holding = pools.stream().filter(pool -> pool.gives() && pool.contains(ip)).toList();
      if (holding.isEmpty()) {
        refusal = new Refusal("no_pool", "no enabled pool contains " + ip);
      } else if (holding.stream().noneMatch(pool -> pool.selects(claim.labels()))) {
        refusal =
            new Refusal(
                "pool_selector_mismatch",
                "the serviceSelector of %s does not select this Service; it contains %s"
                    .formatted(names(holding), ip));
      } else if (taken.contains(ip)) {
        refusal = new Refusal("already_allocated", ip + " belongs to another Service");
      } else {
        take(ip, addresses);
      }
    }
    return refusal;
  }

  private void take(Ip ip, List<Ip> addresses) {
    taken.add(ip);
    pools.forEach(pool -> pool.take(ip));
    addresses.add(ip);
  }

  private static Refusal refusal(boolean v6, List<Pool> matching) {
    var family = v6 ? "IPv6" : "IPv4";
    return matching.isEmpty()
        ? new Refusal(
            "no_pool",
            "no enabled CiliumLoadBalancerIPPool with " + family + " selects this Service")
        : new Refusal("out_of_ips", "no free " + family + " address is left in " + names(matching));
  }

  private static String names(List<Pool> pools) {
    return pools.stream().map(Pool::name).collect(Collectors.joining(", ", "pool(s) ", ""));
  }
}
