package dev.peerage.host;

import java.net.Inet4Address;
import java.net.InetAddress;

/** A version of the Internet Protocol. */
public enum IpFamily {
  IPV4("IPv4"),
  IPV6("IPv6");

  private final String text;

  IpFamily(String text) {
    this.text = text;
  }

  /** The family of an address. */
  public static IpFamily of(InetAddress address) {
    return address instanceof Inet4Address ? IPV4 : IPV6;
  }

  /** {@code IPv4} or {@code IPv6}. */
  @Override
  public String toString() {
    return text;
  }
}
