package dev.peerage.bgp.speaker;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.NextHops;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.IpText;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The next hops of a session.
 *
 * @param session this side's address of it
 * @param beside the other addresses that this host has there
 * @param families the negotiated ones
 * @param extended whether the peer takes IPv4 routes with IPv6 next hops (RFC 8950)
 */
public record NextHopChoice(
    InetAddress session, List<InetAddress> beside, Set<AddressFamily> families, boolean extended) {
  private static final Logger log = LoggerFactory.getLogger(NextHopChoice.class);

  public NextHopChoice {
    beside = List.copyOf(beside);
    families = Set.copyOf(families);
  }

  /** What the peer is told. */
  public NextHops nextHops(DesiredPeer desired) {
    return NextHops.of(
        session,
        extended,
        Stream.concat(desired.ownAddresses().stream(), beside.stream()).toList());
  }

  /** What is not as it should be with routes that the peer is to be told, one line; or empty. */
  public String warning(DesiredPeer desired) {
    NextHops chosen = nextHops(desired);
    List<String> lines = new ArrayList<>();
    for (AddressFamily family : families.stream().sorted().toList()) {
      if (!announces(desired.exportPolicy(), family)) {
        continue;
      }
      if (chosen.of(family).isEmpty()) {
        lines.add(
            family
                + " routes are not announced: this side has no address that could be their next"
                + " hop; give the node an address of that family");
      } else if (family == AddressFamily.IPV6_UNICAST && chosen.areMapped()) {
        lines.add(
            "IPv6 routes have the next hop "
                + IpText.mapped(chosen.of(family).orElseThrow())
                + ", along which hardly any router forwards: this side has no IPv6 address; give"
                + " the node one, or peer over IPv6");
      }
    }
    return String.join("; ", lines);
  }

  void log(DesiredPeer desired, String title, LogLimit lines) {
    String words = warning(desired);
    if (!words.isEmpty()) {
      lines.log(more -> log.warn("{}: {}{}", title, words, more));
    }
  }

  private static boolean announces(ExportPolicy policy, AddressFamily family) {
    return switch (policy) {
      case ExportPolicy.All() -> false; // whatever comes; nobody has asked for this family
      case ExportPolicy.Statements(String _, var statements) ->
          statements.stream()
              .anyMatch(
                  each -> each.families().contains(family) || each.prefixes().size(family) > 0);
    };
  }
}
