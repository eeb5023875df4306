package dev.peerage.table;

import dev.peerage.http.RoutesAnswer;
import dev.peerage.http.RoutesAnswer.Route;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** The tables of {@code peerage routes}. */
public final class RoutesTable {
  private RoutesTable() {}

  private static final Column VROUTER =
      new Column("VRouter", route -> Long.toString(route.localASN()));
  private static final Column PEER = new Column("Peer", RoutesTable::peer);
  private static final Column FATE = new Column("Selection", Route::fate);
  private static final List<Column> COMMON =
      List.of(
          new Column("Prefix", Route::prefix),
          new Column("NextHop", Route::nextHop),
          new Column("Age", route -> GoDuration.ofSeconds(route.ageSeconds())),
          new Column("Attrs", Route::attributes));

  private record Column(String name, Function<Route, String> value) {}

  /**
   * What the nodes have: {@code routes available}.
   *
   * @param routes by node name
   */
  public static String available(Map<String, RoutesAnswer> routes) {
    return of(routes, List.of(VROUTER));
  }

  /**
   * What the peers were sent: {@code routes advertised}.
   *
   * @param routes by node name
   */
  public static String advertised(Map<String, RoutesAnswer> routes) {
    return of(routes, List.of(VROUTER, PEER));
  }

  /**
   * What the peers sent, and whether it may be used: {@code routes received}.
   *
   * @param routes by node name
   */
  public static String received(Map<String, RoutesAnswer> routes) {
    return of(routes, List.of(VROUTER, PEER, FATE));
  }

  private static String of(Map<String, RoutesAnswer> routes, List<Column> first) {
    List<Column> columns = Stream.concat(first.stream(), COMMON.stream()).toList();
    List<String> header = new ArrayList<>(List.of("Node"));
    columns.forEach(column -> header.add(column.name));
    List<List<String>> rows = new ArrayList<>();
    new TreeMap<>(routes)
        .forEach((node, answer) -> {
          String name = node;
          for (Route route : sorted(answer)) {
            List<String> row = new ArrayList<>(List.of(name));
            columns.forEach(column -> row.add(column.value.apply(route)));
            rows.add(row);
            name = "";
          }
        });
    return Columns.layout(header, rows);
  }

  // Within a peer the order is the looking glass's: by prefix, as numbers.
  private static List<Route> sorted(RoutesAnswer answer) {
    return answer.routes().stream()
        .sorted(Comparator.comparingLong(Route::localASN).thenComparing(RoutesTable::peer))
        .toList();
  }

  private static String peer(Route route) {
    String address = route.peerAddress();
    return address == null ? "" : address;
  }
}
