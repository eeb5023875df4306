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

  /** Those of which no whole request has come, the oldest first. */
  private final Set<Channel> silent = new LinkedHashSet<>();

  Connections(int most) {
    this.most = most;
  }

  /**
   * Takes one more. Who has asked for nothing yet makes room for it, so that any number of
   * connections that only wait keeps nobody out who has a request to send.
   *
   * @return false when it was closed, because all others have asked for something
   */
  boolean admit(Channel channel) {
    if (open.size() >= most) {
      Iterator<Channel> oldest = silent.iterator();
      if (!oldest.hasNext()) {
        reset(channel);
        return false;
      }
      Channel dropped = oldest.next();
      forget(dropped);
      reset(dropped);
    }
    open.add(channel);
    silent.add(channel);
    channel.closeFuture().addListener(_ -> forget(channel));
    return true;
  }

  /** It has sent a request. */
  void asked(Channel channel) {
    silent.remove(channel);
  }

  private void forget(Channel channel) {
    open.remove(channel);
    silent.remove(channel);
  }

  /** Closes at once, past TLS, which would first wait for its farewell to be read. */
  static void reset(Channel channel) {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.unsafe().close(channel.voidPromise());
    }
  }
}
