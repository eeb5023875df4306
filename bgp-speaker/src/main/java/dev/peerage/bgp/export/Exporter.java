package dev.peerage.bgp.export;

import dev.peerage.bgp.prefix.PrefixVisitor;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.ExtendedCommunity;
import dev.peerage.bgp.wire.Ipv6ExtendedCommunity;
import dev.peerage.bgp.wire.LargeCommunity;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.PathAttribute;
import dev.peerage.bgp.wire.PathAttributes;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The attributes with which the peers of an update group get a path, if they get it (RFC 4271
 * sections 5.1 and 9.2).
 */
final class Exporter {
  private final UpdateGroupKey peers;
  private final long localAsn;
  private ExportPolicy policy;
  private StatementTable statements;

  private final Map<AddressFamily, Results> results = new EnumMap<>(AddressFamily.class);

  /** Those of one family, so that equal routes share one attribute set. */
  private static final class Results {
    final InetAddress nextHop;
    final Map<ExportStatement.Attributes, Optional<PathAttributes>> local = new HashMap<>();
    final Map<BestPath, Optional<PathAttributes>> received = new WeakHashMap<>();
    @Nullable BestPath lastReceived;
    Optional<PathAttributes> lastResult = Optional.empty();

    Results(InetAddress nextHop) {
      this.nextHop = nextHop;
    }
  }

  Exporter(UpdateGroupKey peers, long localAsn, ExportPolicy policy) {
    this.peers = peers;
    this.localAsn = localAsn;
    this.policy = policy;
    this.statements = StatementTable.of(statements(policy));
    for (AddressFamily family : peers.families()) {
      peers.nextHops().of(family).ifPresent(nextHop -> results.put(family, new Results(nextHop)));
    }
  }

  private static List<ExportStatement> statements(ExportPolicy policy) {
    return switch (policy) {
      case ExportPolicy.All() -> List.of();
      case ExportPolicy.Statements(String _, List<ExportStatement> list) -> list;
    };
  }

  ExportPolicy policy() {
    return policy;
  }

  /**
   * Takes another policy.
   *
   * @param changed hears every prefix for which the policies can differ
   * @param family hears the families of which every prefix can have another answer
   */
  void use(ExportPolicy next, PrefixVisitor changed, Consumer<AddressFamily> family) {
    boolean ofOneKind =
        next instanceof ExportPolicy.Statements && policy instanceof ExportPolicy.Statements;
    if (ofOneKind) {
      statements = statements.next(statements(next), changed, family);
    } else {
      statements = StatementTable.of(statements(next));
      peers.families().forEach(family);
    }
    policy = next;
    for (Results each : results.values()) {
      if (each.local.size() > 1_000) { // attributes come and go with policies
        each.local.clear();
      }
    }
  }

  /** What the peers get for a prefix whose best path this is; empty when they get nothing. */
  Optional<PathAttributes> export(
      BestPath best, AddressFamily family, long high, long low, int length) {
    Results of = results.get(family);
    if (of == null) { // the peers take no such routes, or this side has no next hop for them
      return Optional.empty();
    }
    return switch (policy) {
      case ExportPolicy.All() ->
          best.isLocal() ? originated(ExportStatement.Attributes.DEFAULT, of) : received(best, of);
      case ExportPolicy.Statements _ ->
          best.isLocal()
              ? statements.find(family, high, low, length).flatMap(set -> originated(set, of))
              : Optional.empty(); // RFC 8212; ExportPolicy#exportsLearned says so too
    };
  }

  private Optional<PathAttributes> originated(ExportStatement.Attributes set, Results of) {
    return of.local.computeIfAbsent(set, each -> Optional.of(localAttributes(each, of.nextHop)));
  }

  private Optional<PathAttributes> received(BestPath path, Results of) {
    if (path != of.lastReceived) { // prefixes with one path come together
      of.lastResult = of.received.computeIfAbsent(path, each -> readvertised(each, of.nextHop));
      of.lastReceived = path;
    }
    return of.lastResult;
  }

