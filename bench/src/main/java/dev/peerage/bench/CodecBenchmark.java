package dev.peerage.bench;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.CodecContext;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.MalformedMessageException;
import dev.peerage.bgp.wire.Message;
import dev.peerage.bgp.wire.MessageCodec;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.PathAttribute.Communities;
import dev.peerage.bgp.wire.PathAttribute.LocalPref;
import dev.peerage.bgp.wire.PathAttribute.NextHop;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.UpdatePacker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
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

/** One UPDATE with five attributes and IPv4 prefixes of mixed lengths, read and written. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CodecBenchmark {
  /** Where the message lies; sockets read into direct buffers. */
  @Param({"direct", "heap"})
  public String buffer = "direct";

  /** Prefixes in the message, /24 to /32. */
  @Param({"50", "500"})
  public int prefixes = 500;

  private final CodecContext context =
      new CodecContext(true, false, false, EnumSet.allOf(AddressFamily.class));
  private final UpdatePacker packer = new UpdatePacker(context);
  private final PathAttributes attributes =
      PathAttributes.of(
          Origin.IGP,
          AsPath.of(65000, 4_200_000_001L, 65002),
          new NextHop(InetAddress.ofLiteral("192.0.2.1")),
          new LocalPref(100),
          new Communities(List.of(new Community(65000L << 16 | 1), new Community(4259840099L))));

  private PrefixList list = PrefixList.empty(AddressFamily.IPV4_UNICAST);
  private ByteBuf in = ByteBufAllocator.DEFAULT.heapBuffer(0);
  private ByteBuf out = ByteBufAllocator.DEFAULT.heapBuffer(0);

  @Setup
  public void fill() {
    Random random = new Random(1);
    List<Prefix> drawn = new ArrayList<>(prefixes);
    for (int i = 0; i < prefixes; i++) {
      drawn.add(
          new Prefix(
              AddressFamily.IPV4_UNICAST,
              (long) random.nextInt() << 32,
              0,
              24 + random.nextInt(9)));
    }
    list = PrefixList.of(AddressFamily.IPV4_UNICAST, drawn);
    in = buffer();
    packer.announce(attributes, list, 0, in);
    out = buffer();
  }

  private ByteBuf buffer() {
    return buffer.equals("direct")
        ? ByteBufAllocator.DEFAULT.directBuffer(CodecContext.MAX_LENGTH)
        : ByteBufAllocator.DEFAULT.heapBuffer(CodecContext.MAX_LENGTH);
  }

  @TearDown
  public void release() {
    in.release();
    out.release();
  }

  @Benchmark
  public Message decode() throws MalformedMessageException {
    in.readerIndex(0);
    return MessageCodec.decode(in, context);
  }

  @Benchmark
  public int encode() {
    out.clear();
    return packer.announce(attributes, list, 0, out).next();
  }
}
