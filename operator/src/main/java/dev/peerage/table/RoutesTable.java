package dev.peerage.table;

import dev.peerage.http.RoutesAnswer;
import dev.peerage.http.RoutesAnswer.Route;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The tables of {@code peerage routes}. */
public final class RoutesTable {
  private RoutesTable() {}

  /**
   * What the nodes have: {@code routes available}.
   *
   * @param routes by node name
   */
  public static String available(Map<String, RoutesAnswer> routes) {
    return of(routes, false);
  }

  /**
   * What the peers were sent: {@code routes advertised}.
   *
   * @param routes by node name
   */
  public static String advertised(Map<String, RoutesAnswer> routes) {
    return of(routes, true);
  }

  private static String of(Map<String, RoutesAnswer> routes, boolean withPeer) {
    List<String> header = new ArrayList<>(List.of("Node", "VRouter"));
    if (withPeer) {
      header.add("Peer");
    }
    header.addAll(List.of("Prefix", "NextHop", "Age", "Attrs"));
    List<List<String>> rows = new ArrayList<>();
    new TreeMap<>(routes)
        .forEach((node, answer) -> {
          String name = node;
          for (Route route : sorted(answer)) {
            List<String> row = new ArrayList<>(List.of(name, Long.toString(route.localASN())));
            if (withPeer) {
              row.add(peer(route));
            }
            row.addAll(
                List.of(
                    route.prefix(),
                    route.nextHop(),
                    GoDuration.ofSeconds(route.ageSeconds()),
                    route.attributes()));
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
