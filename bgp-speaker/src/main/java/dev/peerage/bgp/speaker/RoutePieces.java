package dev.peerage.bgp.speaker;

import dev.peerage.bgp.rib.Rib;
import dev.peerage.bgp.rib.Route;
import dev.peerage.bgp.rib.RouteReader;
import dev.peerage.bgp.transport.Tasks;
import dev.peerage.bgp.wire.AddressFamily;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A table of routes, sorted by prefix, then best first, in pieces of some thousand that are made
 * when they are asked for. A prefix whose routes stay is in it once; one that comes, goes or
 * changes meanwhile once, as it is then, or not at all. Whoever has no more use for it just stops
 * asking.
 */
public final class RoutePieces {
  private final Tasks tasks;
  private final Instances instances;
  private final String instance;
  private final RouteTable table;
  private final AddressFamily family;

  // Owned by the event loop.
  private @Nullable Rib rib;
  private @Nullable RouteReader reader;

  RoutePieces(
      Tasks tasks, Instances instances, String instance, RouteTable table, AddressFamily family) {
    this.tasks = tasks;
    this.instances = instances;
    this.instance = instance;
    this.table = table;
    this.family = family;
  }

  /**
   * The next routes; none when that were all. To be called again only when the last answer is
   * there. Fails with {@link IllegalStateException} when the speaker is closed, and when the
   * instance has ended since the first piece.
   */
  public CompletableFuture<List<RouteView>> next() {
    CompletableFuture<List<Route>> routes = new CompletableFuture<>();
    try {
      tasks.execute(() -> advance(routes));
    } catch (RejectedExecutionException e) {
      routes.completeExceptionally(new IllegalStateException("the speaker is closed", e));
    }
    // Texts are made elsewhere: keepalives do not wait for them.
    return routes.thenApplyAsync(piece -> piece.stream().map(RouteViews::view).toList());
  }

  /** Goes on until there are routes, a slice per turn of the event loop. */
  private void advance(CompletableFuture<List<Route>> routes) {
    try {
      RouteReader now = reader();
      List<Route> piece = now.next();
      if (!piece.isEmpty() || now.isDone()) {
        routes.complete(piece);
      } else {
        // As a timer, so that the loop looks at its sockets in between.
        tasks.schedule(() -> advance(routes), Duration.ZERO);
      }
    } catch (RuntimeException | Error e) {
      routes.completeExceptionally(e);
    }
  }

  private RouteReader reader() {
    Optional<Rib> found = instances.find(instance).map(Instance::rib);
    if (reader == null) {
      rib = found.orElse(null);
      reader =
          found.map(each -> RouteViews.read(each, table, family)).orElseGet(RouteReader::empty);
    } else if (found.orElse(null) != rib) {
      throw new IllegalStateException(
          "instance " + instance + " has ended while its routes were read");
    }
    return reader;
  }
}
