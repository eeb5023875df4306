package dev.peerage.bgp.wire;

import java.net.Inet4Address;

/** Any bytes as OPEN. */
public final class OpenFuzz {
  private OpenFuzz() {}

  /** Called by Jazzer and by the replay of the corpus. */
  public static void fuzzerTestOneInput(byte[] input) {
    try {
      Open open =
          (Open)
              MessageCodec.decode(FuzzInput.message(MessageType.OPEN, input), CodecContext.INITIAL);
      OpenValidator.check(
          open,
          new OpenValidator.Expectation(65001, Inet4Address.ofLiteral("10.0.0.1"), open.asn()));
      FuzzInput.roundTrip(open, CodecContext.INITIAL);
    } catch (MalformedMessageException e) {
      FuzzInput.roundTrip(e.error().notification(), CodecContext.INITIAL);
    }
  }
}
