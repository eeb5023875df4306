package dev.peerage.lbipam;

import dev.peerage.lbipam.Claim.Refusal;
import dev.peerage.lbipam.Responsibility.ForeignAddresses;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decides which addresses one Service keeps and which it is given. */
final class Allocation {
  private final AddressBook book;
  private final Waiting waiting;

  Allocation(AddressBook book, Waiting waiting) {
    this.book = book;
    this.waiting = waiting;
  }

  /**
   * The addresses that a Service may keep of those it has: it still wants them, a pool that selects
   * it contains them, and no other Service has them. An address that a pool gave stays even if the
   * pool was disabled since, is in conflict or now reserves the address: such a pool gives out
   * nothing new, but takes nothing away. An address that somebody else has written into the status
   * stays only if the pool could give it.
   */
  List<Ip> kept(Entry entry, List<Ip> candidates) {
    SortedSet<Boolean> families = entry.claim.families();
    var keeps = new ArrayList<Ip>();
    for (Ip ip : candidates) {
      boolean wanted =
          families.contains(ip.v6())
              && (entry.requested.isEmpty()
                  ? keeps.stream().noneMatch(it -> it.v6() == ip.v6())
                  : entry.requested.contains(ip));
      if (wanted
          && book.containing(ip).stream()
              .filter(pool -> entry.given.contains(ip) || pool.gives() && pool.offers(ip))
              .anyMatch(pool -> pool.selects(entry.claim.labels()))
          && entry.obstacle(book.holders(ip)).isEmpty()) {
        keeps.add(ip);
      }
    }
    return List.copyOf(keeps);
  }

  /**
   * What stays in a Service's status though no pool gave it: where no pool has anything to give to
   * the Service, or it is not ours, another load balancer serves it.
   */
  List<LoadBalancerIngress> left(Entry entry, ForeignAddresses foreign) {
    Claim claim = entry.claim;
    if (claim.isOurs()
        && (foreign == ForeignAddresses.REMOVE
            || !entry.assigned.isEmpty()
            || book.pools().stream()
                .anyMatch(pool -> pool.gives() && pool.selects(claim.labels())))) {
      return List.of();
    }
    return switch (foreign) {
      case REMOVE -> claim.wasOurs() ? List.of() : claim.ingress();
      case KEEP ->
          claim.ingress().stream()
              .filter(it -> Ip.of(it).filter(entry.given::contains).isEmpty())
              .toList();
    };
  }

  /** Adds what is missing to {@code entry.assigned}; null when nothing is missing then. */
  @Nullable Refusal give(Entry entry) {
    var addresses = new ArrayList<>(entry.assigned);
    Refusal refusal =
        entry.requested.isEmpty() ? any(entry, addresses) : requested(entry, addresses);
    entry.assigned = List.copyOf(addresses);
    entry.given.addAll(addresses);
    if (refusal != null) {
      waiting.add(entry);
    }
    return refusal;
  }

  private @Nullable Refusal any(Entry entry, List<Ip> addresses) {
    Refusal refusal = null;
    for (Boolean v6 : entry.claim.families()) {
      if (addresses.stream().anyMatch(ip -> ip.v6() == v6)) {
        continue;
      }
      List<Pool> matching =
          book.pools().stream()
              .filter(
                  pool -> pool.gives() && pool.hasFamily(v6) && pool.selects(entry.claim.labels()))
              .toList();
      Optional<Ip> found =
          shared(entry, v6, matching)
              .or(() -> matching.stream().flatMap(pool -> pool.next(v6).stream()).findFirst());
      if (found.isPresent()) {
        take(found.get(), entry, addresses);
      } else {
        waiting.forAny(entry, v6, matching);
        refusal = worse(refusal, refusal(v6, matching));
      }
    }
    return refusal;
  }

