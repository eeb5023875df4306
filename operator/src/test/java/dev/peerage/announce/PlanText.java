package dev.peerage.announce;

import dev.peerage.announce.Decision.Outcome;
import dev.peerage.announce.Decision.Subject;
import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.ExportStatement;
import dev.peerage.bgp.export.ExportStatement.Attributes;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.Prefix;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Writes plans as short lines, for tables of cases. */
final class PlanText {
  private PlanText() {}

  /** For example {@code 10.0.0.1/32 lp=200 [65000:1]}, in the order of the prefixes. */
  static List<String> routes(NodePlan plan, String peer) {
    return plan.desired().instances().stream()
        .flatMap(instance -> instance.peers().stream())
        .filter(each -> each.name().equals(peer))
        .flatMap(each -> statements(each))
        .flatMap(statement -> statement.prefixes().stream().map(p -> new Route(p, statement)))
        .sorted((one, two) -> one.prefix.compareTo(two.prefix))
        .map(route -> text(route.prefix) + text(route.statement.attributes()))
        .toList();
  }

  private record Route(Prefix prefix, ExportStatement statement) {}

  /** The names of a peer's statements with their prefixes, as tables show them. */
  static List<String> policy(NodePlan plan, String peer) {
    return plan.named().instances().stream()
        .map(DesiredInstance::peers)
        .flatMap(List::stream)
        .filter(each -> each.name().equals(peer))
        .flatMap(PlanText::statements)
        .map(statement ->
            statement.name()
                + " "
                + String.join(
                    " ", statement.prefixes().stream().sorted().map(PlanText::text).toList())
                + text(statement.attributes()))
        .toList();
  }

  private static Stream<ExportStatement> statements(DesiredPeer peer) {
    return switch (peer.exportPolicy()) {
      case ExportPolicy.Statements policy -> policy.statements().stream();
      case ExportPolicy.All() -> throw new AssertionError("a node announces what it must only");
    };
  }

  /** For example {@code 172.16.1.1/32 NotSelected[vips]}; without prefix {@code - NoAddress}. */
  static List<String> decisions(NodePlan plan, String peer, Predicate<Subject> subject) {
    return plan.decisions().stream()
        .filter(decision -> decision.peer().equals(peer) && subject.test(decision.subject()))
        .map(decision ->
            decision.prefix().map(PlanText::text).orElse("-") + " " + text(decision.outcome()))
        .toList();
  }

  static String text(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Announced(var announcements) ->
          String.join(
              " + ",
              announcements.stream()
                  .map(each -> "announced " + text(each.prefix()) + " by " + each.advertisements())
                  .toList());
      case Outcome.NotSelected(var advertisements) -> "NotSelected" + advertisements;
      case Outcome.SelectorMissing(var advertisements) -> "SelectorMissing" + advertisements;
      case Outcome.ForeignClass(String other) -> "ForeignClass " + other;
      case Outcome.ForeignProxy(String other) -> "ForeignProxy " + other;
      case Outcome.Hostname(String name) -> "Hostname " + name;
      case Outcome.UnreachableAddress(var kind) -> "UnreachableAddress " + kind;
      case Outcome.InterfaceDown(boolean adminUp, var state) ->
          "InterfaceDown " + (adminUp ? state : "by admin");
      case Outcome.NoPeerConfig(),
          Outcome.FamilyNotConfigured(),
          Outcome.NoAdvertisement(),
          Outcome.ExcludedNode(),
          Outcome.OutsideExternalIpRanges(),
          Outcome.NoEndpoint(),
          Outcome.NoLocalEndpoint(),
          Outcome.NoAddress(),
          Outcome.Headless(),
          Outcome.ExternalName(),
          Outcome.ProxiedAddress(),
          Outcome.OtherFamily(),
          Outcome.NoInterface(),
          Outcome.NoPool(),
          Outcome.OtherIpam() ->
          outcome.getClass().getSimpleName();
    };
  }

  static String text(Prefix prefix) {
    return NetUtil.toAddressString(prefix.address()) + "/" + prefix.length();
  }

  private static String text(Attributes attributes) {
    StringBuilder text = new StringBuilder();
    if (attributes.origin() != Origin.IGP) {
      text.append(' ').append(attributes.origin());
    }
    attributes.configuredLocalPreference().ifPresent(value -> text.append(" lp=").append(value));
    Stream.of(attributes.communities(), attributes.largeCommunities())
        .filter(Predicate.not(List::isEmpty))
        .forEach(communities -> text.append(' ').append(communities));
    return text.toString();
  }
}
