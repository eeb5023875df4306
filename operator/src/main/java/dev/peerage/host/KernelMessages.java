package dev.peerage.host;

import dev.peerage.host.KernelMessage.AddressGone;
import dev.peerage.host.KernelMessage.AddressSeen;
import dev.peerage.host.KernelMessage.DefaultRouteSeen;
import dev.peerage.host.KernelMessage.DefaultRoutesChanged;
import dev.peerage.host.KernelMessage.Irrelevant;
import dev.peerage.host.KernelMessage.LinkGone;
import dev.peerage.host.KernelMessage.LinkSeen;
import dev.peerage.host.KernelMessage.NextHop;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads rtnetlink messages. Pure; whatever the octets, it answers or says what is wrong. */
final class KernelMessages {
  private static final int IFINFOMSG_BYTES = 16;
  private static final int IFADDRMSG_BYTES = 8;
  private static final int RTMSG_BYTES = 12;
  private static final int RTNEXTHOP_BYTES = 8;

  private KernelMessages() {}

  static KernelMessage read(Frame frame) throws MalformedMessage {
    ByteBuffer body = frame.body().duplicate().order(frame.body().order());
    return switch (frame.type()) {
      case Rtnetlink.RTM_NEWLINK -> link(body, true);
      case Rtnetlink.RTM_DELLINK -> link(body, false);
      case Rtnetlink.RTM_NEWADDR -> address(body, true);
      case Rtnetlink.RTM_DELADDR -> address(body, false);
      case Rtnetlink.RTM_NEWROUTE, Rtnetlink.RTM_DELROUTE -> route(body, frame.type());
      case Rtnetlink.RTM_DELNEXTHOP -> new DefaultRoutesChanged();
      default -> new Irrelevant();
    };
  }

  private static KernelMessage link(ByteBuffer body, boolean exists) throws MalformedMessage {
    atLeast(body, IFINFOMSG_BYTES);
    int family = Byte.toUnsignedInt(body.get(0));
    int index = body.getInt(4);
    boolean adminUp = (body.getInt(8) & Rtnetlink.IFF_UP) != 0;
    if (family != Rtnetlink.AF_UNSPEC) {
      // A bridge tells of its ports in messages of the same types; a port that leaves still exists.
      return new Irrelevant();
    }
    if (!exists) {
      return new LinkGone(index);
    }
    var attributes = new RouteAttributes(body.position(IFINFOMSG_BYTES));
    return new LinkSeen(
        index,
        attributes
            .text(Rtnetlink.IFLA_IFNAME)
            .orElseThrow(() -> new MalformedMessage("link " + index + " has no name")),
        attributes.nested(Rtnetlink.IFLA_LINKINFO).text(Rtnetlink.IFLA_INFO_KIND).orElse(""),
        adminUp,
        OperState.of(attributes.octet(Rtnetlink.IFLA_OPERSTATE).orElse(0)),
        attributes.octets(Rtnetlink.IFLA_ADDRESS).flatMap(MacAddress::of));
  }

  private static KernelMessage address(ByteBuffer body, boolean exists) throws MalformedMessage {
    atLeast(body, IFADDRMSG_BYTES);
    int family = Byte.toUnsignedInt(body.get(0));
    long flags = Byte.toUnsignedLong(body.get(2));
    int index = body.getInt(4);
    if (family != Rtnetlink.AF_INET && family != Rtnetlink.AF_INET6) {
      return new Irrelevant();
    }
    var attributes = new RouteAttributes(body.position(IFADDRMSG_BYTES));
    // On a point-to-point link IFA_ADDRESS is the other end's. IPv6 has IFA_LOCAL only there.
    byte[] octets =
        attributes
            .octets(Rtnetlink.IFA_LOCAL)
            .or(() -> attributes.octets(Rtnetlink.IFA_ADDRESS))
            .orElseThrow(() -> new MalformedMessage("an address of link " + index + " is empty"));
    Optional<InetAddress> address = inet(octets, family);
    if (address.isEmpty()) {
      return new Irrelevant();
    }
    return exists && usable(attributes.number(Rtnetlink.IFA_FLAGS).orElse(flags))
        ? new AddressSeen(index, address.get())
        : new AddressGone(index, address.get());
  }

