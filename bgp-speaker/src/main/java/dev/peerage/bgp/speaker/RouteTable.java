package dev.peerage.bgp.speaker;

/** A table of routes that can be asked for. */
public sealed interface RouteTable {
  /** The loc-rib: local routes, and accepted received ones ({@code available}). */
  record LocRib() implements RouteTable {}

  /**
   * What a peer sent ({@code received}).
   *
   * @param peer the peer's name
   */
  record AdjRibIn(String peer) implements RouteTable {}

  /**
   * What a peer was sent ({@code advertised}).
   *
   * @param peer the peer's name
   */
  record AdjRibOut(String peer) implements RouteTable {}
}
