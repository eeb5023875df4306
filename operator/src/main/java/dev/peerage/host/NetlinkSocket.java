package dev.peerage.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A socket to the kernel's routing tables, netlink(7). Needs no capability. One thread receives;
 * others may {@link #wake} it.
 */
final class NetlinkSocket implements AutoCloseable {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int NETLINK_ROUTE = 0;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVBUF = 8;
  private static final int SO_RCVTIMEO = 20;
  private static final int SOL_NETLINK = 270;
  private static final int NETLINK_GET_STRICT_CHK = 12;
  private static final int MSG_TRUNC = 0x20;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int EINTR = 4;
  private static final int EAGAIN = 11;
  private static final int ENOBUFS = 105;
  private static final int SOCKADDR_BYTES = 12;
  private static final int PORT_OFFSET = 4;
  private static final int QUEUE_BYTES = 1 << 20;
  private static final int LONGEST_DATAGRAM = 1 << 18;
  private static final long TIMEOUT_SECONDS = 10;

  // Collected with this object: a wake-up may come at any time.
  private final Arena arena = Arena.ofAuto();
  private final LibC libC;
  private final int descriptor;
  private final int port;
  private final MemorySegment buffer = arena.allocate(LONGEST_DATAGRAM);
  private final MemorySegment sender = arena.allocate(SOCKADDR_BYTES, Integer.BYTES);
  private final MemorySegment senderLength = arena.allocate(ValueLayout.JAVA_INT);
  private boolean open = true;

  /** What {@link #receive} found. */
  sealed interface Received {
    /** A datagram of the kernel, valid until the next call. */
    record Datagram(ByteBuffer content) implements Received {}

    /** Nothing is there, or nothing came in ten seconds. */
    record Nothing() implements Received {}

    /** The queue was full: some messages are lost. */
    record Lost() implements Received {}
  }

  private NetlinkSocket(LibC libC, int descriptor) throws IOException {
    this.libC = libC;
    this.descriptor = descriptor;
    try {
      // Refused is fine: the queue stays as it is, or (Linux before 4.20) dumps hold all tables.
      option(SOL_SOCKET, SO_RCVBUF, arena.allocateFrom(ValueLayout.JAVA_INT, QUEUE_BYTES));
      option(SOL_NETLINK, NETLINK_GET_STRICT_CHK, arena.allocateFrom(ValueLayout.JAVA_INT, 1));
      option(
          SOL_SOCKET, SO_RCVTIMEO, arena.allocateFrom(ValueLayout.JAVA_LONG, TIMEOUT_SECONDS, 0L));
      MemorySegment address = arena.allocate(SOCKADDR_BYTES, Integer.BYTES);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_NETLINK);
      address.set(ValueLayout.JAVA_INT, 8, Rtnetlink.GROUPS);
      libC.check("bind", libC.bind(descriptor, address, SOCKADDR_BYTES));
      MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, SOCKADDR_BYTES);
      libC.check("getsockname", libC.getsockname(descriptor, address, length));
      this.port = address.get(ValueLayout.JAVA_INT, PORT_OFFSET);
    } catch (IOException e) {
      libC.close(descriptor);
      throw e;
    }
  }

  /** Opens a socket that hears of every change from now on. */
  static NetlinkSocket open() throws IOException {
    LibC libC = LibC.load();
    int descriptor = libC.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    libC.check("socket", descriptor);
    return new NetlinkSocket(libC, descriptor);
  }

  /** The kernel's name for this socket; its answers carry it. */
  int port() {
    return port;
  }

  synchronized void send(byte[] request) throws IOException {
    if (open) {
      try (Arena own = Arena.ofConfined()) {
        MemorySegment content = own.allocateFrom(ValueLayout.JAVA_BYTE, request);
        libC.check("send", libC.send(descriptor, content, request.length));
      }
    }
  }

  /** Lets a {@link #receive} that waits return soon, with a message that means nothing. */
  void wake() throws IOException {
    send(Dump.echo(ByteOrder.nativeOrder()));
  }

  /** The next datagram of the kernel. Waits for it, at most ten seconds, if asked to. */
  Received receive(boolean wait) throws IOException {
    while (true) {
      senderLength.set(ValueLayout.JAVA_INT, 0, SOCKADDR_BYTES);
      long length =
          libC.recvfrom(
              descriptor,
              buffer,
              LONGEST_DATAGRAM,
              wait ? MSG_TRUNC : MSG_TRUNC | MSG_DONTWAIT,
              sender,
              senderLength);
      if (length < 0) {
        switch (libC.errno()) {
          case EINTR -> {
            continue;
          }
          case EAGAIN -> {
            return new Received.Nothing();
          }
          case ENOBUFS -> {
            return new Received.Lost();
          }
          default -> libC.check("recvfrom", length);
        }
      }
      if (length > LONGEST_DATAGRAM) {
        return new Received.Lost();
      }
      if (sender.get(ValueLayout.JAVA_INT, PORT_OFFSET) != 0) {
        continue; // of another program, not of the kernel
      }
      return new Received.Datagram(
          buffer.asSlice(0, length).asByteBuffer().order(ByteOrder.nativeOrder()));
    }
  }

  @Override
  public synchronized void close() {
    if (open) {
      open = false;
      libC.close(descriptor);
    }
  }

  private void option(int level, int name, MemorySegment value) {
    libC.setsockopt(descriptor, level, name, value, (int) value.byteSize());
  }
}
