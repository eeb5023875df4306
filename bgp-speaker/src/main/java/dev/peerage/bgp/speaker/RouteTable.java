package dev.peerage.bgp.speaker;

/** A table of routes that can be asked for. */
public sealed interface RouteTable {
  /** The loc-rib: local routes, and accepted received ones ({@code available}). */
  record LocRib() implements RouteTable {}

  /** What a peer sent ({@code received}). */
  record AdjRibIn(String peer) implements RouteTable {}

  /** What a peer was sent ({@code advertised}). */
  record AdjRibOut(String peer) implements RouteTable {}
}
