package dev.peerage.lbipam;

import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.crd.v2.Condition;
import dev.peerage.kube.ServiceKey;
import dev.peerage.lbipam.Entry.Wanted;
import dev.peerage.lbipam.IpamPlan.ServiceChange;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Gives addresses of pools to Services of type LoadBalancer. A changed Service costs work for this
 * Service, a changed pool work for all. After a restart everything follows from the Services'
 * status: what a Service has is kept first, and only then something new is given out.
 *
 * <p>Order of choice: the oldest pool that matches, of equals the first by name; its blocks in
 * their order; the smallest gap between taken addresses, and its first address. An address is free
 * when no Service is to have it and no status says it any more.
 *
 * <p>No clock and no threads: time comes with the calls, which must not overlap.
 */
final class Ledger {
  private final Responsibility responsibility;
  private final AddressBook book = new AddressBook();
  private final Map<ServiceKey, Entry> entries = new HashMap<>();
  private final Waiting waiting = new Waiting();
  private final Allocation allocation = new Allocation(book, waiting);
  private final TreeSet<Entry> toDecide = new TreeSet<>();
  private int ours;

  Ledger(Responsibility responsibility) {
    this.responsibility = responsibility;
  }

  /** All pools as they are now. */
  void pools(List<CiliumLoadBalancerIPPool> objects) {
    List<CiliumLoadBalancerIPPool> sorted =
        objects.stream()
            .sorted(
                Comparator.comparing(Pool::age).thenComparing(pool -> pool.getMetadata().getName()))
            .toList();
    List<Pool> known = book.pools();
    if (matches(known, sorted)) {
      for (var i = 0; i < known.size(); i++) {
        known.get(i).refresh(sorted.get(i));
      }
      return;
    }
    var fresh = new ArrayList<Pool>();
    sorted.forEach(object -> fresh.add(new Pool(object, List.copyOf(fresh))));
    book.pools(fresh);
    toDecide.addAll(entries.values());
  }

