package dev.peerage.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What GoBGP prints of a path as JSON. */
public final class GoBgpPath {
  private GoBgpPath() {}

  /** The attributes of a path of {@code gobgp … -j}. */
  public static Seen seen(JsonNode path) {
    String nextHop = "";
    String asPath = "";
    Set<String> communities = new HashSet<>();
    Set<String> largeCommunities = new HashSet<>();
    long localPreference = -1;
    for (JsonNode attribute : path.path("attrs")) {
      switch (attribute.path("type").asInt()) {
        case 2 -> asPath = asns(attribute.at("/as_paths/0/asns"));
        case 3 -> nextHop = attribute.path("nexthop").asText();
        case 14 -> {
          String printed = attribute.path("nexthop").asText();
          // It prints an IPv4 address mapped into IPv6 as the IPv4 address.
          boolean mapped = attribute.path("afi").asInt() == 2 && !printed.contains(":");
          nextHop = mapped ? "::ffff:" + printed : printed;
        }
        case 5 -> localPreference = attribute.path("value").asLong();
        case 8 ->
            attribute
                .path("communities")
                .forEach(value ->
                    communities.add((value.asLong() >>> 16) + ":" + (value.asLong() & 0xffff)));
        case 32 ->
            attribute
                .path("value")
                .forEach(value ->
                    largeCommunities.add(
                        value.path("ASN").asLong()
                            + ":"
                            + value.path("LocalData1").asLong()
                            + ":"
                            + value.path("LocalData2").asLong()));
        default -> {}
      }
    }
    return new Seen(nextHop, asPath, communities, largeCommunities, localPreference);
  }

  private static String asns(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.joining(" "));
  }
}
