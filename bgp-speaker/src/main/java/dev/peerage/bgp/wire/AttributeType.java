package dev.peerage.bgp.wire;

import java.util.Optional;

/** The path attributes that Peerage interprets, with the flags that they must have. */
enum AttributeType {
  ORIGIN(1, Flags.WELL_KNOWN),
  AS_PATH(2, Flags.WELL_KNOWN),
  NEXT_HOP(3, Flags.WELL_KNOWN),
  MULTI_EXIT_DISC(4, Flags.OPTIONAL),
  LOCAL_PREF(5, Flags.WELL_KNOWN),
  ATOMIC_AGGREGATE(6, Flags.WELL_KNOWN),
  AGGREGATOR(7, Flags.OPTIONAL | Flags.TRANSITIVE),
  COMMUNITIES(8, Flags.OPTIONAL | Flags.TRANSITIVE), // RFC 1997
  ORIGINATOR_ID(9, Flags.OPTIONAL), // RFC 4456
  CLUSTER_LIST(10, Flags.OPTIONAL), // RFC 4456
  MP_REACH_NLRI(14, Flags.OPTIONAL), // RFC 4760
  MP_UNREACH_NLRI(15, Flags.OPTIONAL), // RFC 4760
  EXTENDED_COMMUNITIES(16, Flags.OPTIONAL | Flags.TRANSITIVE), // RFC 4360
  AS4_PATH(17, Flags.OPTIONAL | Flags.TRANSITIVE), // RFC 6793
  AS4_AGGREGATOR(18, Flags.OPTIONAL | Flags.TRANSITIVE), // RFC 6793
  IPV6_EXTENDED_COMMUNITIES(25, Flags.OPTIONAL | Flags.TRANSITIVE), // RFC 5701
  LARGE_COMMUNITY(32, Flags.OPTIONAL | Flags.TRANSITIVE); // RFC 8092

  /** The flag octet of an attribute (RFC 4271 section 4.3). */
  static final class Flags {
    static final int OPTIONAL = 0x80;
    static final int TRANSITIVE = 0x40;
    static final int PARTIAL = 0x20;
    static final int EXTENDED_LENGTH = 0x10;
    static final int WELL_KNOWN = TRANSITIVE;

    private Flags() {}
  }

  private static final AttributeType[] BY_CODE = new AttributeType[33];

  static {
    for (AttributeType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final int code;
  private final int flags;

  AttributeType(int code, int flags) {
    this.code = code;
    this.flags = flags;
  }

  int code() {
    return code;
  }

  int flags() {
    return flags;
  }

  /** Only those can be partial (RFC 4271 section 4.3). */
  boolean optionalTransitive() {
    return flags == (Flags.OPTIONAL | Flags.TRANSITIVE);
  }

  static Optional<AttributeType> of(int code) {
    return code < BY_CODE.length ? Optional.ofNullable(BY_CODE[code]) : Optional.empty();
  }
}
