package dev.peerage.lint;

import dev.peerage.lint.Finding.Place;
import dev.peerage.lint.Finding.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that was found.
 *
 * @param groups the findings, those that say the same of several objects as one; the worst first,
 *     then by place
 * @param objects how many objects were looked at
 * @param others how many were read that say nothing about BGP
 * @param suppressed how many findings comments or options suppress
 */
public record Findings(List<Group> groups, int objects, int others, int suppressed) {
  /**
   * Findings that differ only in the place.
   *
   * @param first the one at the first place
   * @param places all places, in order
   */
  public record Group(Finding first, List<Place> places) {
    public Group {
      places = List.copyOf(places);
    }

    /** How many findings these are. */
    public int size() {
      return places.size();
    }
  }

  /** What findings of a group have in common. */
  private record Same(
      FindingCode code, Severity severity, String what, String remedy, String instead) {
    static Same of(Finding finding) {
      return new Same(
          finding.code(), finding.severity(), finding.what(), finding.remedy(), finding.instead());
    }
  }

  private static final Comparator<Place> BY_PLACE =
      Comparator.comparing(Place::file)
          .thenComparing(Place::line)
          .thenComparing(Place::object)
          .thenComparing(Place::field);

  public Findings {
    groups = List.copyOf(groups);
  }

  /** Groups and sorts findings. */
  static Findings of(List<Finding> findings, int objects, int others, int suppressed) {
    Map<Same, List<Finding>> same = new LinkedHashMap<>();
    findings.stream()
        .distinct()
        .sorted(Comparator.comparing(Finding::place, BY_PLACE))
        .forEach(each -> same.computeIfAbsent(Same.of(each), _ -> new ArrayList<>()).add(each));
    List<Group> groups =
        same.values().stream()
            .map(all -> new Group(all.getFirst(), all.stream().map(Finding::place).toList()))
            .sorted(Comparator.comparing(group -> group.first().severity()))
            .toList();
    return new Findings(groups, objects, others, suppressed);
  }

  /** Those of a severity. */
  public List<Group> of(Severity severity) {
    return groups.stream().filter(group -> group.first().severity() == severity).toList();
  }

  /** How many findings there are of a severity, each place counted. */
  public int count(Severity severity) {
    return of(severity).stream().mapToInt(Group::size).sum();
  }
}
