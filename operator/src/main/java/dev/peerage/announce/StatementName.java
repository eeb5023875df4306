package dev.peerage.announce;

import dev.peerage.announce.Decision.Announcement;
import dev.peerage.announce.Decision.Subject;
import dev.peerage.peering.AddressType;
import java.util.Comparator;

/**
 * Identifies the statement of an export policy that an announcement is shown under, and gives its
 * path: where several announce one prefix, the first one's attributes hold. Two Services can yield
 * the same name (a-b in c, a in b-c), so the namespace is part of it.
 *
 * @param priority the lowest comes first
 * @param name for example {@code Service-webpod-default-LoadBalancerIP-ipv4}
 * @param namespace the Service's namespace; empty for other objects
 */
record StatementName(int priority, String name, String namespace)
    implements Comparable<StatementName> {
  private static final Comparator<StatementName> ORDER =
      Comparator.comparingInt(StatementName::priority)
          .thenComparing(StatementName::name)
          .thenComparing(StatementName::namespace);

  static StatementName of(Decision decision, Announcement announcement) {
    String family = announcement.prefix().family().afiName();
    return switch (decision.subject()) {
      case Subject.Interface(String name) ->
          new StatementName(20, "Interface-" + name + "-" + family, "");
      case Subject.PodCidr() -> new StatementName(30, "PodCIDR-" + family, "");
      case Subject.ServiceAddress(String namespace, String name, AddressType type) -> {
        String address = String.join("-", "Service", name, namespace, type.text(), family);
        yield decision.aggregates(announcement)
            ? new StatementName(41, address + "-agg-" + announcement.prefix().length(), namespace)
            : new StatementName(40, address, namespace);
      }
      case Subject.PodPool(String pool) ->
          new StatementName(50, "CiliumPodIPPool-" + pool + "-" + family, "");
    };
  }

  @Override
  public int compareTo(StatementName other) {
    return ORDER.compare(this, other);
  }
}
