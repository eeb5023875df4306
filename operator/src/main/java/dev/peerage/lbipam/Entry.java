package dev.peerage.lbipam;

import dev.peerage.lbipam.Claim.Refusal;
import dev.peerage.lbipam.IpamPlan.ServiceChange;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A Service in the ledger. Older Services sort first. */
final class Entry implements Comparable<Entry> {
  private static final Comparator<Entry> ORDER =
      Comparator.comparing((Entry entry) -> entry.claim.age())
          .thenComparing(entry -> entry.claim.key());

  final Claim claim;
  final Sharing sharing;
  final Set<Ip> requested;

  /** What it is to have. */
  List<Ip> assigned = List.of();

  /** The addresses in its status, and those that may be there once a write has arrived. */
  final Set<Ip> possible = new LinkedHashSet<>();

  /** Addresses that a pool gave it; not those that somebody else has written into its status. */
  final Set<Ip> given = new HashSet<>();

  /** Why it lacks an address, when it does. */
  @Nullable Standing refusal;

  /** The change that its status is to get; null when the status is right. */
  private @Nullable ServiceChange underWay;

  /**
   * A refusal and how long it has stood.
   *
   * @param since when it was first decided, without another decision in between
   */
  record Standing(String reason, Instant since) {}

  /**
   * A change that the status is to get.
   *
   * @param gains whether it brings an address that the status does not say
   * @param refused how long the Service has been refused what it lacks; null when it lacks nothing
   */
  record Wanted(ServiceChange change, boolean gains, @Nullable Standing refused) {}

  Entry(Claim claim) {
    this.claim = claim;
    this.sharing = claim.sharing();
    this.requested = claim.requested();
    possible.addAll(claim.held());
    if (claim.wasOurs()) {
      given.addAll(possible); // Condition and addresses are written together.
    }
  }

  /**
   * What it is to have, and what its status had when it was last seen. No other Service was given
   * the latter, so that it may stay if the reason for taking it away has gone.
   */
  List<Ip> candidates() {
    var candidates = new LinkedHashSet<>(assigned);
    candidates.addAll(claim.held());
    return List.copyOf(candidates);
  }

  /** Takes a change to be written; false when it differs in its transition time only. */
  boolean send(ServiceChange change) {
    if (underWay != null && change.isSameAs(underWay)) {
      return false;
    }
    underWay = change;
    return true;
  }

  /** Its status is as it should be. */
  void isRight() {
    underWay = null;
  }

  /** What it is refused now; null: nothing. */
  void refused(@Nullable Refusal now, Instant at) {
    if (now == null) {
      refusal = null;
    } else if (refusal == null || !refusal.reason.equals(now.reason())) {
      refusal = new Standing(now.reason(), at);
    }
  }

  /** What its status should become. */
  Optional<Wanted> wanted() {
    return Optional.ofNullable(underWay)
        .map(change ->
            new Wanted(
                change, assigned.stream().anyMatch(ip -> !claim.held().contains(ip)), refusal));
  }

  /** Who stands in the way of sharing, with the reason. */
  Optional<String> obstacle(Iterable<Entry> holders) {
    for (Entry holder : holders) {
      if (holder != this) {
        Optional<String> obstacle = sharing.obstacle(holder.sharing);
        if (obstacle.isPresent()) {
          return obstacle.map(why -> holder.claim.key() + ": " + why);
        }
      }
    }
    return Optional.empty();
  }

  /** Whether two Services mean to share at all. */
  boolean hasKeyOf(Entry other) {
    return !sharing.key().isEmpty() && sharing.key().equals(other.sharing.key());
  }

  @Override
  public int compareTo(Entry other) {
    return ORDER.compare(this, other);
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
