package dev.peerage.lbipam;

import dev.peerage.lbipam.Claim.Refusal;
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
  List<Ip> kept(Entry entry) {
    SortedSet<Boolean> families = entry.claim.families();
    var keeps = new ArrayList<Ip>();
    for (Ip ip : entry.candidates()) {
      boolean wanted =
          entry.requested.isEmpty()
              ? families.contains(ip.v6()) && keeps.stream().noneMatch(it -> it.v6() == ip.v6())
              : entry.requested.contains(ip);
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
        refusal = refusal(v6, matching);
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
      if (holding.isEmpty()) {
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
          refusal = taken;
        }
      }
    }
    return refusal;
  }

  private @Nullable Refusal taken(Entry entry, Ip ip) {
    Set<Entry> holders = book.holders(ip);
    Optional<String> obstacle = entry.obstacle(holders);
    if (obstacle.isPresent()) {
      return holders.stream().anyMatch(entry::hasKeyOf)
          ? new Refusal(
              "already_allocated_incompatible_service",
              "%s cannot be shared with %s".formatted(ip, obstacle.get()))
          : new Refusal("already_allocated", ip + " belongs to another Service");
    }
    return book.lingers(ip, entry)
        ? new Refusal("already_allocated", ip + " is still in the status of another Service")
        : null;
  }

  private void take(Ip ip, Entry entry, List<Ip> addresses) {
    book.hold(ip, entry);
    addresses.add(ip);
  }

  private static Refusal refusal(boolean v6, List<Pool> matching) {
    String family = v6 ? "IPv6" : "IPv4";
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
