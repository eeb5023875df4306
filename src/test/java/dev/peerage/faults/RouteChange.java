package dev.peerage.faults;

import java.time.LocalDateTime;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The router's kernel has written or deleted a route.
 *
 * @param at when, by the router's clock
 * @param prefix its prefix, with a length
 * @param nextHops what it has from then on; none when it was deleted
 */
record RouteChange(LocalDateTime at, String prefix, Set<String> nextHops) {
  private static final Pattern LINE =
      Pattern.compile("\\[(\\S+)] (Deleted )?(?:[a-z]+ )?([0-9a-f:.]+)(/\\d+)? (.*)");
  private static final Pattern NEXT_HOP = Pattern.compile("\\bvia ([0-9a-f:.]+)");

  /** Of a line of {@code ip -ts -oneline monitor route}; empty when it tells of something else. */
  static Optional<RouteChange> parse(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String address = matcher.group(3);
    String length = matcher.group(4);
    if (length == null) {
      length = address.contains(":") ? "/128" : "/32";
    }
    Set<String> nextHops =
        matcher.group(2) != null
            ? Set.of()
            : NEXT_HOP
                .matcher(matcher.group(5))
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toUnmodifiableSet());
    return Optional.of(
        new RouteChange(LocalDateTime.parse(matcher.group(1)), address + length, nextHops));
  }
}
