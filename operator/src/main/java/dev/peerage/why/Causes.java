package dev.peerage.why;

import dev.peerage.why.Explanation.Announced;
import dev.peerage.why.Explanation.Cause;
import dev.peerage.why.Explanation.Row;
import dev.peerage.why.Explanation.Standing;
import dev.peerage.why.Explanation.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Collects rows and what keeps each of them, every cause once. */
final class Causes {
  private final List<Row> rows = new ArrayList<>();
  private final Map<Key, Found> found = new LinkedHashMap<>();
  private boolean failing;

  /** A cause is the same on all nodes, whichever the next command is. */
  private record Key(Link link, String what, String remedy) {
    static Key of(Reason reason) {
      return new Key(reason.link(), reason.what(), reason.remedy());
    }
  }

  private record Found(int number, Reason reason, boolean byDesign, Set<String> places) {}

  /** What keeps all of it, on every node. */
  void everywhere(Reason reason) {
    boolean _ = number(reason, false) > 0;
  }

  private int number(Reason reason, boolean byDesign) {
    return found
        .computeIfAbsent(
            Key.of(reason),
            _ -> new Found(found.size() + 1, reason, byDesign, new LinkedHashSet<>()))
        .number();
  }

  /** A peer that has the route. */
  void announced(String node, String peer, String prefix, String since) {
    rows.add(new Row(node, peer, prefix, Announced.YES, since, null));
  }

  /**
   * A peer that has it not.
   *
   * @param byDesign whether nothing is wrong with that where others have it
   */
  void missing(
      String node, String peer, String prefix, String since, Reason reason, boolean byDesign) {
    add(new Row(node, peer, prefix, Announced.NO, since, number(reason, byDesign)), reason);
  }

  /** A node that does not say. */
  void unknown(String node, Reason reason) {
    failing = true;
    add(new Row(node, "", "", Announced.UNKNOWN, "", number(reason, false)), reason);
  }

  private void add(Row row, Reason reason) {
    rows.add(row);
    Optional.ofNullable(found.get(Key.of(reason)))
        .ifPresent(each ->
            each.places()
                .add(row.peer().isEmpty() ? row.node() : row.node() + " to " + row.peer()));
  }

  /** Something that is to be announced is not. */
  void fails() {
    failing = true;
  }

  boolean isEmpty() {
    return rows.isEmpty() && found.isEmpty();
  }

  /** Whether any peer has it. */
  boolean some() {
    return rows.stream().anyMatch(each -> each.announced() == Announced.YES);
  }

  boolean broken() {
    return failing || !some();
  }

  /** By node. */
  List<Row> rows() {
    return rows.stream().sorted(Comparator.comparing(Row::node)).toList();
  }

  List<Cause> causes() {
    boolean some = some();
    return found.values().stream()
        .map(each -> new Cause(each.reason(), some && each.byDesign(), List.copyOf(each.places())))
        .toList();
  }

  /** All links; behind one that breaks for all nothing is known. */
  List<Step> chain() {
    boolean some = some();
    Set<Link> broken =
        causes().stream()
            .filter(each -> !each.harmless())
            .map(each -> each.reason().link())
            .collect(Collectors.toSet());
    List<Step> steps = new ArrayList<>();
    boolean reached = true;
    for (Link link : Link.values()) {
      if (broken.contains(link)) {
        steps.add(new Step(link, Standing.BROKEN));
        reached = some;
      } else {
        steps.add(new Step(link, reached ? Standing.OK : Standing.NOT_REACHED));
      }
    }
    return steps;
  }
}
