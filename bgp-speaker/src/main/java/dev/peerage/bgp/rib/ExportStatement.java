package dev.peerage.bgp.rib;

import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.LargeCommunity;
import java.util.List;
import java.util.OptionalLong;

/**
 * Accepts exactly these prefixes and sets their attributes.
 *
 * @param name for example {@code Service-webpod-default-LoadBalancerIP-ipv4}
 * @param prefixes matched exactly, address and length
 * @param attributes what is set on the way out
 */
public record ExportStatement(String name, PrefixSet prefixes, Attributes attributes) {
  /**
   * Attributes set on export.
   *
   * @param localPreference LOCAL_PREF to internal peers, 0 to 4294967295; 100 is the default.
   *     External peers never see it
   * @param communities RFC 1997
   * @param largeCommunities RFC 8092
   */
  public record Attributes(
      long localPreference, List<Community> communities, List<LargeCommunity> largeCommunities) {
    /** LOCAL_PREF 100, no communities. */
    public static final Attributes DEFAULT = new Attributes(100, List.of(), List.of());

    /** Copies the lists. */
    public Attributes {
      communities = List.copyOf(communities);
      largeCommunities = List.copyOf(largeCommunities);
    }

    /** The local preference when it is not the default, for tables. */
    public OptionalLong configuredLocalPreference() {
      return localPreference == 100 ? OptionalLong.empty() : OptionalLong.of(localPreference);
    }
  }
}
