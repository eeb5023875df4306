package dev.peerage.announce;

import dev.peerage.announce.Decision.Announcement;
import dev.peerage.bgp.export.ExportStatement;
import dev.peerage.bgp.export.ExportStatement.Attributes;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.wire.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one audience is told: per prefix the announcements that name it, of which the first one
 * counts, and the statements made of these. A statement's prefixes are derived from those that it
 * had before, so that the work of all who read them depends on the change.
 */
final class SharedPolicy {
  private final Map<Prefix, Claims> claims = new HashMap<>();

  /** The attributes that the statements have for the prefixes whose claims changed since. */
  private Map<Prefix, Optional<Attributes>> stated = new HashMap<>();

  private final Map<Attributes, ExportStatement> statements;
  private List<ExportStatement> ordered;

  /** An audience that nothing was told yet. */
  SharedPolicy() {
    statements = new HashMap<>();
    ordered = List.of();
  }

  /** One that was told what another one was told, which is settled and will not be used again. */
  SharedPolicy(SharedPolicy before) {
    statements = new HashMap<>(before.statements);
    ordered = before.ordered;
    before.claims.keySet().forEach(prefix -> stated.put(prefix, before.attributes(prefix)));
  }

  void add(Decision decision, Announcement announcement) {
    touch(announcement.prefix());
    Claims all = claims.get(announcement.prefix());
    if (all == null) {
      claims.put(announcement.prefix(), new Claims(decision, announcement));
    } else {
      all.add(decision, announcement);
    }
  }

  void remove(Decision decision, Announcement announcement) {
    touch(announcement.prefix());
    claims.computeIfPresent(
        announcement.prefix(), (_, all) -> all.remove(decision, announcement) ? null : all);
  }

  private void touch(Prefix prefix) {
    stated.putIfAbsent(prefix, attributes(prefix));
  }

  private Optional<Attributes> attributes(Prefix prefix) {
    Claims all = claims.get(prefix);
    return all == null ? Optional.empty() : all.attributes();
  }

  /** Whether the audience is told of a prefix. */
  boolean announces(Prefix prefix) {
    return claims.containsKey(prefix);
  }

  /** All prefixes that it is told of. */
  Set<Prefix> prefixes() {
    return claims.keySet();
  }

  /** In a fixed order, no prefix in two of them; as of the last {@link #settle}. */
  List<ExportStatement> statements() {
    return ordered;
  }

  /**
   * Brings the statements up to date.
   *
   * @return the prefixes that the audience is told of, or is no longer told of, other than before
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
    stated = new HashMap<>(); // clearing costs as much as the table once was large
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

  /** What changes in the prefixes of a statement. */
  private static final class Change {
    final Attributes attributes;
    final List<Prefix> gone = new ArrayList<>();
    final List<Prefix> come = new ArrayList<>();

    Change(Attributes attributes) {
      this.attributes = attributes;
    }
  }
}
