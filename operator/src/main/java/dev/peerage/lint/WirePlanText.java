package dev.peerage.lint;

import dev.peerage.bgp.wire.Prefix;
import dev.peerage.lint.SpeakerChanges.Route;
import dev.peerage.lint.SpeakerChanges.Session;
import dev.peerage.lint.WirePlan.AddressChange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Says in words what changes on the wire. */
final class WirePlanText {
  private static final int NODES = 4;
  private static final int PREFIXES = 6;
  private static final int LINES = 40;

  private final WirePlan plan;
  private final List<String> lines = new ArrayList<>();

  WirePlanText(WirePlan plan) {
    this.plan = plan;
  }

  List<String> lines() {
    part("addresses", plan.addresses().stream().map(WirePlanText::words).toList());
    part("sessions", alike(node -> node.sessions().stream().map(WirePlanText::words).toList()));
    part("routes", alike(WirePlanText::routes));
    lines.add(summary());
    return lines;
  }

  private void part(String title, List<String> words) {
    if (words.isEmpty()) {
      return;
    }
    lines.add(title + ":");
    words.stream().limit(LINES).forEach(line -> lines.add("  " + line));
    if (words.size() > LINES) {
      lines.add("  and %d more; -o json has them all".formatted(words.size() - LINES));
    }
  }

  private static String words(AddressChange change) {
    String before = String.join(", ", change.before());
    String after = String.join(", ", change.after());
    if (before.isEmpty()) {
      return "Service %s gets %s".formatted(change.service(), after);
    }
    return after.isEmpty()
        ? "Service %s gives back %s".formatted(change.service(), before)
        : "Service %s moves from %s to %s".formatted(change.service(), before, after);
  }

  private static String words(Session session) {
    String to = session.instance() + "/" + session.peer();
    String why = session.why().isEmpty() ? "" : ": " + session.why();
    return switch (session.effect()) {
      case OPENS -> "opens a session to " + to;
      case ENDS -> "ends the session to " + to;
      case RESETS -> "resets the session to " + to + why;
      case RESETS_AND_DROPS -> "resets the session to " + to + ", which drops its routes" + why;
      case REPLACED -> "ends the session to " + to + " and opens another" + why;
    };
  }

  private static List<String> routes(SpeakerChanges node) {
    List<String> words = new ArrayList<>();
    routes("announces", "to", node.announced(), words);
    routes("withdraws", "from", node.withdrawn(), words);
    routes("announces with other attributes", "to", node.altered(), words);
    return words;
  }

  private static void routes(String does, String of, List<Route> routes, List<String> words) {
    Map<String, List<Prefix>> byPeer = new TreeMap<>();
    for (Route route : routes) {
      byPeer
          .computeIfAbsent(route.instance() + "/" + route.peer(), _ -> new ArrayList<>())
          .add(route.prefix());
    }
    byPeer.forEach((peer, prefixes) -> {
      String some =
          String.join(", ", prefixes.stream().limit(PREFIXES).map(String::valueOf).toList());
      String more =
          prefixes.size() > PREFIXES ? " and %d more".formatted(prefixes.size() - PREFIXES) : "";
      words.add("%s %s%s %s %s".formatted(does, some, more, of, peer));
    });
  }

  /** What nodes do, those that do the same together. */
  private List<String> alike(Function<SpeakerChanges, List<String>> of) {
    Map<String, List<String>> nodes = new LinkedHashMap<>();
    plan.nodes()
        .forEach((node, changes) ->
            of.apply(changes)
                .forEach(line -> nodes.computeIfAbsent(line, _ -> new ArrayList<>()).add(node)));
    return nodes.entrySet().stream()
        .map(each -> named(each.getValue()) + ": " + each.getKey())
        .toList();
  }

  private static String named(List<String> nodes) {
    String some = String.join(", ", nodes.subList(0, Math.min(nodes.size(), NODES)));
    return nodes.size() == 1
        ? "node " + some
        : "%d nodes (%s%s)".formatted(nodes.size(), some, nodes.size() > NODES ? ", …" : "");
  }

  private String summary() {
    if (plan.isEmpty()) {
      return "nothing changes on the wire";
    }
    long announced = plan.nodes().values().stream().mapToInt(it -> it.announced().size()).sum();
    long withdrawn = plan.nodes().values().stream().mapToInt(it -> it.withdrawn().size()).sum();
    long altered = plan.nodes().values().stream().mapToInt(it -> it.altered().size()).sum();
    long moved =
        plan.addresses().stream()
            .filter(each -> !each.before().isEmpty() && !each.after().isEmpty())
            .count();
    List<String> words = new ArrayList<>();
    words.add(
        plan.resets() == 0 && plan.ends() == 0
            ? "no session resets"
            : counted(plan.resets(), "session") + " reset, " + plan.ends() + " end");
    words.add(
        "%s announced, %d withdrawn, %d with other attributes"
            .formatted(counted(announced, "route"), withdrawn, altered));
    words.add(
        moved == 0
            ? "no address moves"
            : counted(moved, "address") + (moved == 1 ? " moves" : " move"));
    return String.join("; ", words);
  }

  private static String counted(long count, String word) {
    return count + " " + word + (count == 1 ? "" : word.endsWith("s") ? "es" : "s");
  }
}
