package dev.peerage.http;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.ExportStatement;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.DesiredPeer.ImportPolicy;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.bgp.wire.LargeCommunity;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The looking glass's answer to {@code GET /route-policies}.
 *
 * @param policies by instance, import before export, then in the order of the peers
 */
public record PoliciesAnswer(List<Policy> policies) {
  public PoliciesAnswer {
    policies = List.copyOf(policies);
  }

  /**
   * A route policy. What no statement accepts is rejected.
   *
   * @param type {@code import} or {@code export}
   * @param statements in order of evaluation
   */
  public record Policy(
      String instance, long localASN, String name, String type, List<Statement> statements) {
    public Policy {
      statements = List.copyOf(statements);
    }
  }

  /**
   * One statement: what it matches and what it does.
   *
   * @param peers addresses of the peers it is for; empty means locally originated routes
   * @param prefixes matched exactly, sorted; empty matches all
   * @param action {@code accept}
   * @param localPreference LOCAL_PREF that it sets, when that is not the default
   * @param communities RFC 1997, added
   * @param largeCommunities RFC 8092, added
   */
  public record Statement(
      String name,
      List<String> peers,
      List<String> prefixes,
      String action,
      @Nullable Long localPreference,
      List<String> communities,
      List<String> largeCommunities) {
    public Statement {
      peers = List.copyOf(peers);
      prefixes = List.copyOf(prefixes);
      communities = List.copyOf(communities);
      largeCommunities = List.copyOf(largeCommunities);
    }

    private static Statement accept(String name, List<String> peers) {
      return new Statement(name, peers, List.of(), "accept", null, List.of(), List.of());
    }
  }

  /** The policies that a speaker was told. */
  public static PoliciesAnswer of(DesiredSpeaker desired) {
    return new PoliciesAnswer(policies(desired).toList());
  }

  /** The same, each made when it is its turn: all at once may be large. */
  static Stream<Policy> policies(DesiredSpeaker desired) {
    return desired.instances().stream()
        .flatMap(instance -> Stream.concat(imports(instance), exports(instance)));
  }

  private static Stream<Policy> imports(DesiredInstance instance) {
    return instance.peers().stream()
        .filter(peer -> peer.importPolicy() == ImportPolicy.REJECT)
        .limit(1)
        .map(_ ->
            policy(
                instance,
                "allow-local",
                "import",
                List.of(Statement.accept("accept-local", List.of()))));
  }

  private static Stream<Policy> exports(DesiredInstance instance) {
    return instance.peers().stream().map(peer -> export(instance, peer));
  }

  private static Policy export(DesiredInstance instance, DesiredPeer peer) {
    List<String> peers = List.of(IpText.of(peer.address()));
    return switch (peer.exportPolicy()) {
      case ExportPolicy.All _ ->
          policy(
              instance,
              "peer-" + peer.name() + "-export",
              "export",
              List.of(Statement.accept("all", peers)));
      case ExportPolicy.Statements statements ->
          policy(
              instance,
              statements.name(),
              "export",
              statements.statements().stream().map(s -> statement(s, peers)).toList());
    };
  }

  private static Policy policy(
      DesiredInstance instance, String name, String type, List<Statement> statements) {
    return new Policy(instance.name(), instance.localAsn(), name, type, statements);
  }

  private static Statement statement(ExportStatement statement, List<String> peers) {
    ExportStatement.Attributes attributes = statement.attributes();
    OptionalLong preference = attributes.configuredLocalPreference();
    return new Statement(
        statement.name(),
        peers,
        statement.prefixes().stream()
            .sorted()
            .map(p -> IpText.of(p.address()) + "/" + p.length())
            .toList(),
        "accept",
        preference.isPresent() ? preference.getAsLong() : null,
        attributes.communities().stream().map(Community::toString).toList(),
        attributes.largeCommunities().stream().map(LargeCommunity::toString).toList());
  }
}
