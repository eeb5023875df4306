package dev.peerage.host;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes a host in one line, as {@code 2 eth0 - UP 02:00:00:00:00:01 10.0.0.1,fd00::1}. */
final class Hosts {
  private Hosts() {}

  /** Links and routes separated by semicolons; a route is {@code via 10.0.0.254 eth0 100}. */
  static HostNetwork of(String text) {
    List<String[]> lines =
        Arrays.stream(text.split(";"))
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .map(line -> line.split(" +"))
            .toList();
    return new HostNetwork(
        lines.stream().filter(line -> !line[0].equals("via")).map(Hosts::link).toList(),
        lines.stream().filter(line -> line[0].equals("via")).map(Hosts::route).toList());
  }

  private static Link link(String[] words) {
    return new Link(
        Integer.parseInt(words[0]),
        words[1],
        words[2].equals("-") ? "" : words[2],
        true,
        OperState.valueOf(words[3].toUpperCase(Locale.ROOT)),
        words.length > 4 && !words[4].equals("-")
            ? Optional.of(MacAddress.parse(words[4]))
            : Optional.empty(),
        words.length > 5
            ? Arrays.stream(words[5].split(",")).map(InetAddress::ofLiteral).toList()
            : List.of());
  }

  private static DefaultRoute route(String[] words) {
    return new DefaultRoute(InetAddress.ofLiteral(words[1]), words[2], Long.parseLong(words[3]));
  }
}
