package dev.peerage.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.peerage.bgp.speaker.RouteView;
import dev.peerage.bgp.speaker.RouteView.Selection;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.Prefix;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Reads what FRR says of its table. Pure.
 *
 * @param addresses gives the manifests' address for a loopback one
 */
record FrrTable(UnaryOperator<InetAddress> addresses) {
  private static final ObjectMapper JSON = new ObjectMapper();
  // What FRR gives the routes that a router originates.
  private static final int LOCAL_WEIGHT = 32768;

  static String command(AddressFamily family) {
    return "show bgp " + family.afiName() + " " + family.safiName() + " json";
  }

  /** The answer's routes: by prefix, best first. {@link LabException} when it is not understood. */
  List<RouteView> routes(String answer) throws LabException {
    List<RouteView> routes = new ArrayList<>();
    try {
      JsonNode table = JSON.readTree(answer).path("routes");
      table
          .properties()
          .forEach(
              entry -> entry.getValue().forEach(path -> routes.add(route(entry.getKey(), path))));
    } catch (IOException | IllegalArgumentException e) {
      throw new LabException("FRR's answer is not understood: " + e + ": " + answer, e);
    }
    routes.sort(
        Comparator.comparing(RouteView::prefix)
            .thenComparing(RouteView::selection)
            .thenComparing(route -> IpText.of(route.nextHop())));
    return routes;
  }

  private RouteView route(String prefix, JsonNode path) {
    String peer = path.path("peerId").asText();
    boolean local = peer.equals("(unspec)") || path.path("weight").asInt() == LOCAL_WEIGHT;
    InetAddress nextHop = InetAddress.ofLiteral(path.at("/nexthops/0/ip").asText("0.0.0.0"));
    return new RouteView(
        Prefix.parse(prefix),
        addresses.apply(nextHop),
        local ? "" : IpText.of(addresses.apply(InetAddress.ofLiteral(peer))),
        // FRR shows ages elsewhere; the router's table has none.
        Instant.EPOCH,
        switch (path.path("origin").asText()) {
          case "IGP" -> Origin.IGP;
          case "EGP" -> Origin.EGP;
          default -> Origin.INCOMPLETE;
        },
        path.path("path").asText(),
        path.path("metric").asLong(-1),
        path.path("locPrf").asLong(-1),
        List.of(),
        List.of(),
        path.path("bestpath").asBoolean()
            ? Selection.BEST
            : path.path("multipath").asBoolean() ? Selection.MULTIPATH : Selection.VALID);
  }
}
