package dev.peerage.host;

/** Numbers of Linux's rtnetlink(7), under the names they have there. */
final class Rtnetlink {
  static final int HEADER_BYTES = 16;

  static final int NLM_F_REQUEST = 0x1;
  static final int NLM_F_ACK = 0x4;
  static final int NLM_F_DUMP_INTR = 0x10;
  static final int NLM_F_DUMP = 0x300;

  static final int NLMSG_NOOP = 1;
  static final int NLMSG_ERROR = 2;
  static final int NLMSG_DONE = 3;
  static final int RTM_NEWLINK = 16;
  static final int RTM_DELLINK = 17;
  static final int RTM_GETLINK = 18;
  static final int RTM_NEWADDR = 20;
  static final int RTM_DELADDR = 21;
  static final int RTM_GETADDR = 22;
  static final int RTM_NEWROUTE = 24;
  static final int RTM_DELROUTE = 25;
  static final int RTM_GETROUTE = 26;
  static final int RTM_DELNEXTHOP = 105;

  /** The multicast groups of links, addresses, routes of both families, and next hops. */
  static final int GROUPS = group(1) | group(5) | group(7) | group(9) | group(11) | group(32);

  static final int AF_UNSPEC = 0;
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;

  static final int IFF_UP = 0x1;
  static final int IFLA_ADDRESS = 1;
  static final int IFLA_IFNAME = 3;
  static final int IFLA_OPERSTATE = 16;
  static final int IFLA_LINKINFO = 18;
  static final int IFLA_INFO_KIND = 1;
  static final int IFLA_EXT_MASK = 29;
  static final int RTEXT_FILTER_SKIP_STATS = 0x8;

  static final int IFA_ADDRESS = 1;
  static final int IFA_LOCAL = 2;
  static final int IFA_FLAGS = 8;
  static final int IFA_F_OPTIMISTIC = 0x04;
  static final int IFA_F_DADFAILED = 0x08;
  static final int IFA_F_TENTATIVE = 0x40;

  static final int RTA_OIF = 4;
  static final int RTA_GATEWAY = 5;
  static final int RTA_PRIORITY = 6;
  static final int RTA_MULTIPATH = 9;
  static final int RTA_TABLE = 15;
  static final int RT_TABLE_MAIN = 254;
  static final int RTN_UNICAST = 1;
  static final int RTM_F_CLONED = 0x200;

  private Rtnetlink() {}

  private static int group(int number) {
    return 1 << (number - 1);
  }
}
