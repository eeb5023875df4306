package dev.peerage.bgp.transport;

import io.netty.channel.ChannelFuture;
import java.util.function.Consumer;

/** A connection that is being opened. */
public final class Dial {
  private final ChannelFuture connecting;

  Dial(ChannelFuture connecting) {
    this.connecting = connecting;
  }

  /** Calls the listener with the cause, on the event loop, when the dial fails. */
  public void onFailure(Consumer<Throwable> listener) {
    connecting.addListener((ChannelFuture done) -> {
      if (!done.isSuccess() && !done.isCancelled()) {
        listener.accept(done.cause());
      }
    });
  }

  /** Gives the dial up; does nothing to a connection that is there already. */
  public void cancel() {
    if (connecting.cancel(false)) {
      connecting.channel().close();
    }
  }
}
