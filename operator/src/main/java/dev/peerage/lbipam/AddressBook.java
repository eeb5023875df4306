package dev.peerage.lbipam;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Who has which address, and what is free in the pools. */
final class AddressBook {
  private final Map<Ip, Address> addresses = new HashMap<>();
  private final Map<String, NavigableSet<Ip>> byKey = new HashMap<>();

  /** The pool that each held address was given from; where pools overlap, only one counts it. */
  private final Map<Ip, Pool> givers = new HashMap<>();

  /** Those that no Service is to have, and that are in a status all the same. */
  private final NavigableSet<Ip> vacant = new TreeSet<>();

  private List<Pool> pools = List.of();

  /**
   * An address that is not free.
   *
   * @param holders the Services that are to have it; more than one when they share
   * @param sayers the Services whose status has it, or may have it once a write has arrived
   */
  private record Address(Set<Entry> holders, Set<Entry> sayers) {
    boolean isFree() {
      return holders.isEmpty() && sayers.isEmpty();
    }
  }

  /** The pools in the order in which they are asked. */
  List<Pool> pools() {
    return pools;
  }

  /** Replaces the pools by ones that nothing was taken from yet. */
  void pools(List<Pool> fresh) {
    pools = List.copyOf(fresh);
    var before = Map.copyOf(givers);
    givers.clear();
    addresses.forEach((ip, address) -> {
      pools.forEach(pool -> pool.occupy(ip));
      if (!address.holders.isEmpty()) {
        String giver = before.containsKey(ip) ? before.get(ip).name() : "";
        use(ip, address.holders.iterator().next(), giver);
      }
    });
  }

  private void use(Ip ip, Entry entry, String giver) {
    containing(ip).stream()
        .min(
            Comparator.comparing((Pool pool) -> !pool.name().equals(giver))
                .thenComparing(pool -> !pool.selects(entry.claim.labels()))
                .thenComparing(pool -> !pool.gives()))
        .ifPresent(pool -> {
          givers.put(ip, pool);
          pool.use(ip);
        });
  }

  /** The Services that have the address. */
  Set<Entry> holders(Ip ip) {
    AddressBook.Address address = addresses.get(ip);
    return address == null ? Set.of() : address.holders;
  }

  /** Whether the address is still in the status of another Service that is no longer to have it. */
  boolean lingers(Ip ip, Entry notIn) {
    AddressBook.Address address = addresses.get(ip);
    return address != null
        && address.sayers.stream()
            .anyMatch(sayer -> sayer != notIn && !address.holders.contains(sayer));
  }

  /** Another Service whose status has the address and keeps it, as it is none of ours there. */
  Optional<Entry> staying(Ip ip, Entry notIn) {
    AddressBook.Address address = addresses.get(ip);
    return address == null
        ? Optional.empty()
        : address.sayers.stream()
            .filter(sayer -> sayer != notIn && !address.holders.contains(sayer))
            .filter(sayer -> sayer.leaves(ip))
            .findFirst();
  }

  /** Whether one of such addresses is free as soon as writes of ours have arrived. */
  boolean isGivenBack(Predicate<Ip> which) {
    return vacant.stream()
        .filter(which)
        .anyMatch(ip ->
            Objects.requireNonNull(addresses.get(ip)).sayers.stream()
                .noneMatch(sayer -> sayer.leaves(ip)));
  }

  /** The addresses that Services with a sharing key have. */
  Collection<Ip> shared(String key) {
    return byKey.getOrDefault(key, new TreeSet<>());
  }

  void hold(Ip ip, Entry entry) {
    AddressBook.Address address = address(ip);
    if (address.holders.isEmpty()) {
      use(ip, entry, "");
    }
    address.holders.add(entry);
    vacant.remove(ip);
    if (!entry.sharing.key().isEmpty()) {
      byKey.computeIfAbsent(entry.sharing.key(), _ -> new TreeSet<>()).add(ip);
    }
  }

  /** The Service is no longer to have the address; returns whether the address is free now. */
  boolean release(Ip ip, Entry entry) {
    AddressBook.Address address = addresses.get(ip);
    if (address == null || !address.holders.remove(entry)) {
      return false;
    }
    String key = entry.sharing.key();
    if (!key.isEmpty()
        && address.holders.stream().noneMatch(holder -> holder.sharing.key().equals(key))) {
      byKey.computeIfPresent(
          key,
          (_, shared) -> {
            shared.remove(ip);
            return shared.isEmpty() ? null : shared;
          });
    }
    if (address.holders.isEmpty()) {
      Pool giver = givers.remove(ip);
      if (giver != null) {
        giver.unuse(ip);
      }
      vacant.add(ip);
    }
    return vacated(ip, address);
  }

  /** The address is in the Service's status, or may be soon, as it is being written. */
  void says(Ip ip, Entry entry) {
    AddressBook.Address address = address(ip);
    address.sayers.add(entry);
    if (address.holders.isEmpty()) {
      vacant.add(ip);
    }
  }

  /** The address is no longer in the Service's status; returns whether it is free now. */
  boolean saysNoMore(Ip ip, Entry entry) {
    AddressBook.Address address = addresses.get(ip);
    return address != null && address.sayers.remove(entry) && vacated(ip, address);
  }

  private Address address(Ip ip) {
    return addresses.computeIfAbsent(
        ip,
        _ -> {
          pools.forEach(pool -> pool.occupy(ip));
          return new Address(new LinkedHashSet<>(), new LinkedHashSet<>());
        });
  }

  private boolean vacated(Ip ip, Address address) {
    if (!address.isFree()) {
      return false;
    }
    addresses.remove(ip);
    vacant.remove(ip);
    pools.forEach(pool -> pool.vacate(ip));
    return true;
  }

  /** The pools that hold an address. */
  List<Pool> containing(Ip ip) {
    var found = new ArrayList<Pool>(1);
    for (Pool pool : pools) {
      if (pool.contains(ip)) {
        found.add(pool);
      }
    }
    return found;
  }
}
