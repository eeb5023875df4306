package dev.peerage.bgp.wire;

/**
 * A standard community (RFC 1997).
 *
 * @param value the unsigned 32-bit value
 */
public record Community(long value) {
  /** The route is on its way out (RFC 8326). */
  public static final Community GRACEFUL_SHUTDOWN = new Community(0xffff_0000L);

  /** The route is kept long after its speaker went away (RFC 9494). */
  public static final Community LLGR_STALE = new Community(0xffff_0006L);

  /** The route must not be kept that long (RFC 9494). */
  public static final Community NO_LLGR = new Community(0xffff_0007L);

  /** Traffic to the prefix is to be discarded (RFC 7999). */
  public static final Community BLACKHOLE = new Community(0xffff_029aL);

  /** Not to leave the AS or confederation (RFC 1997). */
  public static final Community NO_EXPORT = new Community(0xffff_ff01L);

  /** Not to be advertised to anybody (RFC 1997). */
  public static final Community NO_ADVERTISE = new Community(0xffff_ff02L);

  /** Not to leave the AS, whatever the confederation (RFC 1997). */
  public static final Community NO_EXPORT_SUBCONFED = new Community(0xffff_ff03L);

  /** Checks the range. */
  public Community {
    Ranges.check(value, Ranges.UNSIGNED_32, "community");
  }

  /**
   * Reads {@code 65000:99} or a number of 32 bits. Throws {@link IllegalArgumentException} with the
   * reason.
   */
  public static Community parse(String text) {
    String[] parts = text.split(":", -1);
    return switch (parts.length) {
      case 1 -> new Community(Ranges.parse(text, Ranges.UNSIGNED_32, text));
      case 2 ->
          new Community(
              Ranges.parse(parts[0], 0xffff, text) << 16 | Ranges.parse(parts[1], 0xffff, text));
      default -> throw new IllegalArgumentException("'" + text + "' is no community");
    };
  }

  /** For example {@code 65000:99}. */
  @Override
  public String toString() {
    return (value >>> 16) + ":" + (value & 0xffff);
  }
}
