package dev.peerage.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A row of the table: a fault, and what it did.
 *
 * @param name the fault's
 * @param whole the next hops that each prefix must have
 * @param changes what the router's kernel told of its routes meanwhile
 * @param requests what became of the requests, by target
 * @param stale what the router was left with at the end though nobody stands for it
 * @param broken what the fault's own rules found wrong, such as a Service that was never announced
 * @param remarks what a reader wants to know besides
 */
record Row(
    String name,
    Map<String, Set<String>> whole,
    List<RouteChange> changes,
    Map<String, Requests> requests,
    List<String> stale,
    List<String> broken,
    List<String> remarks) {
  static final String HEAD =
      """
      | row | routes missing | requests lost | stale left | remarks | verdict |
      |---|--:|--:|--:|---|---|
      """;

  /**
   * What a fault takes whoever announces the routes; nothing else may be lost.
   *
   * @param nextHops the next hops that routes may lack
   * @param targets those whose requests may be lost
   */
  record Toll(Set<String> nextHops, Set<String> targets) {
    static final Toll NONE = new Toll(Set.of(), Set.of());

    private Map<String, Set<String>> spare(Map<String, Set<String>> whole) {
      Map<String, Set<String>> left = new HashMap<>();
      whole.forEach((prefix, all) -> {
        Set<String> others = new HashSet<>(all);
        others.removeAll(nextHops);
        left.put(prefix, others);
      });
      return left;
    }
  }

  /** What the router's forwarding table lacked, toll or not. */
  Missing missing() {
    return Missing.of(whole, changes);
  }

  /** How many requests to a target were lost. */
  int lost(String target) {
    return requests.getOrDefault(target, Requests.NONE).lostInAll();
  }

  /** What is wrong: nothing, for a row that is clean. */
  List<String> faults(Toll toll) {
    List<String> faults = new ArrayList<>(broken);
    Missing missing = Missing.of(toll.spare(whole), changes);
    if (!missing.none()) {
      faults.add("the router missed next hops of " + new TreeSet<>(missing.routes()));
    }
    requests.forEach((target, result) -> {
      if (result.lostInAll() > 0 && !toll.targets().contains(target)) {
        faults.add(
            "%s lost %d of %d requests: %s"
                .formatted(target, result.lostInAll(), result.asked(), result.lost()));
      }
      if (result.asked() == 0) {
        faults.add(target + " was never asked");
      }
    });
    stale.forEach(route -> faults.add("left at the router: " + route));
    return faults;
  }

  /** As a row of a Markdown table. */
  String markdown(Toll toll) {
    String lost =
        requests.values().stream()
            .map(result -> String.valueOf(result.lostInAll()))
            .collect(Collectors.joining("/"));
    int asked = requests.values().stream().mapToInt(Requests::asked).max().orElse(0);
    List<String> faults = faults(toll);
    List<String> told = new ArrayList<>(remarks);
    requests.forEach((target, result) -> {
      if (result.lostInAll() > 0 && toll.targets().contains(target)) {
        told.add(target + " " + result.lost());
      }
    });
    Missing missing = missing();
    return "| %s | %s | %s of %d | %d | %s | %s |\n"
        .formatted(
            name,
            missing.none()
                ? "0"
                : String.format(Locale.ROOT, "%.1f s", missing.time().toMillis() / 1000.0),
            lost,
            asked,
            stale.size(),
            cell(String.join("; ", told)),
            faults.isEmpty() ? "clean" : "**not clean**: " + cell(String.join("; ", faults)));
  }

  private static String cell(String text) {
    return text.replace('\n', ' ').replace("|", "\\|");
  }
}
