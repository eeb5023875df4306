package dev.peerage.host;

import java.net.InetAddress;

/**
 * A default route of the main table through a gateway of its own family. One with several next hops
 * is several of these.
 *
 * @param gateway the next hop, of the route's family
 * @param link the name of the device that leads there
 * @param metric 0 to 2³²−1; the lowest wins
 */
public record DefaultRoute(InetAddress gateway, String link, long metric) {
  /** Throws {@link IllegalArgumentException} if the metric is out of range. */
  public DefaultRoute {
    if (metric < 0 || metric > 0xffff_ffffL) {
      throw new IllegalArgumentException("metric " + metric + " is not in 0..4294967295");
    }
  }
}
