package dev.peerage.why;

import dev.peerage.why.Explanation.Announced;
import dev.peerage.why.Explanation.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What rows and answers say in sentences. Pure. */
final class Tellings {
  private static final int CHANGES = 10;
  private static final int HEARD = 20;

  private final List<Row> rows;
  private final SortedMap<String, WhyAnswer> answers;

  Tellings(List<Row> rows, SortedMap<String, WhyAnswer> answers) {
    this.rows = rows;
    this.answers = answers;
  }

  /** For each prefix how many nodes announce it, on how many sessions. */
  List<String> summary() {
    long nodes = rows.stream().map(Row::node).distinct().count();
    Map<String, List<Row>> byPrefix =
        rows.stream()
            .filter(each -> !each.prefix().isEmpty())
            .collect(Collectors.groupingBy(Row::prefix, TreeMap::new, Collectors.toList()));
    return byPrefix.entrySet().stream()
        .map(each -> {
          List<Row> yes =
              each.getValue().stream().filter(row -> row.announced() == Announced.YES).toList();
          return "%s is announced by %d of %d nodes, on %d of %d sessions"
              .formatted(
                  each.getKey(),
                  yes.stream().map(Row::node).distinct().count(),
                  nodes,
                  yes.size(),
                  each.getValue().size());
        })
        .toList();
  }

  /** Who hears the announced prefixes back; where none is announced, who hears anything. */
  List<String> heard() {
    Set<String> announced = new TreeSet<>();
    rows.stream()
        .filter(each -> each.announced() == Announced.YES)
        .forEach(each -> announced.add(each.prefix()));
    List<String> lines = new ArrayList<>();
    if (announced.isEmpty()) {
      answers.forEach((node, answer) ->
          answer.heard().forEach(each -> lines.add(node + " hears " + each.prefix() + from(each))));
      return lines.stream().limit(HEARD).toList();
    }
    for (String prefix : announced) {
      List<String> by = new ArrayList<>();
      answers.forEach((node, answer) ->
          answer.heard().stream()
              .filter(each -> each.prefix().equals(prefix))
              .forEach(each -> by.add(node + from(each))));
      lines.add(
          by.isEmpty()
              ? prefix
                  + " is heard back by no node, which proves nothing: not every router sends a route"
                  + " back to the AS that it came from"
              : prefix
                  + " is heard back by "
                  + by.stream().limit(HEARD).collect(Collectors.joining("; "))
                  + (by.size() > HEARD ? " and %d more".formatted(by.size() - HEARD) : ""));
    }
    return lines;
  }

  private static String from(WhyAnswer.Heard heard) {
    return " from %s (AS path %s, next hop %s)"
        .formatted(heard.peerAddress(), heard.asPath(), heard.nextHop());
  }

  /** The last changes of all nodes, the newest first. */
  List<String> changes() {
    List<String> lines = new ArrayList<>();
    answers.forEach((node, answer) ->
        answer
            .changes()
            .forEach(each ->
                lines.add(
                    "%s %s to %s: %s%s"
                        .formatted(
                            each.time(),
                            node,
                            each.peer(),
                            each.prefix() == null ? "" : each.prefix() + " ",
                            each.what()))));
    return lines.stream().sorted(Comparator.reverseOrder()).limit(CHANGES).toList();
  }

  /** What the agents left off. */
  List<String> leftOff() {
    return answers.entrySet().stream()
        .filter(each -> each.getValue().leftOff() > 0)
        .map(each ->
            "node %s left %d routes off: ask about a single address"
                .formatted(each.getKey(), each.getValue().leftOff()))
        .toList();
  }
}
