package dev.peerage.why;

import dev.peerage.announce.Decision;
import dev.peerage.announce.Decision.Announcement;
import dev.peerage.announce.Decision.Outcome;
import dev.peerage.announce.Decision.Subject;
import dev.peerage.announce.DecisionChange;
import dev.peerage.announce.NodePlan;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.kube.ServiceKey;
import dev.peerage.peering.IpLiteral;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an agent is asked about. */
public sealed interface WhyQuery {
  /** The routes of an agent's answer at most: a Service has a few, a wide prefix may hold many. */
  int MOST = 500;

  /** All addresses of a Service. */
  record OfService(ServiceKey key) implements WhyQuery {}

  /** What is announced of a prefix, around it or within it. */
  record OfPrefix(Prefix prefix) implements WhyQuery {}

  /**
   * Reads the parameters {@code service=NAMESPACE/NAME} or {@code prefix=ADDRESS[/LENGTH]}.
   *
   * @throws IllegalArgumentException with what is wrong with them
   */
  static WhyQuery of(Map<String, String> parameters) {
    if (parameters.size() == 1) {
      Map.Entry<String, String> only = parameters.entrySet().iterator().next();
      switch (only.getKey()) {
        case "service" -> {
          return service(only.getValue());
        }
        case "prefix" -> {
          return new OfPrefix(prefix(only.getValue()));
        }
        default -> {}
      }
    }
    throw new IllegalArgumentException(
        "give one of the parameters service=NAMESPACE/NAME and prefix=ADDRESS[/LENGTH]");
  }

  private static WhyQuery service(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw new IllegalArgumentException("service '" + text + "' is not NAMESPACE/NAME");
    }
    return new OfService(new ServiceKey(parts[0], parts[1]));
  }

  /**
   * Reads an address, which stands for the prefix of its own, or a prefix.
   *
   * @throws IllegalArgumentException with what is wrong with it
   */
  static Prefix prefix(String text) {
    return text.indexOf('/') < 0 ? Prefix.host(IpLiteral.parse(text)) : Prefix.parse(text);
  }

  /** The parameters that ask for this. */
  default String parameters() {
    return switch (this) {
      case OfService(var key) -> "service=" + key;
      case OfPrefix(var prefix) -> "prefix=" + prefix;
    };
  }

  /** The decisions that it is about, all of them. */
  default List<Decision> decisions(NodePlan plan) {
    return switch (this) {
      case OfService(var key) -> plan.decisions(key);
      case OfPrefix(var prefix) ->
          plan.decisions().stream().filter(each -> concerns(each, prefix)).toList();
    };
  }

  /** Whether a change is about it. */
  default boolean isAbout(DecisionChange change) {
    return switch (this) {
      case OfService(var key) ->
          change.subject() instanceof Subject.ServiceAddress(var namespace, var name, _)
              && key.equals(new ServiceKey(namespace, name));
      case OfPrefix(var prefix) -> change.prefix().filter(each -> touch(each, prefix)).isPresent();
    };
  }

  /** The prefixes that a peer may have sent a route to. */
  default Collection<Prefix> prefixes(Collection<Decision> decisions) {
    return decisions.stream()
        .flatMap(each ->
            each.outcome() instanceof Outcome.Announced(var announcements)
                ? announcements.stream().map(Announcement::prefix)
                : each.prefix().stream())
        .distinct()
        .toList();
  }

  /** The one prefix that is asked about, if it is one. */
  default Optional<Prefix> only() {
    return switch (this) {
      case OfService _ -> Optional.empty();
      case OfPrefix(var prefix) -> Optional.of(prefix);
    };
  }

  private static boolean concerns(Decision decision, Prefix prefix) {
    return decision.prefix().filter(each -> touch(each, prefix)).isPresent()
        || decision.outcome() instanceof Outcome.Announced(var announcements)
            && announcements.stream().anyMatch(each -> touch(each.prefix(), prefix));
  }

  /** Whether one of two prefixes contains the other. */
  private static boolean touch(Prefix one, Prefix other) {
    int length = Math.min(one.length(), other.length());
    return one.family() == other.family()
        && new Prefix(one.family(), one.high(), one.low(), length)
            .equals(new Prefix(other.family(), other.high(), other.low(), length));
  }
}
