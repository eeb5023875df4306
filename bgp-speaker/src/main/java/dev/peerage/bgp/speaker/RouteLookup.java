package dev.peerage.bgp.speaker;

import dev.peerage.bgp.rib.Route;
import dev.peerage.bgp.rib.RouteReader;
import dev.peerage.bgp.transport.Tasks;
import dev.peerage.bgp.wire.Prefix;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** The routes to one prefix, however large the table is. */
final class RouteLookup {
  private RouteLookup() {}

  /**
   * Looks a prefix up, and the wider ones around it until one has routes.
   *
   * @param shortest the length of the widest prefix that is looked up; that of the prefix: only it
   */
  static CompletableFuture<List<RouteView>> of(
      Tasks tasks,
      Instances instances,
      String instance,
      RouteTable table,
      Prefix prefix,
      int shortest) {
    CompletableFuture<List<Route>> routes = new CompletableFuture<>();
    try {
      tasks.execute(() -> {
        try {
          routes.complete(
              instances
                  .find(instance)
                  .map(each -> RouteViews.read(each.rib(), table, prefix.family()))
                  .map(reader -> longest(reader, prefix, shortest))
                  .orElse(List.of()));
        } catch (RuntimeException | Error e) {
          routes.completeExceptionally(e);
        }
      });
    } catch (RejectedExecutionException e) {
      routes.completeExceptionally(new IllegalStateException("the speaker is closed", e));
    }
    return routes.thenApplyAsync(found -> found.stream().map(RouteViews::view).toList());
  }

  private static List<Route> longest(RouteReader reader, Prefix prefix, int shortest) {
    for (int length = prefix.length(); length >= shortest; length--) {
      List<Route> routes =
          reader.routes(new Prefix(prefix.family(), prefix.high(), prefix.low(), length));
      if (!routes.isEmpty()) {
        return routes;
      }
    }
    return List.of();
  }
}
