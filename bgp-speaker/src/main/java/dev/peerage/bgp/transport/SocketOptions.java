package dev.peerage.bgp.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.Socket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The options that a {@link Protection} needs, with the numbers of Linux. For sockets of the native
 * transport only. All methods throw {@link ChannelException} when the kernel refuses.
 */
final class SocketOptions {
  private static final int IPPROTO_IP = 0;
  private static final int IPPROTO_TCP = 6;
  private static final int IPPROTO_IPV6 = 41;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;

  private static final ChannelOption<Integer> IP_TTL =
      new IntegerUnixChannelOption("IP_TTL", IPPROTO_IP, 2);
  private static final ChannelOption<Integer> IPV6_UNICAST_HOPS =
      new IntegerUnixChannelOption("IPV6_UNICAST_HOPS", IPPROTO_IPV6, 16);
  private static final ChannelOption<Integer> IP_MINTTL =
      new IntegerUnixChannelOption("IP_MINTTL", IPPROTO_IP, 21);
  private static final ChannelOption<Integer> IPV6_MINHOPCOUNT =
      new IntegerUnixChannelOption("IPV6_MINHOPCOUNT", IPPROTO_IPV6, 73);
  private static final int SYSTEM_DEFAULT = -1;

  // struct tcp_md5sig: a sockaddr_storage, flags, prefix length, key length, interface, key.
  private static final int ADDRESS_LENGTH = 128;
  private static final int KEY_LENGTH_OFFSET = ADDRESS_LENGTH + 2;
  private static final int KEY_OFFSET = ADDRESS_LENGTH + 8;
  private static final ChannelOption<ByteBuffer> TCP_MD5SIG =
      new RawUnixChannelOption("TCP_MD5SIG", IPPROTO_TCP, 14, KEY_OFFSET + Signing.Md5.LONGEST);

  private static final ChannelOption<Integer> TCP_SAVE_SYN =
      new IntegerUnixChannelOption("TCP_SAVE_SYN", IPPROTO_TCP, 27);
  // Room for IP and TCP headers with all options.
  private static final ChannelOption<ByteBuffer> TCP_SAVED_SYN =
      new RawUnixChannelOption("TCP_SAVED_SYN", IPPROTO_TCP, 28, 512);

  private SocketOptions() {}

  /** The TTL or hop limit of what is sent; 0 = the system's default. */
  static void ttl(Channel channel, boolean ipv4, int ttl) {
    set(channel, ipv4 ? IP_TTL : IPV6_UNICAST_HOPS, ttl == 0 ? SYSTEM_DEFAULT : ttl);
  }

  /** Drops packets that arrive with a smaller TTL or hop limit; 0 = none. */
  static void leastTtl(Channel channel, boolean ipv4, int least) {
    set(channel, ipv4 ? IP_MINTTL : IPV6_MINHOPCOUNT, least);
  }

  /** Signs what goes to the address, and drops what comes from there without the same key. */
  static void sign(Channel channel, InetAddress remote, Signing.Md5 signing) {
    byte[] key = signing.key().getBytes(StandardCharsets.UTF_8);
    ByteBuffer option = md5Option(remote);
    option.putShort(KEY_LENGTH_OFFSET, (short) key.length).put(KEY_OFFSET, key);
    try {
      set(channel, TCP_MD5SIG, option);
    } finally {
      Arrays.fill(option.array(), (byte) 0);
      Arrays.fill(key, (byte) 0);
    }
  }

  /** Forgets the key of an address; it must have one. */
  static void unsign(Channel channel, InetAddress remote) {
    set(channel, TCP_MD5SIG, md5Option(remote));
  }

  // An IPv4 address on a dual-stack socket has its IPv4-mapped form.
  private static ByteBuffer md5Option(InetAddress remote) {
    ByteBuffer option =
        ByteBuffer.allocate(KEY_OFFSET + Signing.Md5.LONGEST).order(ByteOrder.nativeOrder());
    byte[] address = remote.getAddress();
    if (!Socket.isIPv6Preferred()) {
      return option.putShort(0, (short) AF_INET).put(4, address);
    }
    option.putShort(0, (short) AF_INET6);
    if (remote instanceof Inet4Address) {
      return option.putShort(18, (short) 0xffff).put(20, address);
    }
    return option.put(8, address);
  }

  /** Keeps the SYN of each connection for {@link #synTtl}. To be set on the listening socket. */
  static void saveSyn(Channel listening) {
    set(listening, TCP_SAVE_SYN, 1);
  }

  /**
   * The TTL or hop limit with which the SYN of an accepted connection arrived; 0 when the kernel
   * did not keep it, as with SYN cookies. Answers once.
   */
  static int synTtl(Channel accepted) {
    @Nullable ByteBuffer headers = accepted.config().getOption(TCP_SAVED_SYN);
    if (headers == null || headers.remaining() < 20) {
      return 0;
    }
    return switch (headers.get(0) >>> 4 & 0xf) {
      case 4 -> headers.get(8) & 0xff;
      case 6 -> headers.get(7) & 0xff;
      default -> 0;
    };
  }

  private static <T> void set(Channel channel, ChannelOption<T> option, T value) {
    if (!channel.config().setOption(option, value)) {
      throw new ChannelException(option.name() + " is not known to this transport");
    }
  }
}
