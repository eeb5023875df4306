package dev.peerage.host;

/** The operational state of a link, RFC 2863 §3.1.14 with the numbers of Linux. */
public enum OperState {
  /** The driver does not say; virtual links such as loopback stay here for ever. */
  UNKNOWN,
  /** A component is missing. */
  NOTPRESENT,
  /** Cannot pass packets. */
  DOWN,
  /** The link below is down, for example of a VLAN. */
  LOWERLAYERDOWN,
  TESTING,
  /** Waits for an outside event, for example 802.1X. */
  DORMANT,
  /** Passes packets. */
  UP;

  /** The state that Linux numbers so; a number of a newer kernel is {@link #UNKNOWN}. */
  static OperState of(int number) {
    OperState[] all = values();
    return number >= 0 && number < all.length ? all[number] : UNKNOWN;
  }
}
