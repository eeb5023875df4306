package dev.peerage.announce;

import dev.peerage.announce.Decision.Announcement;
import dev.peerage.bgp.export.ExportStatement.Attributes;
import dev.peerage.bgp.wire.Prefix;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The announcements that name one prefix, and the decisions that they come from; the first one by
 * {@link StatementName} counts. Most prefixes have a single one, an aggregate can have as many as
 * there are Services.
 */
final class Claims {
  private @Nullable Claim only;

  /** By rank, once there were several; ranks are long to write, so that the single one has none. */
  private @Nullable TreeMap<Rank, Claim> several;

  Claims(Decision decision, Announcement announcement) {
    this.only = new Claim(decision, announcement);
  }

  private record Claim(Decision decision, Announcement announcement) {
    Rank rank() {
      return Rank.of(decision, announcement);
    }
  }

  private record Rank(StatementName name, Prefix own) implements Comparable<Rank> {
    private static final Comparator<Rank> ORDER =
        Comparator.comparing(Rank::name).thenComparing(Rank::own);

    static Rank of(Decision decision, Announcement announcement) {
      return new Rank(
          StatementName.of(decision, announcement),
          decision.prefix().orElse(announcement.prefix()));
    }

    @Override
    public int compareTo(Rank other) {
      return ORDER.compare(this, other);
    }
  }

  void add(Decision decision, Announcement announcement) {
    Claim claim = new Claim(decision, announcement);
    TreeMap<Rank, Claim> all = several;
    if (all == null) {
      all = new TreeMap<>();
      Claim first = only;
      if (first != null) {
        all.put(first.rank(), first);
      }
      several = all;
      only = null;
    }
    all.put(claim.rank(), claim);
  }

  /** Takes back what a decision added. Returns whether nothing is left. */
  boolean remove(Decision decision, Announcement announcement) {
    TreeMap<Rank, Claim> all = several;
    if (all == null) {
      return only == null || only.decision() == decision;
    }
    all.remove(Rank.of(decision, announcement));
    return all.isEmpty();
  }

  /** Those of the announcement that counts. */
  Optional<Attributes> attributes() {
    TreeMap<Rank, Claim> all = several;
    return Optional.ofNullable(all == null ? only : all.firstEntry().getValue())
        .map(claim -> claim.announcement().attributes());
  }
}
