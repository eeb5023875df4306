package dev.peerage.bgp.wire;

/** The ORIGIN attribute's values (RFC 4271 section 4.3). */
public enum Origin implements PathAttribute {
  IGP(0, "i"),
  EGP(1, "e"),
  INCOMPLETE(2, "?");

  private final int code;
  private final String symbol;

  Origin(int code, String symbol) {
    this.code = code;
    this.symbol = symbol;
  }

  @Override
  public int typeCode() {
    return AttributeType.ORIGIN.code();
  }

  /** The value on the wire. */
  public int code() {
    return code;
  }

  /** The letter that routers show: {@code i}, {@code e} or {@code ?}. */
  public String symbol() {
    return symbol;
  }
}
