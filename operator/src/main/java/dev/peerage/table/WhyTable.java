package dev.peerage.table;

import dev.peerage.why.Explanation;
import dev.peerage.why.Explanation.Announced;
import dev.peerage.why.Explanation.Cause;
import dev.peerage.why.Explanation.Row;
import dev.peerage.why.Explanation.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The text of {@code peerage why}. */
public final class WhyTable {
  private static final int PLACES = 6;
  private static final List<String> HEADER =
      List.of("Node", "Peer", "Prefix", "Announced", "Since", "Because");

  private WhyTable() {}

  /** Subject, table, causes, chain, what is heard and what changed. */
  public static String of(Explanation why) {
    var text = new StringBuilder();
    why.subject().forEach(line -> text.append(line).append('\n'));
    why.summary().forEach(line -> text.append(line).append('\n'));
    if (!why.rows().isEmpty()) {
      separate(text)
          .append(
              Columns.layout(
                  HEADER, why.rows().stream().map(each -> cells(each, why.causes())).toList()));
    }
    for (int i = 0; i < why.causes().size(); i++) {
      cause(separate(text), i + 1, why.causes().get(i));
    }
    separate(text)
        .append("Chain: ")
        .append(
            why.chain().stream()
                .map(each -> each.link().text() + " " + word(each.standing()))
                .collect(Collectors.joining(" > ")))
        .append('\n');
    why.heard().forEach(line -> text.append(line).append('\n'));
    if (!why.changes().isEmpty()) {
      separate(text).append("Last changes:\n");
      why.changes().forEach(line -> text.append("  ").append(line).append('\n'));
    }
    why.notes().forEach(line -> text.append("Note: ").append(line).append('\n'));
    return text.toString();
  }

  private static StringBuilder separate(StringBuilder text) {
    return text.isEmpty() ? text : text.append('\n');
  }

  private static List<String> cells(Row row, List<Cause> causes) {
    Integer cause = row.cause();
    return List.of(
        row.node(),
        row.peer().isEmpty() ? "-" : row.peer(),
        row.prefix().isEmpty() ? "-" : row.prefix(),
        word(row.announced()),
        row.since().isEmpty() ? "-" : row.since().replaceFirst("\\.\\d+Z$", "Z"),
        cause == null ? "" : "(" + cause + ") " + causes.get(cause - 1).reason().link().text());
  }

  private static void cause(StringBuilder text, int number, Cause cause) {
    text.append('(')
        .append(number)
        .append(") ")
        .append(cause.reason().link().text())
        .append(cause.harmless() ? ", by design: " : ": ")
        .append(cause.reason().what())
        .append('\n');
    if (!cause.places().isEmpty()) {
      line(text, "on", places(cause.places()));
    }
    line(text, "remedy", cause.reason().remedy());
    if (!cause.reason().next().isEmpty()) {
      line(text, "next", cause.reason().next());
    }
  }

  private static String places(List<String> places) {
    List<String> some = new ArrayList<>(places.stream().limit(PLACES).toList());
    return String.join(", ", some)
        + (places.size() > PLACES ? " and %d more".formatted(places.size() - PLACES) : "");
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("    ").append("%-7s".formatted(name)).append(value).append('\n');
  }

  private static String word(Announced announced) {
    return switch (announced) {
      case YES -> "yes";
      case NO -> "no";
      case UNKNOWN -> "unknown";
    };
  }

  private static String word(Standing standing) {
    return switch (standing) {
      case OK -> "ok";
      case BROKEN -> "BROKEN";
      case NOT_REACHED -> "?";
    };
  }
}
