package dev.peerage.bgp.rib;

/** What the decision process made of a route (RFC 4271 section 9.1). */
public enum Selection {
  /** The best route of its prefix. */
  BEST,
  /** As good as the best one up to the internal-or-external step: used beside it. */
  MULTIPATH,
  /** Known and eligible, not used. */
  VALID,
  /** Kept and counted only; the {@link Verdict} says why. */
  REJECTED,
  /** As {@link #REJECTED}, and there was no room for the attributes, which are missing. */
  NOT_KEPT
}