  private PathAttributes localAttributes(ExportStatement.Attributes set, InetAddress nextHop) {
    List<PathAttribute> attributes = new ArrayList<>();
    attributes.add(set.origin());
    attributes.add(peers.external() ? AsPath.of(localAsn) : AsPath.EMPTY);
    attributes.add(new PathAttribute.NextHop(nextHop));
    if (!peers.external()) {
      attributes.add(new PathAttribute.LocalPref(set.localPreference()));
    }
    if (!set.communities().isEmpty()) {
      attributes.add(
          new PathAttribute.Communities(
              set.communities().stream()
                  .distinct()
                  .sorted(Comparator.comparingLong(Community::value))
                  .toList()));
    }
    if (!set.largeCommunities().isEmpty()) {
      attributes.add(
          new PathAttribute.LargeCommunities(
              set.largeCommunities().stream()
                  .distinct()
                  .sorted(
                      Comparator.comparingLong(LargeCommunity::global)
                          .thenComparingLong(LargeCommunity::local1)
                          .thenComparingLong(LargeCommunity::local2))
                  .toList()));
    }
    return PathAttributes.of(attributes);
  }

  private Optional<PathAttributes> readvertised(BestPath path, InetAddress nextHop) {
    if (isHeld(path)) {
      return Optional.empty();
    }
    boolean external = peers.external();
    List<PathAttribute> attributes = new ArrayList<>();
    for (PathAttribute attribute : path.attributes().asList()) {
      switch (attribute) {
        case Origin _,
            PathAttribute.AtomicAggregate _,
            PathAttribute.Aggregator _,
            PathAttribute.Communities _,
            PathAttribute.LargeCommunities _ ->
            attributes.add(attribute);
        case PathAttribute.ExtendedCommunities(var values) -> { // RFC 4360 section 6
          List<ExtendedCommunity> kept =
              values.stream().filter(each -> !external || each.transitive()).toList();
          if (!kept.isEmpty()) {
            attributes.add(new PathAttribute.ExtendedCommunities(kept));
          }
        }
        case PathAttribute.Ipv6ExtendedCommunities(var values) -> { // RFC 5701 section 2
          List<Ipv6ExtendedCommunity> kept =
              values.stream().filter(each -> !external || each.transitive()).toList();
          if (!kept.isEmpty()) {
            attributes.add(new PathAttribute.Ipv6ExtendedCommunities(kept));
          }
        }
        case PathAttribute.Unknown unknown -> { // RFC 4271 section 5
          if (unknown.transitive()) {
            attributes.add(attribute);
          }
        }
        case AsPath asPath -> attributes.add(external ? asPath.prepend(localAsn) : asPath);
        case PathAttribute.NextHop _ -> attributes.add(new PathAttribute.NextHop(nextHop));
        case PathAttribute.Med _ -> { // RFC 4271 section 5.1.4: not to another neighbor AS
          if (!external) {
            attributes.add(attribute);
          }
        }
        case PathAttribute.LocalPref _,
            PathAttribute.OriginatorId _,
            PathAttribute.ClusterList _,
            PathAttribute.MpReach _,
            PathAttribute.MpUnreach _ -> {}
      }
    }
    if (!external) {
      attributes.add(new PathAttribute.LocalPref(path.localPref()));
    }
    return Optional.of(PathAttributes.of(attributes).withPartialOf(path.attributes()));
  }

  private boolean isHeld(BestPath path) {
    List<Community> communities = path.attributes().communities();
    if (communities.contains(Community.NO_ADVERTISE)) { // RFC 1997
      return true;
    }
    if (path.isLongLived() && !peers.longLived()) { // RFC 9494 section 4.3
      return true;
    }
    return peers.external()
        ? communities.contains(Community.NO_EXPORT)
            || communities.contains(Community.NO_EXPORT_SUBCONFED)
        // RFC 4271 section 9.2: no internal route to an internal peer, for this is no reflector.
        : path.isInternal();
  }
}
