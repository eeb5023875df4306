package dev.peerage.bgp.transport;

import dev.peerage.bgp.wire.Message;
import dev.peerage.bgp.wire.Notification;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Any bytes on a connection. However the stream is cut into segments, the same is heard, and after
 * a malformed message nothing.
 */
public final class FrameFuzz {
  private FrameFuzz() {}

  /** Called by Jazzer and by the replay of the corpus. The first byte says how to cut the rest. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    List<String> whole = heard(input, input.length);
    List<String> cut = heard(input, 1 + (input[0] & 0x1f));
    if (!whole.equals(cut)) {
      throw new AssertionError(whole + " in one segment, else " + cut);
    }
  }

  private static List<String> heard(byte[] input, int segment) {
    List<String> heard = new ArrayList<>();
    EmbeddedChannel channel = new EmbeddedChannel();
    Connection.install(channel, new Ear(heard), false, Tasks.on(channel.eventLoop()));
    try {
      for (int at = 1; at < input.length && channel.isOpen(); at += segment) {
        ByteBuf bytes = channel.alloc().buffer();
        bytes.writeBytes(input, at, Math.min(segment, input.length - at));
        channel.writeInbound(bytes);
      }
      channel.checkException();
    } finally {
      channel.finishAndReleaseAll();
    }
    heard.stream()
        .filter(each -> each.startsWith("fault"))
        .findFirst()
        .ifPresent(fault -> {
          throw new AssertionError(fault);
        });
    int end = heard.indexOf("malformed");
    if (end >= 0 && end != heard.size() - 1) {
      throw new AssertionError("heard after a malformed message: " + heard);
    }
    return heard;
  }

  /** Closes the connection after a malformed message, as the session does. */
  private record Ear(List<String> heard) implements ConnectionEvents {
    @Override
    public void connected(Connection connection) {}

    @Override
    public void received(Connection connection, Message message) {
      heard.add(message.toString());
    }

    @Override
    public void malformed(Connection connection, Notification answer, String cause) {
      heard.add("malformed");
      connection.close();
    }

    @Override
    public Traffic inbound() {
      return new Traffic();
    }

    @Override
    public Traffic outbound() {
      return new Traffic();
    }

    @Override
    public void writable(Connection connection) {}

    @Override
    public void closed(Connection connection, String cause) {}

    @Override
    public void broke(Connection connection, Throwable fault) {
      heard.add("fault: " + fault);
    }
  }
}
