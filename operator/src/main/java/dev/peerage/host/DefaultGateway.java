package dev.peerage.host;

import java.net.InetAddress;
import java.util.List;

/**
 * The router behind a node's default route of one family, or why there is none to speak of. Pure.
 */
public sealed interface DefaultGateway {
  /**
   * The gateway.
   *
   * @param address not link-local
   * @param link the device that leads there, up
   */
  record Found(InetAddress address, String link) implements DefaultGateway {}

  /** The main table has no default route of the family through a gateway. */
  record NoRoute() implements DefaultGateway {}

  /**
   * No device that a default route uses is up.
   *
   * @param best the route that would win
   */
  record LinkNotUp(DefaultRoute best) implements DefaultGateway {}

  /**
   * Only link-local gateways are left, which a session without a zone cannot reach.
   *
   * @param best the route that would win
   */
  record LinkLocal(DefaultRoute best) implements DefaultGateway {}

  /**
   * Chooses among the default routes whose device is up: of those whose gateway is not link-local
   * the one of the lowest metric wins; of equals the lowest gateway address, then the first link
   * name.
   */
  static DefaultGateway of(HostNetwork host, IpFamily family) {
    List<DefaultRoute> routes =
        host.defaultRoutes().stream()
            .filter(route -> IpFamily.of(route.gateway()) == family)
            .toList();
    if (routes.isEmpty()) {
      return new NoRoute();
    }
    List<DefaultRoute> up =
        routes.stream()
            .filter(route ->
                host.link(route.link())
                    .filter(link -> link.operState() == OperState.UP)
                    .isPresent())
            .toList();
    if (up.isEmpty()) {
      return new LinkNotUp(routes.getFirst());
    }
    return up.stream()
        .filter(route -> !route.gateway().isLinkLocalAddress())
        .findFirst()
        .<DefaultGateway>map(route -> new Found(route.gateway(), route.link()))
        .orElseGet(() -> new LinkLocal(up.getFirst()));
  }
}
