package dev.peerage.bgp.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.CodecContext;
import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.MalformedMessageException;
import dev.peerage.bgp.wire.Message;
import dev.peerage.bgp.wire.MessageCodec;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.Open;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.PathAttribute;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.Update;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A peer without an FSM: it says what a test wants it to say and records what it hears. Reads time
 * out after 60 s.
 */
final class RawPeer implements AutoCloseable {
  private static final int LIMIT_MILLIS = 60_000;

  /** What both sides of these tests always agree on. */
  static final CodecContext CONTEXT =
      new CodecContext(true, false, false, Set.of(AddressFamily.values()));

  private final Socket socket;
  private final DataInputStream in;

  RawPeer(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(LIMIT_MILLIS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  /** Connects from one address to another. */
  static RawPeer dial(InetSocketAddress from, InetSocketAddress to) throws IOException {
    Socket socket = new Socket();
    // A peer that does not read shall be noticed early.
    socket.setReceiveBufferSize(64 * 1024);
    socket.bind(from);
    socket.connect(to, LIMIT_MILLIS);
    return new RawPeer(socket);
  }

  /** Connects and hears nothing but a reset. */
  static void assertUnheard(InetSocketAddress from, InetSocketAddress to) throws IOException {
    try (RawPeer unwanted = dial(from, to)) {
      unwanted.expectReset();
    } catch (SocketException e) {
      // The reset came before the dial was over.
      assertThat(e).hasMessageContaining("reset");
    }
  }

  static ServerSocket listen(InetSocketAddress on) throws IOException {
    ServerSocket server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(on);
    server.setSoTimeout(LIMIT_MILLIS);
    return server;
  }

  static RawPeer accept(ServerSocket server) throws IOException {
    return new RawPeer(server.accept());
  }

  /** An OPEN with all families, without graceful restart. */
  static Open open(long asn, String identifier, int holdTime, Capability... more) {
    return new Open(
        asn,
        holdTime,
        Inet4Address.ofLiteral(identifier),
        Stream.concat(
                Stream.of(
                    Capability.Multiprotocol.of(AddressFamily.IPV4_UNICAST),
                    Capability.Multiprotocol.of(AddressFamily.IPV6_UNICAST),
                    new Capability.RouteRefresh(),
                    new Capability.FourOctetAsn(asn)),
                Stream.of(more))
            .toList());
  }

  /** Exchanges OPEN and KEEPALIVE; returns the other side's OPEN. */
  Open establish(Open own) {
    // At once: no timer of the other side can fire between them.
    send(own, Keepalive.KEEPALIVE);
    Open theirs = expect(Open.class);
    expect(Keepalive.class);
    return theirs;
  }

  /** Sends messages in one piece: the other side need not wait for this thread between them. */
  void send(Message... messages) {
    sendBytes(encode(messages));
  }

  private static byte[] encode(Message... messages) {
    ByteBuf out = Unpooled.buffer();
    for (Message message : messages) {
      MessageCodec.encode(message, CONTEXT, out);
    }
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }

  void sendBytes(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends each byte in a segment of its own. */
  void sendSlowly(Message message) {
    for (byte each : encode(message)) {
      sendBytes(new byte[] {each});
    }
  }

  /** The next message, whatever it is. */
  Message next() {
    try {
      byte[] header = new byte[MessageCodec.HEADER_LENGTH];
      in.readFully(header);
      int length = (header[16] & 0xff) << 8 | header[17] & 0xff;
      byte[] frame = new byte[length];
      System.arraycopy(header, 0, frame, 0, header.length);
      in.readFully(frame, header.length, length - header.length);
      return MessageCodec.decode(Unpooled.wrappedBuffer(frame), CONTEXT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedMessageException e) {
      throw new AssertionError("received " + e.error().reason(), e);
    }
  }

  /** The next message, which must be of this kind; KEEPALIVEs between are skipped. */
  <M extends Message> M expect(Class<M> kind) {
    Message message = next();
    while (message instanceof Keepalive && kind != Keepalive.class) {
      message = next();
    }
    assertThat(message).isInstanceOf(kind);
    return kind.cast(message);
  }

  /** The next message of this kind, whatever comes before it. */
  <M extends Message> M expectIgnoringUpdates(Class<M> kind) {
    Message message = next();
    while (message instanceof Keepalive || message instanceof Update) {
      message = next();
    }
    assertThat(message).isInstanceOf(kind);
    return kind.cast(message);
  }

  void expectNotification(NotificationCode code) {
    Notification notification = expect(Notification.class);
    assertThat(notification.text()).isEqualTo(Notification.of(code, notification.data()).text());
    expectEnd();
  }

  /** The other side closes without another word. */
  void expectEnd() {
    try {
      assertThat(in.read()).as("end of the connection").isEqualTo(-1);
    } catch (EOFException e) {
      // is an end too
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The other side closes unheard: with a reset, or so early that it looks like an end. */
  void expectReset() {
    try {
      assertThat(in.read()).as("end of the connection").isEqualTo(-1);
    } catch (IOException e) {
      assertThat(e).isInstanceOf(SocketException.class).hasMessageContaining("reset");
    }
  }

  /** The other side closes, whatever it says before. */
  void expectEndIgnoringMessages() {
    try {
      in.skipNBytes(Long.MAX_VALUE);
      throw new AssertionError("no end");
    } catch (EOFException | SocketException e) {
      // as expected
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All UPDATEs up to the End-of-RIB of a family, without it. */
  List<Update> updatesUntilEndOfRib(AddressFamily family) {
    List<Update> updates = new ArrayList<>();
    while (true) {
      Update update = expect(Update.class);
      if (update.endOfRib().filter(family::equals).isPresent()) {
        return updates;
      }
      updates.add(update);
    }
  }

  /** All UPDATEs until the End-of-RIB of each family was seen, without these markers. */
  List<Update> updatesUntilEndOfRibs(AddressFamily... families) {
    Set<AddressFamily> missing = EnumSet.copyOf(Arrays.asList(families));
    List<Update> updates = new ArrayList<>();
    while (!missing.isEmpty()) {
      Update update = expect(Update.class);
      update.endOfRib().ifPresentOrElse(missing::remove, () -> updates.add(update));
    }
    return updates;
  }

  /** IPv4 routes by this peer's AS and address. */
  static Update announcement(long asn, String nextHop, Prefix... prefixes) {
    return new Update(
        PrefixList.empty(AddressFamily.IPV4_UNICAST),
        PathAttributes.of(
            Origin.IGP, AsPath.of(asn), new PathAttribute.NextHop(InetAddress.ofLiteral(nextHop))),
        PrefixList.of(AddressFamily.IPV4_UNICAST, List.of(prefixes)));
  }

  static List<Prefix> announced(Update update) {
    return update.announcements().stream().flatMap(a -> a.prefixes().asList().stream()).toList();
  }

  static List<Prefix> withdrawn(Update update) {
    return update.withdrawals().stream().flatMap(list -> list.asList().stream()).toList();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
