package dev.peerage.bench;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.export.ExportStatement;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.Shutdown;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.bgp.speaker.SpeakerSettings;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.CodecContext;
import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.Message;
import dev.peerage.bgp.wire.MessageCodec;
import dev.peerage.bgp.wire.Open;
import dev.peerage.bgp.wire.Prefix;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * From {@link Speaker#apply} with one prefix more or less to the UPDATE read from a real socket.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ApplyBenchmark {
  private static final int UPDATE = 2;
  private static final int KEEPALIVE = 4;
  private static final int END_OF_RIB_LENGTH = 23;

  /** Prefixes held. */
  @Param({"1000", "100000"})
  public int held = 1000;

  private final Speaker speaker = Speaker.start(SpeakerSettings.defaults());
  private final ServerSocket server = listen();
  private DataInputStream in = new DataInputStream(DataInputStream.nullInputStream());
  private Socket socket = new Socket();
  private DesiredSpeaker less = DesiredSpeaker.NOTHING;
  private DesiredSpeaker more = DesiredSpeaker.NOTHING;
  private boolean grown;

  private static ServerSocket listen() {
    try {
      return new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A session over which the whole table has gone. */
  @Setup
  public void establish() throws IOException {
    PrefixSet prefixes = PrefixSet.range(Prefix.parse("10.2.0.0/32"), held);
    less = desired(prefixes);
    more = desired(prefixes.with(Prefix.parse("10.1.0.0/24")));
    CompletableFuture<Void> applied = speaker.apply(less);
    applied.join();
    socket = server.accept();
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    send(
        new Open(
            65000,
            0, // no timers: nothing but UPDATEs comes
            (Inet4Address) InetAddress.ofLiteral("10.0.0.9"),
            List.of(
                Capability.Multiprotocol.of(AddressFamily.IPV4_UNICAST),
                new Capability.FourOctetAsn(65000))));
    while (read() != KEEPALIVE << 16) {
      // the OPEN
    }
    send(Keepalive.KEEPALIVE);
    while (read() != (UPDATE << 16 | END_OF_RIB_LENGTH)) {
      // the table
    }
  }

  private DesiredSpeaker desired(PrefixSet prefixes) {
    ExportPolicy policy =
        new ExportPolicy.Statements(
            "policy",
            List.of(new ExportStatement("routes", prefixes, ExportStatement.Attributes.DEFAULT)));
    DesiredPeer peer =
        DesiredPeer.of("r1", InetAddress.ofLiteral("127.0.0.1"), 65000)
            .withEndpoint(endpoint -> endpoint.withPort(server.getLocalPort()))
            .withExportPolicy(policy);
    return new DesiredSpeaker(
        List.of(
            new DesiredInstance(
                "main",
                65001,
                (Inet4Address) InetAddress.ofLiteral("10.0.0.1"),
                new DesiredInstance.Listen.Off(),
                List.of(peer),
                prefixes)));
  }

  private void send(Message message) throws IOException {
    ByteBuf buffer = Unpooled.buffer();
    MessageCodec.encode(message, CodecContext.INITIAL, buffer);
    buffer.readBytes(socket.getOutputStream(), buffer.readableBytes());
  }

  /** Reads a message; its type and, of an UPDATE, its length. */
  private int read() throws IOException {
    in.skipNBytes(16);
    int length = in.readUnsignedShort();
    int type = in.readUnsignedByte();
    in.skipNBytes(length - MessageCodec.HEADER_LENGTH);
    return type << 16 | (type == UPDATE ? length : 0);
  }

  /** One prefix more, or one less, in turns. */
  @Benchmark
  public int oneChange() throws IOException {
    grown = !grown;
    CompletableFuture<Void> _ = speaker.apply(grown ? more : less);
    return read();
  }

  /** Ends the session. */
  @TearDown
  public void close() throws IOException {
    socket.close();
    server.close();
    speaker.close(Shutdown.CEASE).join();
  }
}
