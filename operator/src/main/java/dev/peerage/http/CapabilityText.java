package dev.peerage.http;

import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.Capability.Family;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A capability as people read it, with its RFC's words. */
final class CapabilityText {
  private CapabilityText() {}

  static String of(Capability capability) {
    return switch (capability) {
      case Capability.Multiprotocol(var family) -> "multiprotocol " + text(family);
      case Capability.RouteRefresh() -> "route refresh";
      case Capability.ExtendedNextHop(var entries) ->
          "extended next hop "
              + list(entries, entry -> text(entry.family()) + " over AFI " + entry.nextHopAfi());
      case Capability.ExtendedMessage() -> "extended message";
      case Capability.GracefulRestart(var restarting, var notification, var time, var families) ->
          "graceful restart "
              + time
              + " s"
              + (restarting ? ", restarting" : "")
              + (notification ? ", notifications" : "")
              + (families.isEmpty() ? "" : ": ")
              + list(
                  families,
                  each -> text(each.family()) + (each.forwarding() ? " (forwarding)" : ""));
      case Capability.LongLivedGracefulRestart(var families) ->
          "long-lived graceful restart "
              + list(
                  families,
                  each ->
                      text(each.family())
                          + " "
                          + each.staleTime()
                          + " s"
                          + (each.forwarding() ? " (forwarding)" : ""));
      case Capability.FourOctetAsn(var asn) -> "four-octet ASN " + asn;
      case Capability.AddPath(var families) ->
          "add-path " + list(families, each -> text(each.family()) + " mode " + each.mode());
      case Capability.EnhancedRouteRefresh() -> "enhanced route refresh";
      case Capability.Fqdn(var host, var domain) ->
          "host name " + printable(host) + (domain.isEmpty() ? "" : "." + printable(domain));
      case Capability.Unknown(var code, var value) ->
          "code " + code + (value.length() == 0 ? "" : ", " + value.length() + " bytes");
    };
  }

  private static <T> String list(List<T> all, Function<T, String> text) {
    return all.stream().map(text).collect(Collectors.joining(", "));
  }

  /** A peer may put anything into its name. */
  private static String printable(String name) {
    return name.replaceAll("[\\p{Cntrl}\\p{Cf}\u2028\u2029]", " ");
  }

  private static String text(Family family) {
    return family
        .known()
        .map(known -> known.toString())
        .orElseGet(() -> "AFI " + family.afi() + " SAFI " + family.safi());
  }
}
