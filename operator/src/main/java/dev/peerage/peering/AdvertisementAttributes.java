package dev.peerage.peering;

import dev.peerage.bgp.export.ExportStatement.Attributes;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.LargeCommunity;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.crd.v2.CiliumBGPAdvertisementSpec;
import dev.peerage.crd.v2.CiliumBGPAdvertisementSpec.WellKnownCommunity;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The path attributes that an advertisement asks for.
 *
 * @param localPreference LOCAL_PREF, or null when it is not set
 * @param communities standard and well-known ones
 * @param largeCommunities RFC 8092
 */
public record AdvertisementAttributes(
    @Nullable Long localPreference,
    Set<Community> communities,
    Set<LargeCommunity> largeCommunities) {
  static final AdvertisementAttributes NONE = new AdvertisementAttributes(null, Set.of(), Set.of());

  public AdvertisementAttributes {
    communities = Set.copyOf(communities);
    largeCommunities = Set.copyOf(largeCommunities);
  }

  /**
   * Reads them. A value that cannot be read makes the whole item invalid: a route that lacks a
   * community that was asked for could do harm.
   */
  static AdvertisementAttributes of(
      CiliumBGPAdvertisementSpec.Attributes attributes, FieldPath path)
      throws InvalidFieldException {
    Set<Community> communities = new HashSet<>();
    Set<LargeCommunity> large = new HashSet<>();
    CiliumBGPAdvertisementSpec.Communities configured = attributes.communities();
    if (configured != null) {
      for (String text : configured.standard()) {
        communities.add(read(text, Community::parse, path.at("communities.standard")));
      }
      for (WellKnownCommunity community : configured.wellKnown()) {
        communities.add(new Community(Integer.toUnsignedLong(community.value())));
      }
      for (String text : configured.large()) {
        large.add(read(text, LargeCommunity::parse, path.at("communities.large")));
      }
    }
    Long localPreference = attributes.localPreference();
    if (localPreference != null && (localPreference < 0 || localPreference > 0xffff_ffffL)) {
      throw invalid(
          "'" + localPreference + "' is not in 0..4294967295", path.at("localPreference"));
    }
    return new AdvertisementAttributes(localPreference, communities, large);
  }

  private static <T> T read(String text, Function<String, T> parser, FieldPath path)
      throws InvalidFieldException {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw invalid(String.valueOf(e.getMessage()), path);
    }
  }

  private static InvalidFieldException invalid(String what, FieldPath path) {
    return path.invalid(what, "this advertisement announces nothing", "correct it");
  }

  /** Of overlapping advertisements: all communities and the highest local preference set. */
  AdvertisementAttributes merge(AdvertisementAttributes other) {
    return new AdvertisementAttributes(
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

  /** What several items ask for together. */
  public static AdvertisementAttributes merged(List<? extends AdvertisementItem> items) {
    return items.stream()
        .map(AdvertisementItem::attributes)
        .reduce(NONE, AdvertisementAttributes::merge);
  }
}
