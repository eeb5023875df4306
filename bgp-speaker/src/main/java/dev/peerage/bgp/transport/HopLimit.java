package dev.peerage.bgp.transport;

import io.netty.channel.ChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.net.Inet4Address;
import java.net.InetAddress;

/** The socket options for the number of hops that a packet may take; numbers of Linux. */
final class HopLimit {
  private static final ChannelOption<Integer> IP_TTL = new IntegerUnixChannelOption("IP_TTL", 0, 2);
  private static final ChannelOption<Integer> IPV6_UNICAST_HOPS =
      new IntegerUnixChannelOption("IPV6_UNICAST_HOPS", 41, 16);

  private HopLimit() {}

  static ChannelOption<Integer> of(InetAddress remote) {
    return remote instanceof Inet4Address ? IP_TTL : IPV6_UNICAST_HOPS;
  }
}
