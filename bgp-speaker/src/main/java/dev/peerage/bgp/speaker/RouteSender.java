package dev.peerage.bgp.speaker;

import dev.peerage.bgp.transport.Connection;
import dev.peerage.bgp.transport.Tasks;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Brings the differences of an adj-rib-out to an Established session. A table leaves in slices, one
 * per turn of the event loop, so that keepalives and other peers never wait for it; a peer that
 * does not read gets nothing more until it does, and what it then gets is decided then.
 */
final class RouteSender {
  // Well below a millisecond of encoding.
  private static final int SLICE_BYTES = 64 * 1024;

  private final Connection connection;
  private final Tasks tasks;
  private final Supplier<Optional<ByteBuf>> messages;
  private final Runnable taken;
  private boolean scheduled;
  private boolean stopped;

  /**
   * @param messages takes the next of what the peer has to be told
   * @param taken called after messages were taken
   */
  RouteSender(
      Connection connection, Tasks tasks, Supplier<Optional<ByteBuf>> messages, Runnable taken) {
    this.connection = connection;
    this.tasks = tasks;
    this.messages = messages;
    this.taken = taken;
  }

  /** There may be differences. They leave at the end of this turn of the event loop. */
  void wake() {
    if (!scheduled && !stopped) {
      scheduled = true;
      tasks.execute(this::slice);
    }
  }

  /** The session is over. */
  void stop() {
    stopped = true;
  }

  private void slice() {
    scheduled = false;
    int bytes = 0;
    while (!stopped && bytes < SLICE_BYTES && connection.writable()) {
      Optional<ByteBuf> next = messages.get();
      if (next.isEmpty()) {
        break;
      }
      bytes += next.get().readableBytes();
      connection.send(next.get());
    }
    if (bytes > 0) {
      taken.run();
    }
    if (bytes >= SLICE_BYTES) {
      wake(); // When the connection is not writable, its events do.
    }
  }
}
