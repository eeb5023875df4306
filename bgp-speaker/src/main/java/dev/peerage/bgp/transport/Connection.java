package dev.peerage.bgp.transport;

import dev.peerage.bgp.wire.CodecContext;
import dev.peerage.bgp.wire.MalformedMessageException;
import dev.peerage.bgp.wire.Message;
import dev.peerage.bgp.wire.MessageCodec;
import dev.peerage.bgp.wire.MessageType;
import dev.peerage.bgp.wire.Open;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A TCP connection that carries BGP messages. To be used on its event loop only. */
public final class Connection {
  // How long a peer may take to read the last NOTIFICATION and close.
  private static final Duration LINGER = Duration.ofSeconds(1);

  private final Channel channel;
  private final ConnectionEvents events;
  private final boolean dialed;
  private final Tasks tasks;
  private CodecContext context = CodecContext.INITIAL;
  private @Nullable Open sentOpen;
  private @Nullable Open receivedOpen;
  private ByteBuf handled = Unpooled.EMPTY_BUFFER;
  private boolean ended;
  private boolean flushes;
  private long queued;

  private Connection(Channel channel, ConnectionEvents events, boolean dialed, Tasks larger) {
    this.channel = channel;
    this.events = events;
    this.dialed = dialed;
    this.tasks = larger.of(Tasks.Part.SESSION, channel, this::broke);
  }

  /**
   * Makes the channel a connection.
   *
   * @param larger the tasks of whom the connection belongs to
   */
  static void install(Channel channel, ConnectionEvents events, boolean dialed, Tasks larger) {
    channel.pipeline().addLast(new Connection(channel, events, dialed, larger).new Handler());
  }

  /** Whether this side opened it. */
  public boolean dialed() {
    return dialed;
  }

  /** The OPEN that this side sent last. */
  public Optional<Open> sentOpen() {
    return Optional.ofNullable(sentOpen);
  }

  /** The OPEN that arrived last. */
  public Optional<Open> receivedOpen() {
    return Optional.ofNullable(receivedOpen);
  }

  /** This side's socket address. */
  public InetSocketAddress local() {
    return (InetSocketAddress) channel.localAddress();
  }

  /** The peer's socket address. */
  public InetSocketAddress remote() {
    return (InetSocketAddress) channel.remoteAddress();
  }

  /**
   * The message that {@link ConnectionEvents} is being told of, as hexadecimal digits for a log;
   * empty at any other time. Of an extended message only the first {@value CodecContext#MAX_LENGTH}
   * bytes.
   */
  public String handled() {
    int length = handled.writerIndex();
    String start = ByteBufUtil.hexDump(handled, 0, Math.min(length, CodecContext.MAX_LENGTH));
    return length > CodecContext.MAX_LENGTH ? start + "… of " + length + " bytes" : start;
  }

  /** Encodes and decodes like this from the next message on. */
  public void use(CodecContext negotiated) {
    context = negotiated;
  }

  /** Whether the peer keeps up with what is written. Small messages may be sent all the same. */
  public boolean writable() {
    return channel.isWritable();
  }

  /** Queues a message; it leaves with all others of this turn of the event loop. */
  public void send(Message message) {
    ByteBuf out = channel.alloc().buffer();
    MessageCodec.encode(message, context, out);
    if (message instanceof Open open) {
      sentOpen = open;
    }
    send(out);
  }

  /** Queues encoded messages and releases the buffer once written. */
  public void send(ByteBuf messages) {
    count(messages);
    long before = waiting();
    channel.write(messages, channel.voidPromise());
    queued += waiting() - before;
    if (!flushes) {
      flushes = true;
      tasks.execute(this::flush);
    }
  }

  private void count(ByteBuf messages) {
    int at = messages.readerIndex();
    while (at < messages.writerIndex()) {
      int length = messages.getUnsignedShort(at + MessageCodec.HEADER_LENGTH - 3);
      count(events.outbound(), messages.getByte(at + MessageCodec.HEADER_LENGTH - 1), length);
      at += length;
    }
  }

  private static void count(Traffic traffic, int type, int length) {
    MessageType.of(type).ifPresent(known -> traffic.add(known, length));
  }

  /**
   * What the system's socket buffer did not take yet, and what it took.
   *
   * @param waiting octets that wait, more or less: the queue's own overhead counts too
   * @param taken grows with each octet that leaves; only differences mean something
   */
  public record Backlog(long waiting, long taken) {}

  /** How the output goes. */
  public Backlog backlog() {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    long waiting = waiting();
    return new Backlog(waiting, queued - waiting + (buffer == null ? 0 : buffer.currentProgress()));
  }

  private long waiting() {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  private void flush() {
    flushes = false;
    channel.flush();
  }

  /**
   * Ends the connection: what is queued is written, then the peer has a moment to read it. Closing
   * with unread input would reset the connection and could destroy the last NOTIFICATION.
   */
  public void close() {
    if (ended) {
      return;
    }
    ended = true;
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener((ChannelFutureListener) this::closeOutput);
    tasks.schedule(channel::close, LINGER);
  }

  /** Ends the connection with a reset; what was not written is lost. */
  public void abort() {
    ended = true;
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    channel.close();
  }

  private void closeOutput(ChannelFuture written) {
    tasks.run(() -> {
      if (written.isSuccess() && channel instanceof DuplexChannel duplex) {
        duplex.shutdownOutput();
      } else {
        channel.close();
      }
    });
  }

  /** Completes when the socket is closed. */
  public ChannelFuture closed() {
    return channel.closeFuture();
  }

  private void fail(String cause) {
    if (!ended) {
      ended = true;
      events.closed(this, cause);
    }
    channel.close();
  }

  private void broke(Throwable fault) {
    try {
      if (!ended) {
        events.broke(this, fault);
      }
    } finally {
      if (!ended) {
        ended = true;
        channel.close();
      }
    }
  }

  /** Cuts the stream into messages; nothing is buffered but what arrived of the next message. */
  private final class Handler extends ByteToMessageDecoder {
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      events.connected(Connection.this);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
      if (ended) {
        in.skipBytes(in.readableBytes());
        return;
      }
      Message message;
      int length;
      int start = in.readerIndex();
      try {
        length = MessageCodec.frameLength(in, context);
        if (length == 0 || in.readableBytes() < length) {
          return;
        }
        handled = in.slice(start, length);
        message = MessageCodec.decode(in.readSlice(length), context);
      } catch (MalformedMessageException e) {
        handled = in.slice(start, in.writerIndex() - start);
        tell(() -> events.malformed(Connection.this, e.error().notification(), e.error().reason()));
        in.skipBytes(in.readableBytes());
        return;
      }
      events.inbound().add(message.type(), length);
      if (message instanceof Open open) {
        receivedOpen = open;
      }
      tell(() -> events.received(Connection.this, message));
    }

    private void tell(Runnable news) {
      try {
        news.run();
      } finally {
        handled = Unpooled.EMPTY_BUFFER;
      }
    }

    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
      // A message that the end of the stream cuts off is none.
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      if (!ended && channel.isWritable()) {
        events.writable(Connection.this);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
      super.channelInactive(ctx);
      fail("the peer closed the connection");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      if (cause instanceof IOException) {
        fail(Cause.words(cause));
      } else {
        tasks.failed(
            cause instanceof DecoderException && cause.getCause() != null
                ? cause.getCause()
                : cause);
      }
    }
  }
}
