package dev.peerage.cli;

import dev.peerage.bgp.wire.Prefix;
import dev.peerage.http.RoutesAnswer;
import dev.peerage.peering.IpLiteral;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * Which routes are asked for.
 *
 * @param table those of the node, those sent to peers, or those that peers sent
 * @param afi {@code ipv4} or {@code ipv6}
 * @param vrouter only instances with this ASN; 0 = all
 * @param peer only routes for the peer with this address; empty = all
 * @param prefix only routes to this prefix; of an address, those to the longest prefix around it;
 *     empty = all
 */
record RoutesQuery(Table table, String afi, long vrouter, String peer, String prefix) {
  /** A table of the looking glass. */
  enum Table {
    AVAILABLE,
    ADVERTISED,
    RECEIVED;

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Reads the words of the command line; {@link IllegalArgumentException} says what is wrong. */
  static RoutesQuery parse(List<String> words) {
    return parse(words, "");
  }

  /**
   * The same.
   *
   * @param option the peer that an option names; empty = none
   */
  static RoutesQuery parse(List<String> words, String option) {
    Table table = Table.AVAILABLE;
    String afi = "ipv4";
    long vrouter = 0;
    String peer = option;
    String prefix = "";
    Iterator<String> rest = words.iterator();
    while (rest.hasNext()) {
      String word = rest.next();
      switch (word) {
        case "available" -> table = Table.AVAILABLE;
        case "advertised" -> table = Table.ADVERTISED;
        case "received" -> table = Table.RECEIVED;
        case "ipv4", "ipv6" -> afi = word;
        case "unicast" -> {}
        case "vrouter" -> vrouter = asn(value(word, rest));
        case "peer", "neighbor" -> peer = value(word, rest);
        case String text when text.matches("[0-9a-fA-F.]*[.:][0-9a-fA-F.:]*(/\\d+)?") -> {
          prefix = prefix(text);
          afi = prefix.contains(":") ? "ipv6" : "ipv4";
        }
        default ->
            throw new IllegalArgumentException(
                "'"
                    + word
                    + "' is not understood; expected: [available|advertised|received] [ipv4|ipv6]"
                    + " [unicast] [vrouter ASN] [peer ADDRESS] [PREFIX|ADDRESS]");
      }
    }
    if (!peer.isEmpty() && table == Table.AVAILABLE) {
      throw new IllegalArgumentException(
          "'peer' needs 'advertised' or 'received': available routes belong to no peer");
    }
    return new RoutesQuery(table, afi, vrouter, peer, prefix);
  }

  private static String prefix(String text) {
    return text.indexOf('/') < 0
        ? IpLiteral.text(IpLiteral.parse(text))
        : Prefix.parse(text).toString();
  }

  private static String value(String word, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException("'" + word + "' needs a value");
    }
    return rest.next();
  }

  private static long asn(String text) {
    try {
      long asn = Long.parseLong(text);
      if (asn >= 1 && asn <= 0xffff_ffffL) {
        return asn;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new IllegalArgumentException("'vrouter " + text + "': expected an ASN, 1 to 4294967295");
  }

  /** What to ask the looking glass. */
  String path() {
    return "/routes/"
        + table.word()
        + "?afi="
        + afi
        + "&safi=unicast"
        + (prefix.isEmpty() ? "" : "&prefix=" + prefix);
  }

  /** Leaves out what was not asked for. */
  RoutesAnswer narrow(RoutesAnswer answer) {
    return new RoutesAnswer(
        answer.routes().stream()
            .filter(route -> vrouter == 0 || route.localASN() == vrouter)
            .filter(route -> peer.isEmpty() || peer.equals(route.peerAddress()))
            .toList());
  }
}
