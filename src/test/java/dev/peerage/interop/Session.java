package dev.peerage.interop;

import java.util.Locale;

/** The sessions of {@code interop/peerage.yaml}: one instance of Peerage each, named alike. */
enum Session {
  DIALS4("10.99.0.11"),
  LISTENS4("10.99.0.12"),
  DIALS6("fd99::13"),
  LISTENS6("fd99::14"),
  BOTH("10.99.0.15"),
  INSIDE("10.99.0.16"),
  MD5DIALS("10.99.0.17"),
  MD5LISTENS("fd99::18"),
  REKEYED("10.99.0.19"),
  FOUROCTET("10.99.0.20"),
  FAST("10.99.0.21"),
  LOAD("10.99.0.22"),
  TEXT("10.99.0.23");

  private final String address;

  Session(String address) {
    this.address = address;
  }

  /** Peerage's address, by which the router knows it. */
  String address() {
    return address;
  }

  /** Peerage's instance. */
  String instance() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean overIpv6() {
    return address.contains(":");
  }

  /** An IPv4 route of this instance: 1 with attributes, 2 without. */
  String ipv4(int number) {
    return "10." + host() + "." + number + ".0/24";
  }

  /** An IPv6 route of this instance: 1 with attributes, 2 without. */
  String ipv6(int number) {
    return "fd01:" + host() + ":" + number + "::/48";
  }

  /** A route of the family that the session runs over. */
  String own(int number) {
    return overIpv6() ? ipv6(number) : ipv4(number);
  }

  private String host() {
    return address.substring(address.length() - 2);
  }
}
