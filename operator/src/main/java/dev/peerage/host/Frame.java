package dev.peerage.host;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One netlink message of a datagram, netlink(7).
 *
 * @param type what it is
 * @param flags {@code NLM_F_…}
 * @param sequence of the request that it answers
 * @param port of the socket that it answers; an event carries that of whoever caused it
 * @param body what follows the header, in the byte order of the host
 */
record Frame(int type, int flags, int sequence, int port, ByteBuffer body) {
  /**
   * The messages of a datagram. One whose length cannot be right ends the list, as nothing behind
   * it can be found.
   */
  static List<Frame> of(ByteBuffer datagram) {
    List<Frame> frames = new ArrayList<>();
    ByteBuffer rest = datagram.slice().order(datagram.order());
    while (rest.remaining() >= Rtnetlink.HEADER_BYTES) {
      int start = rest.position();
      int length = rest.getInt();
      if (length < Rtnetlink.HEADER_BYTES || length > rest.limit() - start) {
        break;
      }
      int type = Short.toUnsignedInt(rest.getShort());
      int flags = Short.toUnsignedInt(rest.getShort());
      int sequence = rest.getInt();
      int port = rest.getInt();
      ByteBuffer body =
          rest.slice(start + Rtnetlink.HEADER_BYTES, length - Rtnetlink.HEADER_BYTES)
              .order(rest.order());
      frames.add(new Frame(type, flags, sequence, port, body));
      rest.position(Math.min(rest.limit(), start + aligned(length)));
    }
    return frames;
  }

  /** Whether the kernel's tables changed under a dump, so that it may lack something. */
  boolean interrupted() {
    return (flags & Rtnetlink.NLM_F_DUMP_INTR) != 0;
  }

  /** Lengths count without the padding to four octets that follows. */
  static int aligned(int length) {
    return (length + 3) & ~3;
  }
}
