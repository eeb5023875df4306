package dev.peerage.bgp.rib;

/**
 * How much memory the received routes of a speaker may take, and how much they do; all its RIBs
 * share one. Of peers whose routes are only counted and shown it keeps less: of such a peer half of
 * it at most, and attributes as long as half of that is free. What would go beyond is not kept. Of
 * peers whose routes are used everything is kept: whether they go too far is asked after each
 * UPDATE.
 */
public final class RouteBudget {
  /** Everything is kept. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  private final long limit;
  private long used;

  /** So many bytes. */
  public RouteBudget(long limit) {
    this.limit = limit;
  }

  /** What all received routes may take, in bytes. */
  public long limit() {
    return limit;
  }

  /** What all received routes take, in bytes. */
  public long used() {
    return used;
  }

  /** Whether they take more than they may. */
  public boolean isOver() {
    return used > limit;
  }

  void charge(long difference) {
    used += difference;
  }

  /** Whether one more route of a peer is kept that is not used. */
  boolean hasRoomForRoute(long bytesOfPeer) {
    return bytesOfPeer < limit / 2 && used < limit;
  }

  /** Whether attributes of a peer's routes are kept that are not used. */
  boolean hasRoomForAttributes(long bytesOfPeer, int more) {
    return bytesOfPeer + more < limit / 4 && used + more < limit / 2;
  }
}
