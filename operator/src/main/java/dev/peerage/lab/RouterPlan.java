package dev.peerage.lab;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.Endpoint;
import dev.peerage.bgp.speaker.SessionTerms;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.bgp.wire.Prefix;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A router beside the nodes: it accepts what they announce, picks best paths, and announces all it
 * knows to everyone.
 *
 * @param address its address in the manifests, which is also its router ID
 * @param networks what it originates itself
 * @param neighbors from neighbor name to address: all nodes, selected or not
 */
record RouterPlan(
    InetAddress address, long asn, Set<Prefix> networks, SortedMap<String, InetAddress> neighbors) {
  /** Where routers listen; the lab's address map turns it into a free port. */
  static final int PORT = 179;

  // FRR's own defaults.
  private static final SessionTerms.Timers TIMERS = new SessionTerms.Timers(120, 180, 60);

  RouterPlan {
    networks = Set.copyOf(networks);
    neighbors = new TreeMap<>(neighbors);
  }

  static String twice(String router, long first, long second) {
    return "router %s is wanted with AS %d and AS %d; it runs as AS %d"
        .formatted(router, first, second, first);
  }

  /** The router's name in text and as an instance. */
  String name() {
    return IpText.of(address);
  }

  /** The BGP identifier: the address, or the end of an IPv6 address. */
  Inet4Address routerId() {
    byte[] bytes = address.getAddress();
    try {
      return (Inet4Address)
          InetAddress.getByAddress(Arrays.copyOfRange(bytes, bytes.length - 4, bytes.length));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same as an instance of the speaker. */
  DesiredInstance instance() {
    List<DesiredPeer> peers =
        neighbors.entrySet().stream()
            .map(neighbor ->
                new DesiredPeer(
                    neighbor.getKey(),
                    0,
                    new Endpoint(
                        neighbor.getValue(),
                        PORT,
                        new Endpoint.Source.Address(address),
                        Endpoint.Connection.PASSIVE,
                        new Endpoint.Hops.Ttl(255),
                        new Endpoint.Authentication.None()),
                    new SessionTerms(
                        TIMERS,
                        new SessionTerms.GracefulRestart.Off(),
                        EnumSet.allOf(AddressFamily.class)),
                    DesiredPeer.ImportPolicy.ACCEPT,
                    new ExportPolicy.All()))
            .toList();
    return new DesiredInstance(
        name(),
        asn,
        routerId(),
        new DesiredInstance.Listen.On(address, PORT),
        peers,
        PrefixSet.of(networks));
  }
}
