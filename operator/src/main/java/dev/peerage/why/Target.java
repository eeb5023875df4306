package dev.peerage.why;

import dev.peerage.bgp.wire.Prefix;
import java.util.Optional;

/** What a person asks about. */
public sealed interface Target {
  /**
   * A Service.
   *
   * @param namespace empty: the usual one, else any in which there is one of the name
   */
  record OfService(Optional<String> namespace, String name) implements Target {}

  /** An address, as the prefix of its own, or a prefix. */
  record OfPrefix(Prefix prefix) implements Target {}

  /** A Gateway of {@code gateway.networking.k8s.io}, which stands for its Service. */
  record OfGateway(Optional<String> namespace, String name) implements Target {}

  /**
   * Reads {@code [service/][NAMESPACE/]NAME}, {@code gateway/[NAMESPACE/]NAME}, an address or a
   * prefix.
   *
   * @throws IllegalArgumentException with what is wrong with it
   */
  static Target parse(String text) {
    if (text.matches("[0-9a-fA-F:.]+(/\\d+)?")
        && (text.contains(":") || text.chars().filter(each -> each == '.').count() == 3)) {
      return new OfPrefix(WhyQuery.prefix(text));
    }
    String[] parts = text.split("/", -1);
    boolean gateway = parts[0].equals("gateway") || parts[0].equals("gtw");
    int from = gateway || parts[0].equals("service") || parts[0].equals("svc") ? 1 : 0;
    int words = parts.length - from;
    if (words < 1 || words > 2 || parts[parts.length - 1].isEmpty() || parts[from].isEmpty()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is neither [NAMESPACE/]SERVICE, gateway/[NAMESPACE/]NAME, an address nor a prefix");
    }
    Optional<String> namespace = words == 2 ? Optional.of(parts[from]) : Optional.empty();
    String name = parts[parts.length - 1];
    return gateway ? new OfGateway(namespace, name) : new OfService(namespace, name);
  }
}
