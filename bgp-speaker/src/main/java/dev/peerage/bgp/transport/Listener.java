package dev.peerage.bgp.transport;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening socket. When its address cannot be bound it is tried again, 1 s later, then 2, 4 … up
 * to 30 s. To be used on the event loop only.
 */
public final class Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
  private static final int LONGEST_SECONDS = 30;

  private final Network network;
  private final InetSocketAddress address;
  private final String title;
  private final Function<InetSocketAddress, Optional<Network.Admission>> admission;
  private @Nullable Channel channel;
  private String problem = "";
  private boolean closed;

  private Listener(
      Network network,
      InetSocketAddress address,
      String title,
      Function<InetSocketAddress, Optional<Network.Admission>> admission) {
    this.network = network;
    this.address = address;
    this.title = title;
    this.admission = admission;
  }

  /**
   * Starts to listen.
   *
   * @param title whose listener it is, for logs
   * @param admission who gets the connection from a remote socket; empty = it is closed
   */
  public static Listener start(
      Network network,
      InetSocketAddress address,
      String title,
      Function<InetSocketAddress, Optional<Network.Admission>> admission) {
    Listener listener = new Listener(network, address, title, admission);
    listener.bind(1);
    return listener;
  }

  /** Why it does not listen, in words; empty when it does. */
  public String problem() {
    return problem;
  }

  /** Closes the socket at once. */
  public void close() {
    closed = true;
    if (channel != null) {
      channel.close();
    }
  }

  private void bind(int nextTrySeconds) {
    if (closed) {
      return;
    }
    network
        .listen(address, admission)
        .whenComplete((bound, failure) -> {
          if (failure != null) {
            retry(failure, nextTrySeconds);
          } else if (closed) {
            bound.close();
          } else {
            channel = bound;
            problem = "";
            LOG.info("{}: listens on {}", title, bound.localAddress());
          }
        });
  }

  private void retry(Throwable failure, int seconds) {
    problem = "cannot listen on " + address + ": " + Cause.words(failure);
    LOG.error("{}: {}; tries again in {} s", title, problem, seconds);
    network
        .loop()
        .schedule(() -> bind(Math.min(LONGEST_SECONDS, 2 * seconds)), seconds, TimeUnit.SECONDS);
  }
}
