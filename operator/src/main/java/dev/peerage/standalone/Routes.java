package dev.peerage.standalone;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.ExportStatement;
import dev.peerage.bgp.export.ExportStatement.Attributes;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.wire.LargeCommunity;
import dev.peerage.bgp.wire.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an instance originates, by attributes. A prefix that is named alone has its own attributes
 * also inside a range.
 */
final class Routes {
  private static final Set<String> KEYS =
      Set.of("prefix", "prefixes", "communities", "largeCommunities", "localPreference");

  private final Map<Attributes, Set<Prefix>> single = new LinkedHashMap<>();
  private final Map<Attributes, List<PrefixRange>> ranges = new LinkedHashMap<>();

  private Routes() {}

  static Routes read(Section instance) {
    var routes = new Routes();
    Set<Prefix> seen = new HashSet<>();
    List<PrefixRange> before = new ArrayList<>();
    // One object per set of attributes, however many routes have it.
    Map<Attributes, Attributes> shared = new HashMap<>();
    for (Section entry : instance.sections("routes", KEYS)) {
      Attributes read = attributes(entry);
      Attributes attributes = shared.computeIfAbsent(read, same -> same);
      if (entry.has("prefix") == entry.has("prefixes")) {
        entry.problem(
            "prefix",
            entry.has("prefix") ? "prefixes is there too" : "is missing",
            "write either prefix: 10.1.0.0/24 or prefixes: {base: 10.2.0.0/32, count: 1000}");
        continue;
      }
      if (entry.has("prefix")) {
        entry
            .value("prefix", PrefixRange::prefix, "write for example 10.1.0.0/24")
            .ifPresent(prefix -> {
              if (seen.add(prefix)) {
                routes.single.computeIfAbsent(attributes, _ -> new HashSet<>()).add(prefix);
              } else {
                entry.problem("prefix", prefix + " is there twice", "remove one of the two");
              }
            });
      } else {
        PrefixRange.read(entry)
            .ifPresent(range -> {
              if (before.stream().anyMatch(range::overlaps)) {
                entry.problem(
                    "prefixes", "overlaps another list of prefixes", "let each prefix be in one");
              } else {
                before.add(range);
                routes.ranges.computeIfAbsent(attributes, _ -> new ArrayList<>()).add(range);
              }
            });
      }
    }
    return routes;
  }

  private static Attributes attributes(Section entry) {
    return new Attributes(
        entry.number("localPreference", 0, 0xffff_ffffL, Attributes.DEFAULT.localPreference()),
        entry.values(
            "communities",
            Communities::standard,
            "write two numbers from 0 to 65535, for example \"65000:1\", or a name such as"
                + " no-export"),
        entry.values(
            "largeCommunities",
            LargeCommunity::parse,
            "write three numbers from 0 to 4294967295, for example \"65000:1:1\""));
  }

  PrefixSet prefixes() {
    List<PrefixSet> sets = new ArrayList<>();
    single.values().forEach(prefixes -> sets.add(PrefixSet.of(prefixes)));
    ranges.values().forEach(list -> list.forEach(range -> sets.add(range.prefixes())));
    return union(sets);
  }

  /** Exports all of them, each with its attributes. */
  ExportPolicy exportPolicy() {
    List<ExportStatement> statements = new ArrayList<>();
    single.forEach((attributes, prefixes) ->
        statements.add(statement(statements.size(), PrefixSet.of(prefixes), attributes)));
    ranges.forEach((attributes, list) ->
        statements.add(
            statement(
                statements.size(),
                union(list.stream().map(PrefixRange::prefixes).toList()),
                attributes)));
    return new ExportPolicy.Statements("routes", statements);
  }

  private static ExportStatement statement(int number, PrefixSet prefixes, Attributes attributes) {
    return new ExportStatement("routes-" + number, prefixes, attributes);
  }

  private static PrefixSet union(List<PrefixSet> sets) {
    if (sets.size() == 1) {
      return sets.getFirst();
    }
    List<Prefix> all = new ArrayList<>();
    sets.forEach(all::addAll);
    return PrefixSet.of(all);
  }
}
