package dev.peerage.lbipam;

import dev.peerage.lbipam.IpamPlan.ServiceChange;
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

  /** What its status says, or may say once the writes under way have arrived. */
  final Set<Ip> possible = new LinkedHashSet<>();

  /** What it was given, as against what somebody else has written into its status. */
  final Set<Ip> given = new HashSet<>();

  /** What was decided since its status was last seen. */
  private @Nullable ServiceChange underWay;

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
   * What it has: as decided, and what its status still said when it was last seen. Nobody else has
   * been given that, so what was to be taken away may stay when there is no reason any more.
   */
  List<Ip> candidates() {
    var candidates = new LinkedHashSet<>(assigned);
    candidates.addAll(claim.held());
    return List.copyOf(candidates);
  }

  /** Whether a change is news. */
  boolean send(ServiceChange change) {
    if (change.equals(underWay)) {
      return false;
    }
    underWay = change;
    return true;
  }

  /** Who stands in the way of sharing, with the reason. */
  Optional<String> obstacle(Iterable<Entry> holders) {
    for (var holder : holders) {
      if (holder != this) {
        var obstacle = sharing.obstacle(holder.sharing);
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
