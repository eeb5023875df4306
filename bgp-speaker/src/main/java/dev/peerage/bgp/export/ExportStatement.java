package dev.peerage.bgp.export;

import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.LargeCommunity;
import dev.peerage.bgp.wire.Origin;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Accepts locally originated prefixes and sets their attributes: exactly those of a set, and all of
 * some families. A statement that is derived from the one before, with prefixes derived by {@link
 * PrefixSet#with} and {@link PrefixSet#without}, costs only its differences when it is applied.
 *
 * @param name for example {@code Service-webpod-default-LoadBalancerIP-ipv4}
 * @param prefixes matched exactly, address and length
 * @param families whose prefixes all match
 * @param attributes what is set on the way out
 */
public record ExportStatement(
    String name, PrefixSet prefixes, Set<AddressFamily> families, Attributes attributes) {
  public ExportStatement {
    families = Set.copyOf(families);
  }

  /** Of these prefixes only. */
  public ExportStatement(String name, PrefixSet prefixes, Attributes attributes) {
    this(name, prefixes, Set.of(), attributes);
  }

  boolean matches(AddressFamily family, long high, long low, int length) {
    return families.contains(family) || prefixes.contains(family, high, low, length);
  }

  /**
   * Attributes set on export.
   *
   * @param origin ORIGIN, RFC 4271 section 5.1.1
   * @param localPreference LOCAL_PREF to internal peers, 0 to 4294967295; 100 is the default.
   *     External peers never see it
   * @param communities RFC 1997; sent in ascending order, each once
   * @param largeCommunities RFC 8092; sent in ascending order, each once
   */
  public record Attributes(
      Origin origin,
      long localPreference,
      List<Community> communities,
      List<LargeCommunity> largeCommunities) {
    /** ORIGIN IGP, LOCAL_PREF 100, no communities. */
    public static final Attributes DEFAULT = new Attributes(100, List.of(), List.of());

    public Attributes {
      communities = List.copyOf(communities);
      largeCommunities = List.copyOf(largeCommunities);
    }

    /** With ORIGIN IGP. */
    public Attributes(
        long localPreference, List<Community> communities, List<LargeCommunity> largeCommunities) {
      this(Origin.IGP, localPreference, communities, largeCommunities);
    }

    /** The local preference when it is not the default, for tables. */
    public OptionalLong configuredLocalPreference() {
      return localPreference == 100 ? OptionalLong.empty() : OptionalLong.of(localPreference);
    }
  }
}
