package dev.peerage.bgp.speaker;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.Open;
import dev.peerage.bgp.wire.Prefix;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of the tables in {@code src/test/resources/rfc7606}; the columns are explained in {@code
 * treat-as-withdraw.txt}.
 *
 * @param number counts all lines; makes the prefixes of the case
 */
record UpdateCase(
    int number,
    String id,
    String clause,
    String attribute,
    String what,
    Set<From> peers,
    Outcome outcome,
    String attributes,
    String nlri,
    String withdrawn) {

  /** The node of these tests is AS 65001 with identifier 10.0.0.1; the peer is 10.0.0.3. */
  enum From {
    EBGP(65002),
    IBGP(65001),
    OLD(65002);

    final long asn;

    From(long asn) {
      this.asn = asn;
    }

    Open open() {
      Open open = RawPeer.open(asn, "10.0.0.3", 0);
      return this == OLD
          ? new Open(
              asn,
              0,
              Inet4Address.ofLiteral("10.0.0.3"),
              open.capabilities().stream()
                  .filter(capability -> !(capability instanceof Capability.FourOctetAsn))
                  .toList())
          : open;
    }
  }

  /** What the update must lead to. */
  sealed interface Outcome {
    record Withdraw() implements Outcome {}

    record Discard(int type) implements Outcome {}

    /**
     * The route is there.
     *
     * @param type an attribute that it must have, or -1
     * @param value what MULTI_EXIT_DISC or COMMUNITIES must hold, or empty
     */
    record Keep(int type, String value) implements Outcome {}

    record Reset(int code, int subcode) implements Outcome {}
  }

  private static final Pattern REPEATED = Pattern.compile("(\\d+)\\*(\\w+)");
  private static final String REACH6 = "20010db8ffff00000000000000000003";

  static List<UpdateCase> table(String... names) {
    List<UpdateCase> cases = new ArrayList<>();
    for (String name : names) {
      for (String line : read("/rfc7606/" + name + ".txt").lines().toList()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          cases.add(parse(cases.size() + 1, line));
        }
      }
    }
    return cases;
  }

  private static String read(String resource) {
    try (InputStream in = UpdateCase.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static UpdateCase parse(int number, String line) {
    String[] columns = line.split("\\s*\\|\\s*", -1);
    return new UpdateCase(
        number,
        columns[0],
        columns[1],
        columns[2],
        columns[3],
        switch (columns[4]) {
          case "both" -> Set.of(From.EBGP, From.IBGP);
          case "ebgp" -> Set.of(From.EBGP);
          case "ibgp" -> Set.of(From.IBGP);
          case "old" -> Set.of(From.OLD);
          default -> throw new IllegalArgumentException(line);
        },
        outcome(columns[5]),
        columns[6],
        columns.length > 7 ? columns[7] : "P4",
        columns.length > 8 ? columns[8] : "-");
  }

  private static Outcome outcome(String text) {
    String[] words = text.split("[ /=]");
    return switch (words[0]) {
      case "withdraw" -> new Outcome.Withdraw();
      case "discard" -> new Outcome.Discard(Integer.parseInt(words[1]));
      case "keep" ->
          words.length == 1
              ? new Outcome.Keep(-1, "")
              : new Outcome.Keep(Integer.parseInt(words[1]), words.length > 2 ? words[2] : "");
      case "reset" -> new Outcome.Reset(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
      default -> throw new IllegalArgumentException(text);
    };
  }

  Prefix ipv4() {
    return Prefix.parse("10." + (100 + number / 250) + "." + number % 250 + ".0/24");
  }

  Prefix ipv6() {
    return Prefix.parse("2001:db8:" + Integer.toHexString(number) + "::/48");
  }

  /** The routes that the outcome is about. */
  List<Prefix> routes() {
    List<Prefix> routes = new ArrayList<>();
    if (nlri.contains("P4")) {
      routes.add(ipv4());
    }
    if (attributes.contains("P6")) {
      routes.add(ipv6());
    }
    return routes;
  }

  /** The whole message. */
  byte[] message(From from) {
    return attributes.startsWith("raw")
        ? message(attributes.substring(3), from)
        : update(withdrawn, attributes, nlri, from);
  }

  /** A sound announcement of the same routes. */
  List<byte[]> sound(From from) {
    return routes().stream()
        .map(prefix ->
            prefix.family() == AddressFamily.IPV4_UNICAST
                ? update("-", "base", "P4", from)
                : update("-", "base-3 800e1c 0002 01 10 REACH6 00 P6", "-", from))
        .toList();
  }

  private byte[] update(String withdrawn, String attributes, String nlri, From from) {
    String first = hex(withdrawn, from);
    String second = hex(attributes, from);
    return message(length(first) + first + length(second) + second + hex(nlri, from), from);
  }

  private byte[] message(String body, From from) {
    String bytes = hex(body, from);
    return HexFormat.of()
        .parseHex("ff".repeat(16) + "%04x".formatted(19 + bytes.length() / 2) + "02" + bytes);
  }

  private static String length(String hex) {
    return "%04x".formatted(hex.length() / 2);
  }

  private String hex(String tokens, From from) {
    StringBuilder hex = new StringBuilder();
    for (String token : tokens.strip().split("\\s+")) {
      Matcher repeated = REPEATED.matcher(token);
      if (token.startsWith("base")) {
        hex.append(base(Set.of(token.split("-")), from));
      } else if (repeated.matches()) {
        hex.append(repeated.group(2).repeat(Integer.parseInt(repeated.group(1))));
      } else {
        hex.append(
            switch (token) {
              case "-" -> "";
              case "P4" -> "180a%02x%02x".formatted(100 + number / 250, number % 250);
              case "P6" -> "3020010db8%04x".formatted(number);
              case "REACH6" -> REACH6;
              default -> token;
            });
      }
    }
    return hex.toString();
  }

  private static String base(Set<String> without, From from) {
    return (without.contains("1") ? "" : "40010100")
        + (without.contains("2") ? "" : from == From.OLD ? "4002040201fdea" : "40020602010000fdea")
        + (without.contains("3") ? "" : "4003040a000003")
        + (without.contains("5") || from != From.IBGP ? "" : "40050400000064");
  }

  @Override
  public String toString() {
    return id + ", RFC " + clause + ", " + attribute + ": " + what;
  }
}
