package dev.peerage.bgp.wire;

import dev.peerage.bgp.wire.PathAttribute.Communities;
import dev.peerage.bgp.wire.PathAttribute.LargeCommunities;
import dev.peerage.bgp.wire.PathAttribute.LocalPref;
import dev.peerage.bgp.wire.PathAttribute.Med;
import dev.peerage.bgp.wire.PathAttribute.NextHop;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * An immutable set of path attributes, one per type, sorted by type. Made to be a map key. It knows
 * which of the interpreted attributes came as partial, for that bit must never be taken away (RFC
 * 4271 section 5).
 */
public final class PathAttributes {
  /** No attribute. */
  public static final PathAttributes NONE = new PathAttributes(List.of(), 0);

  private final List<PathAttribute> attributes;
  private final int hash;

  /** A bit for each type code, all of which are below 64. */
  private final long partial;

  private PathAttributes(List<PathAttribute> sorted, long partial) {
    this.attributes = sorted;
    this.partial = partial;
    this.hash = sorted.hashCode() + Long.hashCode(partial);
  }

  /** These attributes. Throws {@link IllegalArgumentException} when two have the same type. */
  public static PathAttributes of(PathAttribute... attributes) {
    return of(Arrays.asList(attributes));
  }

  /** These attributes. Throws {@link IllegalArgumentException} when two have the same type. */
  public static PathAttributes of(Collection<? extends PathAttribute> attributes) {
    if (attributes.isEmpty()) {
      return NONE;
    }
    PathAttribute[] sorted = attributes.toArray(PathAttribute[]::new);
    Arrays.sort(sorted, Comparator.comparingInt(PathAttribute::typeCode));
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i].typeCode() == sorted[i - 1].typeCode()) {
        throw new IllegalArgumentException("two attributes of type " + sorted[i].typeCode());
      }
    }
    return new PathAttributes(List.of(sorted), 0);
  }

  /** The same with the attributes of these type codes partial, as far as present. */
  PathAttributes withPartial(long types) {
    long present = 0;
    for (PathAttribute attribute : attributes) {
      present |= attribute.typeCode() < 64 ? 1L << attribute.typeCode() : 0;
    }
    long marks = partial | (types & present);
    return marks == partial ? this : new PathAttributes(attributes, marks);
  }

  /** The same with those attributes partial that are so in the set from which this one was made. */
  public PathAttributes withPartialOf(PathAttributes origin) {
    return origin.partial == 0 ? this : withPartial(origin.partial);
  }

  /** Whether a speaker on the way did not understand an attribute that this one interprets. */
  boolean isPartial(int typeCode) {
    return typeCode < 64 && (partial >>> typeCode & 1) != 0;
  }

  /** All attributes, sorted by type code. */
  public List<PathAttribute> asList() {
    return attributes;
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return attributes.isEmpty();
  }

  /** The attribute of a kind. */
  public <A extends PathAttribute> Optional<A> find(Class<A> kind) {
    for (PathAttribute attribute : attributes) {
      if (kind.isInstance(attribute)) {
        return Optional.of(kind.cast(attribute));
      }
    }
    return Optional.empty();
  }

  /** Whether there is an attribute of this type code. */
  public boolean has(int typeCode) {
    for (PathAttribute attribute : attributes) {
      if (attribute.typeCode() == typeCode) {
        return true;
      }
    }
    return false;
  }

  /** The set with this attribute in place of the one of its type. */
  public PathAttributes with(PathAttribute attribute) {
    List<PathAttribute> result = new ArrayList<>(attributes.size() + 1);
    for (PathAttribute each : attributes) {
      if (each.typeCode() != attribute.typeCode()) {
        result.add(each);
      }
    }
    result.add(attribute);
    return of(result).withPartialOf(this);
  }

  /** The set without the attribute of a kind. */
  public PathAttributes without(Class<? extends PathAttribute> kind) {
    if (find(kind).isEmpty()) {
      return this;
    }
    return of(attributes.stream().filter(each -> !kind.isInstance(each)).toList())
        .withPartialOf(this);
  }

  /** ORIGIN; INCOMPLETE when there is none. */
  public Origin origin() {
    return find(Origin.class).orElse(Origin.INCOMPLETE);
  }

  /** AS_PATH; empty when there is none. */
  public AsPath asPath() {
    return find(AsPath.class).orElse(AsPath.EMPTY);
  }

  /** NEXT_HOP. */
  public Optional<InetAddress> nextHop() {
    return find(NextHop.class).map(NextHop::address);
  }

  /** MULTI_EXIT_DISC, or -1. */
  public long med() {
    return find(Med.class).map(Med::value).orElse(-1L);
  }

  /** LOCAL_PREF, or -1. */
  public long localPref() {
    return find(LocalPref.class).map(LocalPref::value).orElse(-1L);
  }

  /** COMMUNITIES. */
  public List<Community> communities() {
    return find(Communities.class).map(Communities::values).orElse(List.of());
  }

  /** LARGE_COMMUNITY. */
  public List<LargeCommunity> largeCommunities() {
    return find(LargeCommunities.class).map(LargeCommunities::values).orElse(List.of());
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof PathAttributes that
            && hash == that.hash
            && partial == that.partial
            && attributes.equals(that.attributes));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return attributes.toString();
  }
}
