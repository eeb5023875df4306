package dev.peerage.bgp.export;

import dev.peerage.bgp.prefix.PrefixDifference;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.prefix.PrefixTable;
import dev.peerage.bgp.prefix.PrefixVisitor;
import dev.peerage.bgp.wire.AddressFamily;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first statement of a policy that matches a prefix. A short policy is searched; of a
 * long one the prefixes are indexed. A changed policy reuses the index: only the statements that
 * differ are looked at.
 */
final class StatementTable {
  private static final int SHORT = 8;

  /** Stands for several statements that name the same prefix: which is first has to be searched. */
  private static final Entry SEVERAL = new Entry(ExportStatement.Attributes.DEFAULT);

  private final List<ExportStatement> statements;
  private final boolean wholeFamilies;
  private @Nullable Index index;

  private StatementTable(List<ExportStatement> statements, @Nullable Index index) {
    this.statements = statements;
    this.wholeFamilies = statements.stream().anyMatch(each -> !each.families().isEmpty());
    this.index = index;
  }

  static StatementTable of(List<ExportStatement> statements) {
    Index index = statements.size() > SHORT ? new Index() : null;
    if (index != null) {
      statements.forEach(index::add);
    }
    return new StatementTable(statements, index);
  }

  /** The attributes of one statement, as the index holds them. */
  private record Entry(ExportStatement.Attributes attributes) {}

  private static final class Index {
    final Map<AddressFamily, PrefixTable<Entry>> tables = new EnumMap<>(AddressFamily.class);

    Index() {
      for (AddressFamily family : AddressFamily.values()) {
        tables.put(family, new PrefixTable<>(family));
      }
    }

    PrefixTable<Entry> table(AddressFamily family) {
      return Objects.requireNonNull(tables.get(family));
    }

    void add(ExportStatement statement) {
      var entry = new Entry(statement.attributes());
      statement
          .prefixes()
          .forEach((family, high, low, length) -> add(entry, family, high, low, length));
    }

    void add(Entry entry, AddressFamily family, long high, long low, int length) {
      if (table(family).put(high, low, length, entry, 0) != null) {
        table(family).put(high, low, length, SEVERAL, 0);
      }
    }

    /**
     * Takes a prefix out of the index, unless several statements name it: that mark stays, and the
     * search finds which of them are left.
     */
    void remove(AddressFamily family, long high, long low, int length) {
      Entry entry = table(family).get(high, low, length);
      if (entry != null && entry != SEVERAL) {
        table(family).remove(high, low, length);
      }
    }
  }

  Optional<ExportStatement.Attributes> find(AddressFamily family, long high, long low, int length) {
    Index indexed = index;
    if (indexed != null && !wholeFamilies) {
      Entry entry = indexed.table(family).get(high, low, length);
      if (entry == null) {
        return Optional.empty();
      }
      if (entry != SEVERAL) {
        return Optional.of(entry.attributes());
      }
    }
    for (ExportStatement statement : statements) {
      if (statement.matches(family, high, low, length)) {
        return Optional.of(statement.attributes());
      }
    }
    return Optional.empty();
  }

  /**
   * The table of the next version of the policy; this one is not to be used afterwards.
   *
   * @param changed hears every prefix for which the answer may be another one
   * @param family hears the families of which every prefix may have another answer
   */
  StatementTable next(
      List<ExportStatement> next, PrefixVisitor changed, Consumer<AddressFamily> family) {
    int start = 0;
    int before = statements.size();
    int after = next.size();
    while (start < before && start < after && same(statements.get(start), next.get(start))) {
      start++;
    }
    while (before > start
        && after > start
        && same(statements.get(before - 1), next.get(after - 1))) {
      before--;
      after--;
    }
    List<ExportStatement> old = statements.subList(start, before);
    List<ExportStatement> fresh = next.subList(start, after);
    Index reused = next.size() > SHORT ? index : null;
    if (inOrder(old, fresh)) {
      Map<String, ExportStatement> oldNames = byName(old);
      Map<String, ExportStatement> freshNames = byName(fresh);
      for (ExportStatement each : old) {
        ExportStatement now = freshNames.get(each.name());
        if (now == null) {
          remove(each, reused, changed, family);
        } else if (!same(each, now)) {
          change(each, now, reused, changed, family);
        }
      }
      fresh.stream()
          .filter(each -> !oldNames.containsKey(each.name()))
          .forEach(each -> add(each, reused, changed, family));
    } else {
      old.forEach(each -> remove(each, reused, changed, family));
      fresh.forEach(each -> add(each, reused, changed, family));
    }
    index = null;
    return next.size() > SHORT && reused == null ? of(next) : new StatementTable(next, reused);
  }

  private static boolean same(ExportStatement one, ExportStatement other) {
    return one == other || one.equals(other);
  }

  private static Map<String, ExportStatement> byName(List<ExportStatement> statements) {
    Map<String, ExportStatement> names = new LinkedHashMap<>();
    statements.forEach(each -> names.put(each.name(), each));
    return names;
  }

  /** Whether names are unique and those that both have come in the same order. */
  private static boolean inOrder(List<ExportStatement> old, List<ExportStatement> fresh) {
    Set<String> oldNames = byName(old).keySet();
    Set<String> freshNames = byName(fresh).keySet();
    return oldNames.size() == old.size()
        && freshNames.size() == fresh.size()
        && oldNames.stream()
            .filter(freshNames::contains)
            .toList()
            .equals(freshNames.stream().filter(oldNames::contains).toList());
  }

  private static void change(
      ExportStatement old,
      ExportStatement fresh,
      @Nullable Index index,
      PrefixVisitor changed,
      Consumer<AddressFamily> family) {
    if (!old.attributes().equals(fresh.attributes())) {
      remove(old, index, changed, family);
      add(fresh, index, changed, family);
      return;
    }
    if (!old.families().equals(fresh.families())) {
      Set.of(AddressFamily.values()).stream()
          .filter(each -> old.families().contains(each) != fresh.families().contains(each))
          .forEach(family);
    }
    var entry = new Entry(fresh.attributes());
    PrefixSet.diff(
        old.prefixes(),
        fresh.prefixes(),
        new PrefixDifference() {
          @Override
          public void removed(AddressFamily of, long high, long low, int length) {
            changed.visit(of, high, low, length);
            if (index != null) {
              index.remove(of, high, low, length);
            }
          }

          @Override
          public void added(AddressFamily of, long high, long low, int length) {
            changed.visit(of, high, low, length);
            if (index != null) {
              index.add(entry, of, high, low, length);
            }
          }
        });
  }

  private static void remove(
      ExportStatement statement,
      @Nullable Index index,
      PrefixVisitor changed,
      Consumer<AddressFamily> family) {
    statement.families().forEach(family);
    statement
        .prefixes()
        .forEach((of, high, low, length) -> {
          changed.visit(of, high, low, length);
          if (index != null) {
            index.remove(of, high, low, length);
          }
        });
  }

  private static void add(
      ExportStatement statement,
      @Nullable Index index,
      PrefixVisitor changed,
      Consumer<AddressFamily> family) {
    statement.families().forEach(family);
    statement.prefixes().forEach(changed);
    if (index != null) {
      index.add(statement);
    }
  }
}
