package dev.peerage.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/** The open connections of a listener. Its event loop's alone. */
final class Connections {
  private final int most;
  private final Set<Channel> open = new HashSet<>();

  /** Those that wait for no answer: nothing was asked yet, or all is said. The oldest first. */
  private final Set<Channel> waiting = new LinkedHashSet<>();

  Connections(int most) {
    this.most = most;
  }

  /**
   * Takes one more. Who waits for no answer makes room for it, so that any number of connections
   * that are only open keeps nobody out who has a request to send.
   *
   * @return false when it was closed, because all others wait for an answer
   */
  boolean admit(Channel channel) {
    if (open.size() >= most) {
      Iterator<Channel> oldest = waiting.iterator();
      if (!oldest.hasNext()) {
        reset(channel);
        return false;
      }
      Channel dropped = oldest.next();
      forget(dropped);
      reset(dropped);
    }
    open.add(channel);
    waiting.add(channel);
    channel.closeFuture().addListener(_ -> forget(channel));
    return true;
  }

  /** It has sent a request. */
  void asked(Channel channel) {
    waiting.remove(channel);
  }

  /** It has its answer; what it still sends is thrown away. */
  void answered(Channel channel) {
    if (open.contains(channel)) {
      waiting.add(channel);
    }
  }

  private void forget(Channel channel) {
    open.remove(channel);
    waiting.remove(channel);
  }

  /** Closes at once, past TLS, which would first wait for its farewell to be read. */
  static void reset(Channel channel) {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.unsafe().close(channel.voidPromise());
    }
  }
}
