package dev.peerage.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * The body of an answer on its way: one piece at a time, the next one when the socket has taken it.
 * Whoever reads slowly holds up the thread that writes, and no memory beyond two pieces.
 */
final class AnswerStream extends OutputStream {
  private final Channel channel;
  private final byte[] piece = new byte[HttpBounds.WRITE];
  private int length;

  AnswerStream(Channel channel) {
    this.channel = channel;
  }

  @Override
  public void write(int octet) throws IOException {
    if (length == piece.length) {
      send();
    }
    piece[length++] = (byte) octet;
  }

  @Override
  public void write(byte[] octets, int from, int count) throws IOException {
    int at = from;
    int left = count;
    while (left > 0) {
      if (length == piece.length) {
        send();
      }
      int taken = Math.min(left, piece.length - length);
      System.arraycopy(octets, at, piece, length, taken);
      length += taken;
      at += taken;
      left -= taken;
    }
  }

  /** Pieces are sent when they are full: whoever flushes often would make them small. */
  @Override
  public void flush() {}

  /** Sends what is left. */
  void end() throws IOException {
    if (length > 0) {
      send();
    }
  }

  private void send() throws IOException {
    var content = new DefaultHttpContent(Unpooled.wrappedBuffer(Arrays.copyOf(piece, length)));
    length = 0;
    ChannelFuture sent = channel.writeAndFlush(content);
    try {
      sent.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("the connection was closed").initCause(e);
    }
    if (!sent.isSuccess()) {
      throw new IOException("the connection was closed", sent.cause());
    }
  }
}
