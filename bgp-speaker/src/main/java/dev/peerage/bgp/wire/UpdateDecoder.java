package dev.peerage.bgp.wire;

final class UpdateDecoder {
  private UpdateDecoder() {}

  static Update decode(io.netty.buffer.ByteBuf in, CodecContext context)
      throws MalformedMessageException {
    throw new UnsupportedOperationException("follows");
  }
}
