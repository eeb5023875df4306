package dev.peerage.peering;

import dev.peerage.bgp.export.ExportStatement.Attributes;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.LargeCommunity;
import dev.peerage.bgp.wire.Origin;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Attributes as an advertisement gives them.
 *
 * @param localPreference LOCAL_PREF, or null when it is not set
 * @param communities standard and well-known ones
 * @param largeCommunities RFC 8092
 */
public record OfferedAttributes(
    @Nullable Long localPreference,
    Set<Community> communities,
    Set<LargeCommunity> largeCommunities) {
  static final OfferedAttributes NONE = new OfferedAttributes(null, Set.of(), Set.of());

  public OfferedAttributes {
    communities = Set.copyOf(communities);
    largeCommunities = Set.copyOf(largeCommunities);
  }

  /** Of overlapping advertisements: all communities and the highest local preference set. */
  OfferedAttributes merge(OfferedAttributes other) {
    return new OfferedAttributes(
        highest(localPreference, other.localPreference),
        union(communities, other.communities),
        union(largeCommunities, other.largeCommunities));
  }

  private static @Nullable Long highest(@Nullable Long one, @Nullable Long two) {
    if (one == null || two == null) {
      return one == null ? two : one;
    }
    return Long.max(one, two);
  }

  private static <T> Set<T> union(Set<T> one, Set<T> two) {
    Set<T> union = new LinkedHashSet<>(one);
    union.addAll(two);
    return union;
  }

  /** What goes on the wire, in one fixed order. */
  public Attributes onExport(Origin origin) {
    return new Attributes(
        origin,
        localPreference == null ? Attributes.DEFAULT.localPreference() : localPreference,
        sorted(communities),
        sorted(largeCommunities));
  }

  private static <T> List<T> sorted(Set<T> values) {
    return values.stream().sorted(Comparator.comparing(Object::toString)).toList();
  }

  /** Merges what several offers ask for. */
  public static OfferedAttributes of(List<? extends Offer> offers) {
    return offers.stream().map(Offer::attributes).reduce(NONE, OfferedAttributes::merge);
  }
}
