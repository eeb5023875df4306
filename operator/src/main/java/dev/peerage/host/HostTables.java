package dev.peerage.host;

import dev.peerage.host.KernelMessage.AddressGone;
import dev.peerage.host.KernelMessage.AddressSeen;
import dev.peerage.host.KernelMessage.DefaultRouteSeen;
import dev.peerage.host.KernelMessage.DefaultRoutesChanged;
import dev.peerage.host.KernelMessage.Irrelevant;
import dev.peerage.host.KernelMessage.LinkGone;
import dev.peerage.host.KernelMessage.LinkSeen;
import dev.peerage.host.KernelMessage.NextHop;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Collects messages of the kernel into a {@link HostNetwork}. Links and addresses follow events;
 * default routes are asked for anew, because Linux removes IPv4 routes without an event when their
 * link or source address goes.
 */
final class HostTables {
  private final Map<Integer, LinkSeen> links = new HashMap<>();
  private final Map<Integer, Set<InetAddress>> addresses = new HashMap<>();
  private final Set<NextHop> nextHops = new HashSet<>();
  private boolean routesOutdated;

  /** Forgets what a dump is about to tell. */
  void forget(Dump dump) {
    switch (dump) {
      case LINKS -> links.clear();
      case ADDRESSES -> addresses.clear();
      case IPV4_ROUTES -> nextHops.removeIf(hop -> hop.gateway() instanceof Inet4Address);
      case IPV6_ROUTES -> nextHops.removeIf(hop -> !(hop.gateway() instanceof Inet4Address));
    }
  }

  /** Takes a message; one that answers a dump is the truth about routes, an event is a hint. */
  void take(KernelMessage message, boolean answersDump) {
    switch (message) {
      case LinkSeen seen -> {
        routesOutdated |= !seen.adminUp() && leadsToGateway(seen.index());
        links.put(seen.index(), seen);
      }
      case LinkGone gone -> {
        routesOutdated |= leadsToGateway(gone.index());
        links.remove(gone.index());
        addresses.remove(gone.index());
      }
      case AddressSeen seen ->
          addresses.computeIfAbsent(seen.link(), _ -> new HashSet<>()).add(seen.address());
      case AddressGone gone -> {
        routesOutdated |= gone.address() instanceof Inet4Address;
        addresses.computeIfPresent(
            gone.link(),
            (_, left) -> {
              left.remove(gone.address());
              return left;
            });
      }
      case DefaultRouteSeen seen -> {
        if (answersDump) {
          nextHops.addAll(seen.nextHops());
        } else {
          routesOutdated = true;
        }
      }
      case DefaultRoutesChanged _ -> routesOutdated = true;
      case Irrelevant _ -> {}
    }
  }

  /** Whether default routes have to be asked for. */
  boolean routesOutdated() {
    return routesOutdated;
  }

  /** They are about to be asked for: what is heard from now on may be newer than the answer. */
  void routesAskedFor() {
    routesOutdated = false;
  }

  HostNetwork network() {
    List<Link> all =
        links.values().stream()
            .map(link ->
                new Link(
                    link.index(),
                    link.name(),
                    link.kind(),
                    link.adminUp(),
                    link.operState(),
                    link.mac(),
                    List.copyOf(addresses.getOrDefault(link.index(), Set.of()))))
            .toList();
    List<DefaultRoute> routes =
        nextHops.stream()
            .flatMap(hop ->
                Optional.ofNullable(links.get(hop.link())).stream()
                    .map(link -> new DefaultRoute(hop.gateway(), link.name(), hop.metric())))
            .toList();
    return new HostNetwork(all, routes);
  }

  private boolean leadsToGateway(int link) {
    return nextHops.stream().anyMatch(hop -> hop.link() == link);
  }
}
