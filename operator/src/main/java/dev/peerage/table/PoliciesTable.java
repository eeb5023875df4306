package dev.peerage.table;

import dev.peerage.http.PoliciesAnswer;
import dev.peerage.http.PoliciesAnswer.Policy;
import dev.peerage.http.PoliciesAnswer.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The table of {@code peerage route-policies}: one row per statement. */
public final class PoliciesTable {
  private static final List<String> HEADER =
      List.of(
          "Node",
          "VRouter",
          "Policy Name",
          "Type",
          "Match Peers",
          "Match Families",
          "Match Prefixes (Min..Max Len)",
          "RIB Action",
          "Path Actions");

  private PoliciesTable() {}

  /**
   * Sorts by node; repeated cells stay blank.
   *
   * @param policies by node name
   */
  public static String of(Map<String, PoliciesAnswer> policies) {
    List<List<String>> rows = new ArrayList<>();
    new TreeMap<>(policies)
        .forEach((node, answer) -> {
          String name = node;
          for (Policy policy : answer.policies()) {
            boolean first = true;
            for (Statement statement : policy.statements()) {
              rows.add(
                  List.of(
                      name,
                      first ? Long.toString(policy.localASN()) : "",
                      first ? policy.name() : "",
                      first ? policy.type() : "",
                      String.join(", ", statement.peers()),
                      "",
                      String.join(
                          ", ", statement.prefixes().stream().map(PoliciesTable::range).toList()),
                      statement.action(),
                      pathActions(statement)));
              first = false;
              name = "";
            }
          }
        });
    return Columns.layout(HEADER, rows);
  }

  private static String range(String prefix) {
    String length = prefix.substring(prefix.indexOf('/') + 1);
    return prefix + " (" + length + ".." + length + ")";
  }

  private static String pathActions(Statement statement) {
    List<String> actions = new ArrayList<>();
    Long preference = statement.localPreference();
    if (preference != null) {
      actions.add("SetLocalPreference: " + preference);
    }
    if (!statement.communities().isEmpty()) {
      actions.add("AddCommunities: [" + String.join(" ", statement.communities()) + "]");
    }
    if (!statement.largeCommunities().isEmpty()) {
      actions.add("AddLargeCommunities: [" + String.join(" ", statement.largeCommunities()) + "]");
    }
    return actions.size() == 1
        ? actions.getFirst()
        : actions.stream().map(action -> "{" + action + "}").collect(Collectors.joining(" "));
  }
}
