package dev.peerage.lbipam;

import dev.peerage.crd.v2.Condition;
import dev.peerage.lbipam.Claim.Refusal;
import dev.peerage.lbipam.IpamPlan.ServiceChange;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
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

  /** What stays in its status though Peerage has not written it. */
  List<LoadBalancerIngress> left = List.of();

  /** Whether another load balancer serves it, or none: Peerage has no say in its addresses. */
  boolean isAlone;

  /** Why it lacks an address, when it does. */
  @Nullable Standing refusal;

  /** Who else writes its status, if that has happened of late. */
  @Nullable Contest contest;

  /** Whether its status is known to have been as it should be, and no longer is. */
  boolean isOverwritten;

  /** The change that its status is to get; null when the status is right. */
  private @Nullable ServiceChange underWay;

  /** What its status is known to say; null as long as that is not what it should say. */
  private @Nullable Stored stored;

  /**
   * What Peerage has written.
   *
   * @param verdict of the condition; empty when it was not written along
   */
  private record Stored(List<String> ingress, String verdict) {
    static Stored of(ServiceChange change, boolean judged) {
      Condition condition = change.condition();
      return new Stored(
          Claim.texts(change.ingress()), judged && condition != null ? verdict(condition) : "");
    }

    static Stored of(Claim claim) {
      return new Stored(
          Claim.texts(claim.ingress()), claim.condition().map(Stored::verdict).orElse(""));
    }

    private static String verdict(Condition condition) {
      return condition.status() + " " + condition.reason();
    }

    boolean isStill(Claim claim) {
      Stored now = of(claim);
      return ingress.equals(now.ingress) && (verdict.isEmpty() || verdict.equals(now.verdict));
    }
  }

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
    given.addAll(claim.given());
  }

  /** Goes on from what was known of the Service before it changed. */
  void follow(Entry before) {
    assigned = before.assigned;
    refusal = before.refusal;
    contest = before.contest;
    given.addAll(assigned);
    possible.stream().filter(before.given::contains).forEach(given::add);
    isOverwritten =
        claim.isOurs()
            && before.claim.isOurs()
            && (before.isOverwritten || before.stored != null && !before.stored.isStill(claim));
  }

  /**
   * What Peerage has given it: what it is to have, what its status had when it was last seen, and
   * what it had by the annotation. No other Service was given what the status says, so that it may
   * stay if the reason for taking it away has gone.
   */
  List<Ip> own() {
    var own = new LinkedHashSet<>(assigned);
    claim.held().stream().filter(given::contains).forEach(own::add);
    own.addAll(claim.remembered());
    return List.copyOf(own);
  }

  /** The same, and then what somebody else has written into its status. */
  List<Ip> candidates() {
    var candidates = new LinkedHashSet<>(own());
    candidates.addAll(claim.held());
    return List.copyOf(candidates);
  }

  /** Whether an address stays in its status, as Peerage has not written it and leaves it alone. */
  boolean leaves(Ip ip) {
    return left.stream().anyMatch(it -> Ip.of(it).filter(ip::equals).isPresent());
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
    isOverwritten = false;
    stored = isAlone ? null : Stored.of(claim);
  }

  /** The API server has taken a change. */
  void isWritten(ServiceChange change, boolean judged) {
    if (claim.version().equals(change.resourceVersion())) {
      isOverwritten = false;
      stored = isAlone ? null : Stored.of(change, judged);
    }
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
          return obstacle;
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
