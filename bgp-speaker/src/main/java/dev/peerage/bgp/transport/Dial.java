package dev.peerage.bgp.transport;

import dev.peerage.bgp.wire.IpText;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connection that is being opened. */
public final class Dial {
  private final Future<Void> connecting;
  private final @Nullable Channel channel;
  private final @Nullable InetSocketAddress source;

  Dial(Future<Void> connecting, @Nullable Channel channel, @Nullable InetSocketAddress source) {
    this.connecting = connecting;
    this.channel = channel;
    this.source = source;
  }

  /**
   * Calls the listener with the cause, on the event loop, when the dial fails; a {@link
   * Misconfigured} when this host cannot dial like that at all.
   */
  public void onFailure(Consumer<Throwable> listener) {
    connecting.addListener(
        (FutureListener<Void>)
            done -> {
              if (!done.isSuccess() && !done.isCancelled()) {
                listener.accept(explained(done.cause()));
              }
            });
  }

  private Throwable explained(Throwable cause) {
    boolean bind = cause.getMessage() != null && cause.getMessage().startsWith("bind(");
    return bind && source != null
        ? new Misconfigured(
            "the source address "
                + IpText.of(source.getAddress())
                + " cannot be used: "
                + Cause.words(cause))
        : cause;
  }

  /** Gives the dial up; does nothing to a connection that is there already. */
  public void cancel() {
    if (connecting.cancel(false) && channel != null) {
      channel.close();
    }
  }
}
