package dev.peerage.host;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The node's links and default routes at one moment. Two of them are equal exactly when nothing
 * changed that routes or sessions could depend on; the order in which the kernel told does not
 * matter.
 *
 * @param links by index
 * @param defaultRoutes of both families, IPv4 first, then by metric, gateway and link
 */
public record HostNetwork(List<Link> links, List<DefaultRoute> defaultRoutes) {
  private static final Comparator<DefaultRoute> ROUTES =
      Comparator.<DefaultRoute>comparingInt(route -> route.gateway().getAddress().length)
          .thenComparingLong(DefaultRoute::metric)
          .thenComparing(DefaultRoute::gateway, Link.ASCENDING)
          .thenComparing(DefaultRoute::link);

  /** No link at all: also what is known where the kernel cannot be asked. */
  public static final HostNetwork NONE = new HostNetwork(List.of(), List.of());

  /** Sorts both lists; a route that is given twice counts once. */
  public HostNetwork {
    links = links.stream().sorted(Comparator.comparingInt(Link::index)).toList();
    defaultRoutes = defaultRoutes.stream().distinct().sorted(ROUTES).toList();
  }

  /** The link of that name. */
  public Optional<Link> link(String name) {
    return links.stream().filter(link -> link.name().equals(name)).findFirst();
  }
}