  private Optional<Ip> shared(Entry entry, boolean v6, List<Pool> matching) {
    return book.shared(entry.sharing.key()).stream()
        .filter(ip -> ip.v6() == v6)
        .filter(ip -> matching.stream().anyMatch(pool -> pool.contains(ip)))
        .filter(ip -> !book.lingers(ip, entry))
        .filter(ip -> entry.obstacle(book.holders(ip)).isEmpty())
        .findFirst();
  }

  private @Nullable Refusal requested(Entry entry, List<Ip> addresses) {
    Refusal refusal = null;
    for (Ip ip : entry.requested) {
      if (addresses.contains(ip)) {
        continue;
      }
      List<Pool> holding = book.containing(ip).stream().filter(Pool::gives).toList();
      if (!entry.claim.families().contains(ip.v6())) {
        refusal =
            new Refusal(
                "ip_family_mismatch",
                "%s is %s, which is not among this Service's spec.ipFamilies"
                    .formatted(ip, family(ip.v6())));
      } else if (holding.isEmpty()) {
        refusal = new Refusal("no_pool", "no enabled pool contains " + ip);
      } else if (holding.stream().noneMatch(pool -> pool.selects(entry.claim.labels()))) {
        refusal =
            new Refusal(
                "pool_selector_mismatch",
                "the serviceSelector of %s does not select this Service; it contains %s"
                    .formatted(names(holding), ip));
      } else if (holding.stream().noneMatch(pool -> pool.offers(ip))) {
        refusal =
            new Refusal(
                "already_allocated",
                "%s is the first or last address of its CIDR, which allowFirstLastIPs keeps back in %s"
                    .formatted(ip, names(holding)));
      } else {
        Refusal taken = taken(entry, ip);
        if (taken == null) {
          take(ip, entry, addresses);
        } else {
          refusal = worse(refusal, taken);
        }
      }
    }
    return refusal;
  }

  /** Of two refusals the one to tell of: the later one, but not one that passes by itself. */
  private static Refusal worse(@Nullable Refusal one, Refusal other) {
    return one == null || !other.passes() ? other : one;
  }

  private @Nullable Refusal taken(Entry entry, Ip ip) {
    Set<Entry> holders = book.holders(ip);
    Optional<String> obstacle = entry.obstacle(holders);
    if (obstacle.isPresent()) {
      return new Refusal(
          holders.stream().anyMatch(entry::hasKeyOf)
              ? "already_allocated_incompatible_service"
              : "already_allocated",
          "%s belongs to %s and cannot be shared: %s"
              .formatted(
                  ip,
                  holders.stream()
                      .map(holder -> holder.claim.key().toString())
                      .sorted()
                      .collect(Collectors.joining(", ")),
                  obstacle.get()));
    }
    Optional<Entry> staying = book.staying(ip, entry);
    if (staying.isPresent()) {
      return new Refusal(
          "already_allocated",
          "%s is in the status of %s, whose addresses another load balancer writes"
              .formatted(ip, staying.get().claim.key()));
    }
    return book.lingers(ip, entry)
        ? new Refusal("already_allocated", ip + " is being given back", /* passes= */ true)
        : null;
  }

  private void take(Ip ip, Entry entry, List<Ip> addresses) {
    book.hold(ip, entry);
    addresses.add(ip);
  }

  private Refusal refusal(boolean v6, List<Pool> matching) {
    return matching.isEmpty()
        ? new Refusal(
            "no_pool",
            "no enabled CiliumLoadBalancerIPPool with " + family(v6) + " selects this Service")
        : new Refusal(
            "out_of_ips",
            "no free " + family(v6) + " address is left in " + names(matching),
            book.isGivenBack(
                ip -> ip.v6() == v6 && matching.stream().anyMatch(it -> it.offers(ip))));
  }

  private static String family(boolean v6) {
    return v6 ? "IPv6" : "IPv4";
  }

  private static String names(List<Pool> pools) {
    return pools.stream().map(Pool::name).collect(Collectors.joining(", ", "pool(s) ", ""));
  }
}