  /**
   * An IPv6 address cannot be bound before duplicate address detection is over (RFC 4862 §5.4), and
   * never if another host has it. Deprecated and temporary ones can.
   */
  private static boolean usable(long flags) {
    boolean tentative =
        (flags & Rtnetlink.IFA_F_TENTATIVE) != 0 && (flags & Rtnetlink.IFA_F_OPTIMISTIC) == 0;
    return !tentative && (flags & Rtnetlink.IFA_F_DADFAILED) == 0;
  }

  private static KernelMessage route(ByteBuffer body, int type) throws MalformedMessage {
    atLeast(body, RTMSG_BYTES);
    int family = Byte.toUnsignedInt(body.get(0));
    boolean toAll = body.get(1) == 0 && body.get(2) == 0;
    long table = Byte.toUnsignedLong(body.get(4));
    boolean unicast = body.get(7) == Rtnetlink.RTN_UNICAST;
    boolean cloned = (body.getInt(8) & Rtnetlink.RTM_F_CLONED) != 0;
    if (!toAll
        || !unicast
        || cloned
        || family != Rtnetlink.AF_INET && family != Rtnetlink.AF_INET6) {
      return new Irrelevant();
    }
    var attributes = new RouteAttributes(body.position(RTMSG_BYTES));
    if (attributes.number(Rtnetlink.RTA_TABLE).orElse(table) != Rtnetlink.RT_TABLE_MAIN) {
      return new Irrelevant();
    }
    if (type == Rtnetlink.RTM_DELROUTE) {
      return new DefaultRoutesChanged();
    }
    long metric = attributes.number(Rtnetlink.RTA_PRIORITY).orElse(0L);
    List<NextHop> nextHops = new ArrayList<>();
    Optional<Long> link = attributes.number(Rtnetlink.RTA_OIF);
    if (link.isPresent()) {
      gateway(attributes, family)
          .map(gateway -> new NextHop(gateway, link.get().intValue(), metric))
          .ifPresent(nextHops::add);
    }
    multipath(attributes.value(Rtnetlink.RTA_MULTIPATH), family, metric, nextHops);
    return new DefaultRouteSeen(nextHops);
  }

  private static void multipath(ByteBuffer in, int family, long metric, List<NextHop> nextHops)
      throws MalformedMessage {
    while (in.remaining() >= RTNEXTHOP_BYTES) {
      int start = in.position();
      int length = Short.toUnsignedInt(in.getShort(start));
      int link = in.getInt(start + 4);
      if (length < RTNEXTHOP_BYTES || length > in.limit() - start) {
        throw new MalformedMessage("a next hop has length " + length);
      }
      ByteBuffer own =
          in.slice(start + RTNEXTHOP_BYTES, length - RTNEXTHOP_BYTES).order(in.order());
      gateway(new RouteAttributes(own), family)
          .map(gateway -> new NextHop(gateway, link, metric))
          .ifPresent(nextHops::add);
      in.position(Math.min(in.limit(), start + Frame.aligned(length)));
    }
  }

  private static Optional<InetAddress> gateway(RouteAttributes attributes, int family)
      throws MalformedMessage {
    Optional<byte[]> octets = attributes.octets(Rtnetlink.RTA_GATEWAY);
    if (octets.isEmpty()) {
      // On-link, or (RTA_VIA) through a gateway of the other family.
      return Optional.empty();
    }
    return inet(octets.get(), family).filter(gateway -> !gateway.isAnyLocalAddress());
  }

  /** Empty for an IPv4-mapped address, which is none of a host on the wire. */
  private static Optional<InetAddress> inet(byte[] octets, int family) throws MalformedMessage {
    int length = family == Rtnetlink.AF_INET ? 4 : 16;
    if (octets.length != length) {
      throw new MalformedMessage("an address has octets: " + octets.length);
    }
    try {
      return Optional.of(InetAddress.getByAddress(octets))
          .filter(address -> address.getAddress().length == length);
    } catch (UnknownHostException e) {
      throw new AssertionError("the length was checked", e);
    }
  }

  private static void atLeast(ByteBuffer body, int bytes) throws MalformedMessage {
    if (body.remaining() < bytes) {
      throw new MalformedMessage("a message ends after octets: " + body.remaining());
    }
  }
}
