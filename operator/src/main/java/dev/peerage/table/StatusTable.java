package dev.peerage.table;

import dev.peerage.why.ClusterStatus;
import dev.peerage.why.ClusterStatus.Pool;
import dev.peerage.why.ClusterStatus.Trouble;
import java.util.List;
import java.util.stream.Collectors;

/** The text of {@code peerage status}: one screen. */
public final class StatusTable {
  private static final int TROUBLES = 20;
  private static final int PLACES = 6;

  private StatusTable() {}

  /** Counts, pools, and problems with their next step. */
  public static String of(ClusterStatus status) {
    var text = new StringBuilder();
    line(
        text,
        "nodes",
        "%d of %d run BGP, %d agents answer"
            .formatted(status.selected(), status.nodes(), status.agents()));
    line(
        text, "sessions", "%d of %d established".formatted(status.sessionsUp(), status.sessions()));
    line(text, "routes", "%d of %d on the wire".formatted(status.sent(), status.wanted()));
    line(
        text,
        "services",
        "%d of %d of type LoadBalancer have an address"
            .formatted(status.addressed(), status.services()));
    line(
        text,
        "pools",
        status.pools().isEmpty()
            ? "none"
            : status.pools().stream().map(StatusTable::pool).collect(Collectors.joining(", ")));
    text.append('\n');
    if (!status.isBroken()) {
      text.append("No problem found.\n");
    }
    status.problems().stream().limit(TROUBLES).forEach(each -> trouble(text, each));
    if (status.problems().size() > TROUBLES) {
      text.append(
          "and %d more problems: -o json has all\n".formatted(status.problems().size() - TROUBLES));
    }
    status.notes().forEach(each -> text.append("Note: ").append(each).append('\n'));
    return text.toString();
  }

  private static String pool(Pool pool) {
    return "%s %s/%s used%s"
        .formatted(
            pool.name(),
            pool.used(),
            pool.total(),
            pool.state().equals("ok") ? "" : " (" + pool.state() + ")");
  }

  private static void trouble(StringBuilder text, Trouble trouble) {
    List<String> where = trouble.where();
    text.append("- ")
        .append(where.stream().limit(PLACES).collect(Collectors.joining(", ")))
        .append(where.size() > PLACES ? " and %d more".formatted(where.size() - PLACES) : "")
        .append(": ")
        .append(trouble.what())
        .append('\n');
    if (!trouble.next().isEmpty()) {
      text.append("    next: ").append(trouble.next()).append('\n');
    }
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("%-10s".formatted(name)).append(value).append('\n');
  }
}
