package dev.peerage.announce;

import dev.peerage.announce.Decision.Announcement;
import dev.peerage.bgp.export.ExportStatement;
import dev.peerage.bgp.export.ExportStatement.Attributes;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.wire.Prefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The route policy of a group of peers: per prefix the announcements that name it, of which the
 * first one counts, and the export statements made of these. A statement's prefixes are derived
 * from those that it had before, so that the work of all who read them depends on the change.
 */
final class RoutePolicy {
  private final Map<Prefix, Announcers> announcers = new HashMap<>();

  /** What the statements say of the prefixes whose announcers changed since they were made. */
  private Map<Prefix, Optional<Attributes>> stated = new HashMap<>();

  private final Map<Attributes, ExportStatement> statements;
  private List<ExportStatement> ordered;

  RoutePolicy() {
    statements = new HashMap<>();
    ordered = List.of();
  }

  /**
   * Without any prefix, but to be compared with what another one says, which is settled and will
   * not be used again.
   */
  RoutePolicy(RoutePolicy before) {
    statements = new HashMap<>(before.statements);
    ordered = before.ordered;
    before.announcers.keySet().forEach(prefix -> stated.put(prefix, before.attributes(prefix)));
  }

  void add(Decision decision, Announcement announcement) {
    touch(announcement.prefix());
    Announcers all = announcers.get(announcement.prefix());
    if (all == null) {
      announcers.put(announcement.prefix(), new Announcers(decision, announcement));
    } else {
      all.add(decision, announcement);
    }
  }

  void remove(Decision decision, Announcement announcement) {
    touch(announcement.prefix());
    announcers.computeIfPresent(
        announcement.prefix(), (_, all) -> all.remove(decision, announcement) ? null : all);
  }

  private void touch(Prefix prefix) {
    stated.putIfAbsent(prefix, attributes(prefix));
  }

  private Optional<Attributes> attributes(Prefix prefix) {
    Announcers all = announcers.get(prefix);
    return all == null ? Optional.empty() : all.attributes();
  }

  boolean announces(Prefix prefix) {
    return announcers.containsKey(prefix);
  }

  Set<Prefix> prefixes() {
    return announcers.keySet();
  }

  /** In a fixed order, no prefix in two of them; as of the last {@link #settle}. */
  List<ExportStatement> statements() {
    return ordered;
  }

  /**
   * Brings the statements up to date.
   *
   * @return the prefixes that are announced otherwise than before, or no longer
   */
  Set<Prefix> settle() {
    Set<Prefix> changed = new HashSet<>();
    Map<Attributes, Change> changes = new HashMap<>();
    stated.forEach((prefix, before) -> {
      Optional<Attributes> now = attributes(prefix);
      if (!now.equals(before)) {
        changed.add(prefix);
        before.ifPresent(each -> changes.computeIfAbsent(each, Change::new).gone.add(prefix));
        now.ifPresent(each -> changes.computeIfAbsent(each, Change::new).come.add(prefix));
      }
    });
    stated = new HashMap<>(); // clear() would go through a table as large as it ever was
    if (!changes.isEmpty()) {
      changes.values().forEach(this::apply);
      Map<String, ExportStatement> byName = new TreeMap<>();
      statements.values().forEach(statement -> byName.put(statement.name(), statement));
      ordered = List.copyOf(byName.values());
    }
    return changed;
  }

  private void apply(Change change) {
    ExportStatement statement =
        statements.getOrDefault(
            change.attributes,
            new ExportStatement(change.attributes.toString(), PrefixSet.EMPTY, change.attributes));
    PrefixSet prefixes = statement.prefixes();
    if (prefixes.isEmpty()) {
      prefixes = PrefixSet.of(change.come);
    } else {
      for (Prefix prefix : change.gone) {
        prefixes = prefixes.without(prefix);
      }
      for (Prefix prefix : change.come) {
        prefixes = prefixes.with(prefix);
      }
    }
    if (prefixes.isEmpty()) {
      statements.remove(change.attributes);
    } else {
      statements.put(
          change.attributes,
          new ExportStatement(statement.name(), prefixes, statement.attributes()));
    }
  }

  /** How the prefixes of a statement change. */
  private static final class Change {
    final Attributes attributes;
    final List<Prefix> gone = new ArrayList<>();
    final List<Prefix> come = new ArrayList<>();

    Change(Attributes attributes) {
      this.attributes = attributes;
    }
  }

  /**
   * The announcements that name one prefix, and the decisions that they come from; the first one by
   * {@link StatementName} counts. Most prefixes have a single one, an aggregate can have as many as
   * there are Services.
   */
  private static final class Announcers {
    private @Nullable Announcer only;

    /**
     * By rank, once there were several; ranks are long to write, so that the single one has none.
     */
    private @Nullable TreeMap<Rank, Announcer> several;

    Announcers(Decision decision, Announcement announcement) {
      this.only = new Announcer(decision, announcement);
    }

    private record Announcer(Decision decision, Announcement announcement) {
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
      var announcer = new Announcer(decision, announcement);
      TreeMap<Rank, Announcer> all = several;
      if (all == null) {
        all = new TreeMap<>();
        Announcer first = only;
        if (first != null) {
          all.put(first.rank(), first);
        }
        several = all;
        only = null;
      }
      all.put(announcer.rank(), announcer);
    }

    /** Takes back what a decision added. Returns whether nothing is left. */
    boolean remove(Decision decision, Announcement announcement) {
      TreeMap<Rank, Announcer> all = several;
      if (all == null) {
        return only == null || only.decision() == decision;
      }
      all.remove(Rank.of(decision, announcement));
      return all.isEmpty();
    }

    /** Those of the announcement that counts. */
    Optional<Attributes> attributes() {
      TreeMap<Rank, Announcer> all = several;
      return Optional.ofNullable(all == null ? only : all.firstEntry().getValue())
          .map(announcer -> announcer.announcement().attributes());
    }
  }
}
