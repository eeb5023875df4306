package dev.peerage.table;

import dev.peerage.http.VersionAnswer;
import java.util.List;
import java.util.Map;

/** The text of {@code peerage version}. */
public final class VersionsTable {
  private VersionsTable() {}

  /** A row per agent; told whether the runtimes are to be shown too. */
  public static String of(Map<String, VersionAnswer> agents, boolean wide) {
    List<List<String>> rows =
        agents.entrySet().stream()
            .map(each ->
                wide
                    ? List.of(each.getKey(), each.getValue().version(), each.getValue().java())
                    : List.of(each.getKey(), each.getValue().version()))
            .toList();
    return Columns.layout(wide ? List.of("Node", "Agent", "Java") : List.of("Node", "Agent"), rows);
  }
}
