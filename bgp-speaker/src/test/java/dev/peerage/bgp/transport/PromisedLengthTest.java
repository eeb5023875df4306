package dev.peerage.bgp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.wire.CodecContext;
import dev.peerage.bgp.wire.Message;
import dev.peerage.bgp.wire.Notification;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A length field is a promise; memory is for what arrived. */
class PromisedLengthTest {
  /** The header of an UPDATE of 65535 bytes, the longest there is. */
  private static final String HEADER = "ff".repeat(16) + "ffff" + "02";

  /** Netty rounds up small buffers to this much. */
  private static final int ROUNDED = 512;

  private final CountingAllocator allocator = new CountingAllocator();

  @Test
  void aHeaderCostsAHeaderWhateverItPromises() {
    EmbeddedChannel channel = channel();
    channel.writeInbound(bytes(HEADER));

    assertThat(channel.isOpen()).isTrue();
    assertThat(allocator.held()).isBetween(19L, (long) ROUNDED);
    channel.finishAndReleaseAll();
    assertThat(allocator.held()).isZero();
  }

  @Test
  void aMessageThatTricklesInCostsNoMoreThanTwiceWhatArrived() {
    EmbeddedChannel channel = channel();
    channel.writeInbound(bytes(HEADER));
    for (int arrived = 19; arrived < 20_000; arrived += 100) {
      channel.writeInbound(bytes("00".repeat(100)));

      assertThat(allocator.held()).isLessThanOrEqualTo(Math.max(ROUNDED, 2 * (arrived + 100)));
    }
    assertThat(channel.isOpen()).isTrue();
    channel.finishAndReleaseAll();
    assertThat(allocator.held()).isZero();
  }

  /** The session agreed on extended messages. */
  private EmbeddedChannel channel() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAllocator(allocator);
    Connection.install(channel, new Extended(), false, Tasks.on(channel.eventLoop()));
    channel.pipeline().fireChannelActive();
    return channel;
  }

  private ByteBuf bytes(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    return allocator.heapBuffer(bytes.length).writeBytes(bytes);
  }

  private record Extended() implements ConnectionEvents {
    @Override
    public void connected(Connection connection) {
      connection.use(new CodecContext(true, true, false, Set.of()));
    }

    @Override
    public void received(Connection connection, Message message) {
      throw new AssertionError(message);
    }

    @Override
    public void malformed(Connection connection, Notification answer, String cause) {
      throw new AssertionError(cause);
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
      throw new AssertionError(fault);
    }
  }

  /** Counts the bytes of all buffers that are not released. */
  private static final class CountingAllocator extends AbstractByteBufAllocator {
    private final UnpooledByteBufAllocator all = new UnpooledByteBufAllocator(false);

    long held() {
      return all.metric().usedHeapMemory() + all.metric().usedDirectMemory();
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
      return all.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
      return all.directBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
      return false;
    }
  }
}