  private static boolean matches(List<Pool> known, List<CiliumLoadBalancerIPPool> objects) {
    if (known.size() != objects.size()) {
      return false;
    }
    for (var i = 0; i < known.size(); i++) {
      if (!known.get(i).isOf(objects.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** A Service as it is now, with what its status says. The same version twice is heard once. */
  void service(Service object) {
    Entry known = entries.get(ServiceKey.of(object));
    if (known != null && known.claim.isVersion(object)) {
      return; // Its status may change at any moment: a write may be under way.
    }
    var entry = new Entry(new Claim(object, responsibility));
    Entry before = entries.put(entry.claim.key(), entry);
    entry.possible.forEach(ip -> book.says(ip, entry));
    if (entry.claim.isOurs()) {
      ours++;
    }
    // The new entry speaks for its addresses before the old one lets them go.
    if (before != null) {
      for (Ip ip : before.assigned) {
        if (entry.possible.contains(ip)) {
          book.hold(ip, entry); // Nobody else may take it between the two.
        }
      }
      entry.assigned = before.assigned.stream().filter(entry.possible::contains).toList();
      entry.given.addAll(entry.assigned);
      entry.refusal = before.refusal;
      drop(before);
    }
    toDecide.add(entry);
  }

  /** The Service is deleted. */
  void gone(ServiceKey key) {
    Entry entry = entries.remove(key);
    if (entry != null) {
      drop(entry);
    }
  }

  private void drop(Entry entry) {
    toDecide.remove(entry);
    waiting.remove(entry);
    if (entry.claim.isOurs()) {
      ours--;
    }
    release(entry, entry.assigned);
    for (Ip ip : entry.possible) {
      if (book.saysNoMore(ip, entry)) {
        toDecide.addAll(waiting.wantedBy(ip, book.containing(ip)));
      }
    }
  }

  private void release(Entry entry, List<Ip> addresses) {
    for (Ip ip : addresses) {
      boolean free = book.release(ip, entry);
      toDecide.addAll(free ? waiting.wantedBy(ip, book.containing(ip)) : waiting.requestedBy(ip));
      toDecide.addAll(waiting.withKeyOf(entry));
    }
  }

  /**
   * Decides about all Services that something changed for.
   *
   * @param now what a condition whose status flips gets as its transition time
   * @return the Services whose status is to be written; all others stay as they are
   */
  SortedMap<ServiceKey, ServiceChange> decide(Instant now) {
    var changes = new TreeMap<ServiceKey, ServiceChange>();
    while (!toDecide.isEmpty()) {
      var round = List.copyOf(toDecide);
      toDecide.clear();
      round.forEach(this::keep);
      round.forEach(entry -> give(entry, now, changes));
    }
    return changes;
  }

  private void keep(Entry entry) {
    List<Ip> keeps = entry.claim.isOurs() ? allocation.kept(entry) : List.<Ip>of();
    keeps.forEach(ip -> book.hold(ip, entry));
    List<Ip> lost = entry.assigned.stream().filter(ip -> !keeps.contains(ip)).toList();
    entry.assigned = keeps;
    release(entry, lost);
  }

  private void give(Entry entry, Instant now, Map<ServiceKey, ServiceChange> changes) {
    Claim claim = entry.claim;
    waiting.remove(entry);
    if (!claim.isOurs()) {
      entry.refused(null, now);
      if (claim.wasOurs()) {
        send(entry, new ServiceChange(claim.version(), List.of(), null), changes);
      }
      return;
    }
    // Without any pool somebody else may give addresses.
    if (book.pools().isEmpty() && !claim.wasOurs()) {
      entry.refused(null, now);
      entry.isRight();
      return;
    }
    List<Ip> before = entry.assigned;
    Claim.Refusal refusal = allocation.give(entry);
    entry.refused(refusal, now);
    if (!entry.assigned.equals(before)) {
      toDecide.addAll(waiting.withKeyOf(entry)); // They may share it.
      toDecide.remove(entry);
    }
    List<String> texts = entry.assigned.stream().map(Ip::toString).toList();
    Condition condition = claim.verdict(refusal, now);
    if (!claim.says(texts) || !claim.condition().filter(condition::equals).isPresent()) {
      send(entry, new ServiceChange(claim.version(), texts, condition), changes);
    } else {
      entry.isRight();
    }
  }

  private void send(Entry entry, ServiceChange change, Map<ServiceKey, ServiceChange> changes) {
    for (Ip ip : entry.assigned) {
      if (entry.possible.add(ip)) {
        book.says(ip, entry);
      }
    }
    if (entry.send(change)) {
      changes.put(entry.claim.key(), change);
    }
  }

  /** The conditions of every pool by its name. */
  Map<String, List<Condition>> conditions(Instant now) {
    return book.pools().stream()
        .collect(Collectors.toMap(Pool::name, pool -> pool.conditions(now)));
  }

  /** The Service as it was last heard of. */
  Optional<Service> known(ServiceKey key) {
    return Optional.ofNullable(entries.get(key)).map(entry -> entry.claim.service());
  }

  /** What a Service's status should become; empty when it is right, or nothing is known of it. */
  Optional<Wanted> wanted(ServiceKey key) {
    Entry entry = entries.get(key);
    return entry == null ? Optional.empty() : entry.wanted();
  }

  /** What a Service asks for that is no address. */
  List<String> unreadable(ServiceKey key) {
    Entry entry = entries.get(key);
    return entry == null ? List.of() : entry.claim.unreadable();
  }

  /** The pools, for counting. */
  List<Pool> pools() {
    return book.pools();
  }

  /** Services that are ours. */
  int matching() {
    return ours;
  }

  /** Services that do not have what they want. */
  int unsatisfied() {
    return waiting.size();
  }
}
