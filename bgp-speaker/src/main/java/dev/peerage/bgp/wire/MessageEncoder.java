package dev.peerage.bgp.wire;

final class MessageEncoder {
  private MessageEncoder() {}

  static void encode(Message message, CodecContext context, io.netty.buffer.ByteBuf out) {
    throw new UnsupportedOperationException("follows");
  }
}
