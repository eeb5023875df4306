package dev.peerage.bgp.wire;

import dev.peerage.bgp.wire.AttributeType.Flags;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/** A path attribute (RFC 4271 section 5). */
public sealed interface PathAttribute
    permits Origin,
        AsPath,
        PathAttribute.NextHop,
        PathAttribute.Med,
        PathAttribute.LocalPref,
        PathAttribute.AtomicAggregate,
        PathAttribute.Aggregator,
        PathAttribute.Communities,
        PathAttribute.OriginatorId,
        PathAttribute.ClusterList,
        PathAttribute.MpReach,
        PathAttribute.MpUnreach,
        PathAttribute.ExtendedCommunities,
        PathAttribute.Ipv6ExtendedCommunities,
        PathAttribute.LargeCommunities,
        PathAttribute.Unknown {

  /** The type code on the wire, 0 to 255. */
  int typeCode();

  /**
   * NEXT_HOP. In a RIB also the next hop of routes that travel in MP_REACH_NLRI; where the address
   * of an IPv6 route is an IPv4 one, the wire has it IPv4-mapped.
   */
  record NextHop(InetAddress address) implements PathAttribute {
    @Override
    public int typeCode() {
      return AttributeType.NEXT_HOP.code();
    }
  }

  /**
   * MULTI_EXIT_DISC.
   *
   * @param value 0 to 4294967295
   */
  record Med(long value) implements PathAttribute {
    /** Checks the range. */
    public Med {
      Ranges.check(value, Ranges.UNSIGNED_32, "MULTI_EXIT_DISC");
    }

    @Override
    public int typeCode() {
      return AttributeType.MULTI_EXIT_DISC.code();
    }
  }

  /**
   * LOCAL_PREF.
   *
   * @param value 0 to 4294967295
   */
  record LocalPref(long value) implements PathAttribute {
    /** Checks the range. */
    public LocalPref {
      Ranges.check(value, Ranges.UNSIGNED_32, "LOCAL_PREF");
    }

    @Override
    public int typeCode() {
      return AttributeType.LOCAL_PREF.code();
    }
  }

  /** ATOMIC_AGGREGATE. */
  record AtomicAggregate() implements PathAttribute {
    @Override
    public int typeCode() {
      return AttributeType.ATOMIC_AGGREGATE.code();
    }
  }

  /**
   * AGGREGATOR.
   *
   * @param asn 0 to 4294967295
   * @param address the aggregating router
   */
  record Aggregator(long asn, Inet4Address address) implements PathAttribute {
    /** Checks the range. */
    public Aggregator {
      Ranges.check(asn, Ranges.UNSIGNED_32, "AGGREGATOR ASN");
    }

    @Override
    public int typeCode() {
      return AttributeType.AGGREGATOR.code();
    }
  }

  /** COMMUNITIES (RFC 1997). */
  record Communities(List<Community> values) implements PathAttribute {
    /** Copies the list. */
    public Communities {
      values = List.copyOf(values);
    }

    @Override
    public int typeCode() {
      return AttributeType.COMMUNITIES.code();
    }
  }

  /** ORIGINATOR_ID (RFC 4456). */
  record OriginatorId(Inet4Address id) implements PathAttribute {
    @Override
    public int typeCode() {
      return AttributeType.ORIGINATOR_ID.code();
    }
  }

  /** CLUSTER_LIST (RFC 4456). */
  record ClusterList(List<Inet4Address> ids) implements PathAttribute {
    /** Copies the list. */
    public ClusterList {
      ids = List.copyOf(ids);
    }

    @Override
    public int typeCode() {
      return AttributeType.CLUSTER_LIST.code();
    }
  }

  /**
   * MP_REACH_NLRI (RFC 4760).
   *
   * @param nextHop the next hop; of a pair with a link-local address the global one
   * @param prefixes the routes, with their family
   */
  record MpReach(InetAddress nextHop, PrefixList prefixes) implements PathAttribute {
    @Override
    public int typeCode() {
      return AttributeType.MP_REACH_NLRI.code();
    }
  }

  /** MP_UNREACH_NLRI (RFC 4760). */
  record MpUnreach(PrefixList prefixes) implements PathAttribute {
    @Override
    public int typeCode() {
      return AttributeType.MP_UNREACH_NLRI.code();
    }
  }

  /** EXTENDED_COMMUNITIES (RFC 4360). */
  record ExtendedCommunities(List<ExtendedCommunity> values) implements PathAttribute {
    /** Copies the list. */
    public ExtendedCommunities {
      values = List.copyOf(values);
    }

    @Override
    public int typeCode() {
      return AttributeType.EXTENDED_COMMUNITIES.code();
    }
  }

  /** IPv6 Address Specific Extended Community (RFC 5701). */
  record Ipv6ExtendedCommunities(List<Ipv6ExtendedCommunity> values) implements PathAttribute {
    /** Copies the list. */
    public Ipv6ExtendedCommunities {
      values = List.copyOf(values);
    }

    @Override
    public int typeCode() {
      return AttributeType.IPV6_EXTENDED_COMMUNITIES.code();
    }
  }

  /** LARGE_COMMUNITY (RFC 8092). */
  record LargeCommunities(List<LargeCommunity> values) implements PathAttribute {
    /** Copies the list. */
    public LargeCommunities {
      values = List.copyOf(values);
    }

    @Override
    public int typeCode() {
      return AttributeType.LARGE_COMMUNITY.code();
    }
  }

  /**
   * An optional attribute that Peerage does not interpret.
   *
   * @param flags Optional, Transitive and Partial. A transitive attribute is always partial: it has
   *     passed this speaker, which did not understand it (RFC 4271 section 5)
   * @param typeCode 0 to 255
   * @param value the value as received
   */
  record Unknown(int flags, int typeCode, Bytes value) implements PathAttribute {
    /** Checks the ranges and sets Partial. */
    public Unknown {
      Ranges.check(flags, 0xff, "attribute flags");
      flags &= Flags.OPTIONAL | Flags.TRANSITIVE | Flags.PARTIAL;
      flags |= (flags & Flags.TRANSITIVE) == 0 ? 0 : Flags.PARTIAL;
      Ranges.check(typeCode, 0xff, "attribute type");
    }

    /** Whether it is passed on to other peers (RFC 4271 section 5). */
    public boolean transitive() {
      return (flags & Flags.TRANSITIVE) != 0;
    }
  }
}
