package dev.peerage.bgp.rib;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.ExtendedCommunity;
import dev.peerage.bgp.wire.Ipv6ExtendedCommunity;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.PathAttribute;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;

/** The attributes with which a peer gets a path, if it gets it (RFC 4271 sections 5.1 and 9.2). */
final class Exporter {
  private static final Community NO_EXPORT = new Community(0xffff_ff01L);
  private static final Community NO_ADVERTISE = new Community(0xffff_ff02L);
  private static final Community NO_EXPORT_SUBCONFED = new Community(0xffff_ff03L);

  private final RibPeer peer;
  private final long localAsn;
  private final boolean external;
  private final ExportPolicy policy;

  /** What the first statement that names a prefix sets. */
  private final Map<Prefix, ExportStatement.Attributes> statements = new HashMap<>();

  /** Results, so that equal routes share one attribute set. */
  private final Map<ExportStatement.Attributes, PathAttributes> local = new HashMap<>();

  private final Map<Path, Optional<PathAttributes>> received = new WeakHashMap<>();

  Exporter(RibPeer peer, RibSettings settings, ExportPolicy policy) {
    this.peer = peer;
    this.localAsn = settings.localAsn();
    this.external = peer.asn() != localAsn;
    this.policy = policy;
    if (policy instanceof ExportPolicy.Statements(String _, List<ExportStatement> list)) {
      for (ExportStatement statement : list) {
        for (Prefix prefix : statement.prefixes()) {
          statements.putIfAbsent(prefix, statement.attributes());
        }
      }
    }
  }

  ExportPolicy policy() {
    return policy;
  }

  Map<Prefix, ExportStatement.Attributes> statements() {
    return statements;
  }

  /** What the peer gets for a prefix whose best path this is; empty when it gets nothing. */
  Optional<PathAttributes> export(
      Path best, AddressFamily family, long high, long low, int length) {
    if (!peer.reaches(family)) {
      return Optional.empty();
    }
    return switch (policy) {
      case ExportPolicy.All() ->
          best.kind == Path.Kind.LOCAL
              ? Optional.of(originated(ExportStatement.Attributes.DEFAULT))
              : received.computeIfAbsent(best, this::readvertised);
      case ExportPolicy.Statements _ ->
          best.kind == Path.Kind.LOCAL
              ? Optional.ofNullable(statements.get(new Prefix(family, high, low, length)))
                  .map(this::originated)
              : Optional.empty();
    };
  }

  private PathAttributes originated(ExportStatement.Attributes set) {
    return local.computeIfAbsent(set, this::localAttributes);
  }

  private PathAttributes localAttributes(ExportStatement.Attributes set) {
    List<PathAttribute> attributes = new ArrayList<>();
    attributes.add(Origin.IGP);
    attributes.add(external ? AsPath.of(localAsn) : AsPath.EMPTY);
    attributes.add(new PathAttribute.NextHop(peer.localAddress()));
    if (!external) {
      attributes.add(new PathAttribute.LocalPref(set.localPreference()));
    }
    if (!set.communities().isEmpty()) {
      attributes.add(new PathAttribute.Communities(set.communities()));
    }
    if (!set.largeCommunities().isEmpty()) {
      attributes.add(new PathAttribute.LargeCommunities(set.largeCommunities()));
    }
    return PathAttributes.of(attributes);
  }

  private Optional<PathAttributes> readvertised(Path path) {
    List<Community> communities = path.attributes.communities();
    boolean held =
        communities.contains(NO_ADVERTISE)
            || (external
                && (communities.contains(NO_EXPORT) || communities.contains(NO_EXPORT_SUBCONFED)));
    // RFC 4271 section 9.2: no internal route to an internal peer, for this is no route reflector.
    if (held || (!external && path.kind == Path.Kind.INTERNAL)) {
      return Optional.empty();
    }
    List<PathAttribute> attributes = new ArrayList<>();
    for (PathAttribute attribute : path.attributes.asList()) {
      switch (attribute) {
        case Origin _,
            PathAttribute.AtomicAggregate _,
            PathAttribute.Aggregator _,
            PathAttribute.Communities _,
            PathAttribute.LargeCommunities _,
            PathAttribute.Unknown _ ->
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
        case AsPath asPath -> attributes.add(external ? asPath.prepend(localAsn) : asPath);
        case PathAttribute.NextHop _ ->
            attributes.add(new PathAttribute.NextHop(peer.localAddress()));
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
      attributes.add(new PathAttribute.LocalPref(path.localPref));
    }
    return Optional.of(PathAttributes.of(attributes));
  }
}
