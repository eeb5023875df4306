package dev.peerage.bgp.transport;

import dev.peerage.bgp.wire.IpText;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.Socket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a listening socket knows of its peers before it accepts: the key of each, changed in place,
 * and the TTL that the kernel can check and send for all of them alike. To be used on the event
 * loop only.
 */
final class ListenerRules {
  private static final Logger log = LoggerFactory.getLogger(ListenerRules.class);

  private final String title;
  private final Map<InetAddress, Signing.Md5> keys = new HashMap<>();

  ListenerRules(String title) {
    this.title = title;
  }

  /** The next socket is a new one. */
  void reset() {
    keys.clear();
  }

  /** Brings the socket to these rules, one per peer address. */
  void apply(Channel listening, Map<InetAddress, Protection> wanted) {
    for (Iterator<InetAddress> old = keys.keySet().iterator(); old.hasNext(); ) {
      InetAddress address = old.next();
      if (!wanted.getOrDefault(address, Protection.NONE).signed()) {
        attempt(
            "forget the key of " + IpText.of(address),
            () -> SocketOptions.unsign(listening, address));
        old.remove();
      }
    }
    wanted.forEach((address, protection) -> {
      if (protection.signing() instanceof Signing.Md5 key && !key.equals(keys.get(address))) {
        keys.remove(address);
        attempt(
            "take the key of " + IpText.of(address),
            () -> {
              SocketOptions.sign(listening, address, key);
              keys.put(address, key);
            });
      }
    });
    if (wanted.values().stream().anyMatch(each -> each.leastTtl() > 0)) {
      attempt("keep the TTL of connections", () -> SocketOptions.saveSyn(listening));
    }
    ttl(listening, wanted, true);
    ttl(listening, wanted, false);
  }

  /** Whether connections from this address have had to be signed as they must be. */
  boolean holds(InetAddress address, Signing signing) {
    return switch (signing) {
      case Signing.None _ -> !keys.containsKey(address);
      case Signing.Md5 key -> key.equals(keys.get(address));
    };
  }

  // The SYN-ACK leaves with the listening socket's TTL, and a peer with TTL security wants 255.
  // What arrives can be checked here only as far as all peers agree; the rest after the accept.
  private void ttl(Channel listening, Map<InetAddress, Protection> wanted, boolean ipv4) {
    Collection<Protection> family =
        wanted.entrySet().stream()
            .filter(each -> each.getKey() instanceof Inet4Address == ipv4)
            .map(Map.Entry::getValue)
            .toList();
    if (!ipv4 && !Socket.isIPv6Preferred()) {
      return;
    }
    int least = family.stream().mapToInt(Protection::leastTtl).min().orElse(0);
    boolean any = family.stream().anyMatch(each -> each.leastTtl() > 0);
    attempt(
        "take the TTL rules",
        () -> {
          SocketOptions.ttl(listening, ipv4, any ? 255 : 0);
          SocketOptions.leastTtl(listening, ipv4, least);
        });
  }

  private void attempt(String what, Runnable task) {
    try {
      task.run();
    } catch (ChannelException e) {
      log.error(
          "{}: the listening socket cannot {}: {}; connections that need it are refused",
          title,
          what,
          Cause.words(e));
    }
  }
}
