package dev.peerage.bgp.wire;

import java.util.List;
import java.util.Optional;

/** A capability of the OPEN message (RFC 5492). */
public sealed interface Capability {
  /** The code on the wire, 0 to 255. */
  int code();

  /** A pair of code points, known to Peerage or not. */
  record Family(int afi, int safi) {
    /** Checks the ranges. */
    public Family {
      Ranges.check(afi, 0xffff, "AFI");
      Ranges.check(safi, 0xff, "SAFI");
    }

    /** The code points of a family. */
    public static Family of(AddressFamily family) {
      return new Family(family.afi(), family.safi());
    }

    /** The family, or empty when Peerage does not carry it. */
    public Optional<AddressFamily> known() {
      return AddressFamily.of(afi, safi);
    }
  }

  /** Multiprotocol extensions (RFC 4760 section 8). */
  record Multiprotocol(Family family) implements Capability {
    static final int CODE = 1;

    /** The capability for a family. */
    public static Multiprotocol of(AddressFamily family) {
      return new Multiprotocol(Family.of(family));
    }

    @Override
    public int code() {
      return CODE;
    }
  }

  /** Route refresh (RFC 2918). */
  record RouteRefresh() implements Capability {
    static final int CODE = 2;

    @Override
    public int code() {
      return CODE;
    }
  }

  /** Extended next hop encoding (RFC 8950). */
  record ExtendedNextHop(List<Encoding> entries) implements Capability {
    static final int CODE = 5;

    /** Copies the list. */
    public ExtendedNextHop {
      entries = List.copyOf(entries);
    }

    /**
     * NLRI of a family may have next hops of another one.
     *
     * @param family whose NLRI
     * @param nextHopAfi 2 for IPv6
     */
    public record Encoding(Family family, int nextHopAfi) {
      /** Checks the range. */
      public Encoding {
        Ranges.check(nextHopAfi, 0xffff, "next hop AFI");
      }
    }

    @Override
    public int code() {
      return CODE;
    }
  }

  /** Extended message: up to 65535 bytes (RFC 8654). */
  record ExtendedMessage() implements Capability {
    static final int CODE = 6;

    @Override
    public int code() {
      return CODE;
    }
  }

  /**
   * Graceful restart (RFC 4724).
   *
   * @param restarting the R bit: this speaker has restarted
   * @param notification the N bit (RFC 8538)
   * @param restartTime seconds until the session should be up again, 0 to 4095
   * @param families the families whose routes survive
   */
  record GracefulRestart(
      boolean restarting, boolean notification, int restartTime, List<FamilyState> families)
      implements Capability {
    static final int CODE = 64;

    /** Checks the range and copies the list. */
    public GracefulRestart {
      Ranges.check(restartTime, 0xfff, "restart time");
      families = List.copyOf(families);
    }

    /**
     * A family.
     *
     * @param family the family
     * @param forwarding the F bit: forwarding state was kept
     */
    public record FamilyState(Family family, boolean forwarding) {}

    @Override
    public int code() {
      return CODE;
    }
  }

  /**
   * Four-octet ASN (RFC 6793).
   *
   * @param asn 0 to 4294967295
   */
  record FourOctetAsn(long asn) implements Capability {
    static final int CODE = 65;

    /** Checks the range. */
    public FourOctetAsn {
      Ranges.check(asn, Ranges.UNSIGNED_32, "ASN");
    }

    @Override
    public int code() {
      return CODE;
    }
  }

  /**
   * Long-lived graceful restart (RFC 9494).
   *
   * @param families the families whose routes stay after the restart time
   */
  record LongLivedGracefulRestart(List<FamilyTime> families) implements Capability {
    static final int CODE = 71;

    /** Copies the list. */
    public LongLivedGracefulRestart {
      families = List.copyOf(families);
    }

    /**
     * A family.
     *
     * @param family the family
     * @param forwarding the F bit: forwarding state was kept
     * @param staleTime seconds that the routes stay after the restart time, 0 to 16777215
     */
    public record FamilyTime(Family family, boolean forwarding, int staleTime) {
      /** Checks the range. */
      public FamilyTime {
        Ranges.check(staleTime, 0xff_ffff, "long-lived stale time");
      }
    }

    @Override
    public int code() {
      return CODE;
    }
  }

  /** Several paths per prefix (RFC 7911). */
  record AddPath(List<FamilyMode> families) implements Capability {
    static final int CODE = 69;

    /** Copies the list. */
    public AddPath {
      families = List.copyOf(families);
    }

    /**
     * A family.
     *
     * @param family the family
     * @param mode 1 receive, 2 send, 3 both; other values are to be ignored
     */
    public record FamilyMode(Family family, int mode) {
      /** Checks the range. */
      public FamilyMode {
        Ranges.check(mode, 0xff, "add-path mode");
      }
    }

    @Override
    public int code() {
      return CODE;
    }
  }

  /** Enhanced route refresh (RFC 7313). */
  record EnhancedRouteRefresh() implements Capability {
    static final int CODE = 70;

    @Override
    public int code() {
      return CODE;
    }
  }

  /**
   * The speaker's name (draft-walton-bgp-hostname-capability), which FRR and GoBGP announce. At
   * most 64 bytes of UTF-8 each are kept.
   */
  record Fqdn(String hostName, String domainName) implements Capability {
    static final int CODE = 73;
    private static final int PART = 64; // so that both parts fit into one capability

    /** Cuts what is too long at a character. */
    public Fqdn {
      hostName = Utf8.cut(hostName, PART);
      domainName = Utf8.cut(domainName, PART);
    }

    @Override
    public int code() {
      return CODE;
    }
  }

  /**
   * Any other capability, or a known one with a length that makes no sense: never an error (RFC
   * 5492 section 3).
   *
   * @param code 0 to 255
   * @param value the value, at most 65535 bytes
   */
  record Unknown(int code, Bytes value) implements Capability {
    /** Checks the range. */
    public Unknown {
      Ranges.check(code, 0xff, "capability code");
    }
  }
}
