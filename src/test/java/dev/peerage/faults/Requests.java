package dev.peerage.faults;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What became of the requests to one target.
 *
 * @param asked how many there were
 * @param lost how many of them were lost, by what happened to them
 */
record Requests(int asked, Map<String, Integer> lost) {
  static final Requests NONE = new Requests(0, Map.of());

  private static final Pattern LINE = Pattern.compile("(\\S+) (ok|lost (.+))");

  /** Of the lines of {@code cluster/probe}, by target, in the order of their first lines. */
  static Map<String, Requests> of(List<String> lines) {
    Map<String, Requests> all = new LinkedHashMap<>();
    for (String line : lines) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw new IllegalArgumentException("no line of a probe: " + line);
      }
      String why = matcher.group(3);
      all.merge(
          matcher.group(1),
          new Requests(1, why == null ? Map.of() : Map.of(why, 1)),
          Requests::plus);
    }
    return all;
  }

  private Requests plus(Requests other) {
    Map<String, Integer> sum = new TreeMap<>(lost);
    other.lost.forEach((why, times) -> sum.merge(why, times, Integer::sum));
    return new Requests(asked + other.asked, sum);
  }

  int lostInAll() {
    return lost.values().stream().mapToInt(Integer::intValue).sum();
  }
}
