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
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

  /** What these lack is free once a write of ours has arrived; looked at again with each change. */
  private final TreeSet<Entry> passing = new TreeSet<>();

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
    if (before != null) {
      // The new entry has and says the addresses before the old one lets them go: nobody else may
      // take one between the two, whatever has become of the status.
      if (entry.claim.isLaterOf(before.claim)) {
        entry.follow(before);
        entry.assigned.forEach(ip -> book.hold(ip, entry));
      }
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
    passing.remove(entry);
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
    if (!toDecide.isEmpty()) {
      toDecide.addAll(passing);
      decide(now, changes);
      toDecide.addAll(passing); // Whatever they waited for may have gone to somebody else.
      decide(now, changes);
    }
    return changes;
  }

  private void decide(Instant now, Map<ServiceKey, ServiceChange> changes) {
    while (!toDecide.isEmpty()) {
      var round = List.copyOf(toDecide);
      toDecide.clear();
      // What Peerage gave goes before what somebody else has written into a status.
      round.forEach(entry -> keep(entry, entry.own()));
      round.forEach(entry -> keep(entry, entry.candidates()));
      round.forEach(entry -> {
        entry.left = allocation.left(entry, responsibility.foreign());
        entry.isAlone = !entry.claim.isOurs() || !entry.left.isEmpty();
      });
      round.forEach(entry -> give(entry, now, changes));
    }
  }

  private void keep(Entry entry, List<Ip> candidates) {
    List<Ip> keeps = entry.claim.isOurs() ? allocation.kept(entry, candidates) : List.<Ip>of();
    keeps.forEach(ip -> book.hold(ip, entry));
    List<Ip> lost = entry.assigned.stream().filter(ip -> !keeps.contains(ip)).toList();
    entry.assigned = keeps;
    release(entry, lost);
  }

  private void give(Entry entry, Instant now, Map<ServiceKey, ServiceChange> changes) {
    Claim claim = entry.claim;
    waiting.remove(entry);
    passing.remove(entry);
    if (entry.isAlone) {
      entry.refused(null, now);
      entry.contest = null;
      write(entry, List.of(), List.of(), changes);
      return;
    }
    // Without any pool somebody else may give addresses.
    if (book.pools().isEmpty() && !claim.wasOurs()) {
      entry.refused(null, now);
      entry.isAlone = true;
      entry.isRight();
      return;
    }
    List<Ip> before = entry.assigned;
    Claim.Refusal refusal = allocation.give(entry);
    boolean passes = refusal != null && refusal.passes();
    entry.refused(passes ? null : refusal, now);
    if (passes) {
      passing.add(entry);
    }
    if (!entry.assigned.equals(before)) {
      toDecide.addAll(waiting.withKeyOf(entry)); // They may share it.
      toDecide.remove(entry);
    }
    List<String> texts = entry.assigned.stream().map(Ip::toString).toList();
    List<Condition> conditions = new ArrayList<>();
    if (passes) {
      claim.condition().ifPresent(conditions::add);
    } else {
      conditions.add(claim.verdict(refusal, now));
    }
    contest(entry, texts, conditions, now);
    if (entry.contest != null && entry.contest.isFight()) {
      conditions.add(entry.contest.condition(claim, now));
    }
    write(entry, texts, conditions, changes);
  }

  /** Notes that somebody else writes this status, if that is so, and forgets it after a while. */
  private static void contest(
      Entry entry, List<String> texts, List<Condition> conditions, Instant now) {
    Contest before = entry.contest;
    if (entry.isOverwritten && !entry.claim.isAsWritten(texts, conditions)) {
      entry.contest = Contest.next(Optional.ofNullable(before), entry.claim.managers(), now);
    } else if (before != null && before.isOver(now)) {
      entry.contest = null;
    }
    entry.isOverwritten = false;
  }

  private void write(
      Entry entry,
      List<String> addresses,
      List<Condition> conditions,
      Map<ServiceKey, ServiceChange> changes) {
    Claim claim = entry.claim;
    Set<String> types = conditions.stream().map(Condition::type).collect(Collectors.toSet());
    var change =
        new ServiceChange(
            claim.version(),
            addresses,
            entry.left,
            conditions,
            claim.conditions().stream()
                .map(Condition::type)
                .filter(type -> !types.contains(type))
                .toList());
    if (claim.says(change.ingress())
        && Set.copyOf(claim.conditions()).equals(Set.copyOf(conditions))
        // An annotation that others remove is no reason to write by itself.
        && (!addresses.isEmpty() || claim.remembered().isEmpty())) {
      entry.isRight();
    } else {
      send(entry, change, changes);
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

  /** The API server has taken a change. */
  void written(ServiceKey key, ServiceChange change, boolean judged) {
    Entry entry = entries.get(key);
    if (entry != null) {
      entry.isWritten(change, judged);
    }
  }

  /** Who else writes a Service's status, if that has happened of late. */
  Optional<Contest> contest(ServiceKey key) {
    return Optional.ofNullable(entries.get(key)).flatMap(it -> Optional.ofNullable(it.contest));
  }

  /** Has a Service decided about anew. */
  void again(ServiceKey key) {
    Optional.ofNullable(entries.get(key)).ifPresent(toDecide::add);
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

  /** What a Service's author should know: what is passed over, and who else writes its status. */
  List<Notice> notices(ServiceKey key) {
    Entry entry = entries.get(key);
    if (entry == null || entry.isAlone) {
      return List.of();
    }
    return Stream.concat(
            entry.claim.faults().stream(),
            Stream.ofNullable(entry.contest)
                .filter(Contest::isFight)
                .map(it -> new Notice(Contest.REASON, "status.loadBalancer.ingress: " + it.text())))
        .toList();
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
