package dev.peerage.bgp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Any bytes as the value of a capability; the first one is its code. */
public final class CapabilityFuzz {
  private CapabilityFuzz() {}

  /** Called by Jazzer and by the replay of the corpus. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0 || input.length > 256) {
      return;
    }
    Capability capability = decode(input[0] & 0xff, Unpooled.wrappedBuffer(input).skipBytes(1));
    ByteBuf out = Unpooled.buffer();
    CapabilityCodec.encode(capability, out);
    Capability again = decode(capability.code(), out);
    if (!again.equals(capability)) {
      throw new AssertionError(capability + " became " + again);
    }
  }

  private static Capability decode(int code, ByteBuf value) {
    Capability capability = CapabilityCodec.decode(code, value);
    if (capability.code() != code) {
      throw new AssertionError("code " + code + " became " + capability);
    }
    return capability;
  }
}
