package dev.peerage.bgp.speaker;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.Message;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.RouteRefresh;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Everything that a bad peer and its friends can do to a node, in loops, until closed. */
final class Attacks implements AutoCloseable {
  private static final long PAUSE_MILLIS = 5;
  private static final int MANY = 50;

  /** More than so many of each make a test. */
  static final int BAD_MESSAGES = 50;

  static final int RESETS = 20;
  static final int CONNECTIONS = 100;

  private final Function<String, InetSocketAddress> sockets;
  private final InetSocketAddress target;
  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(5);
  final AtomicLong badMessages = new AtomicLong();
  final AtomicLong resets = new AtomicLong();
  final AtomicLong connections = new AtomicLong();

  /** What one attacker does once; it may fail in any way. */
  private interface Attack {
    void run() throws IOException;
  }

  /**
   * No attack yet.
   *
   * @param sockets from logical addresses to sockets
   */
  Attacks(Function<String, InetSocketAddress> sockets, InetSocketAddress target) {
    this.sockets = sockets;
    this.target = target;
  }

  /** Whether more than this part of what makes a test was done, 0 to 1. */
  boolean reached(double part) {
    return badMessages.get() > BAD_MESSAGES * part
        && resets.get() > RESETS * part
        && connections.get() > CONNECTIONS * part;
  }

  private void loop(Attack attack) {
    threads.scheduleWithFixedDelay(
        () -> {
          try {
            attack.run();
          } catch (IOException | RuntimeException | AssertionError e) {
            // Whatever the node does to an attacker is right.
          }
        },
        0,
        PAUSE_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  private RawPeer dial(String from) throws IOException {
    RawPeer peer = RawPeer.dial(sockets.apply(from), target);
    connections.incrementAndGet();
    return peer;
  }

  /**
   * All cases of the tables one after the other, each followed by noise, in one session or many.
   */
  void badMessages(String from) {
    List<UpdateCase> cases =
        UpdateCase.table("treat-as-withdraw", "attribute-discard", "legal", "session-reset")
            .stream()
            .filter(each -> each.peers().contains(UpdateCase.From.EBGP))
            .toList();
    List<UpdateCase> left = new ArrayList<>();
    loop(() -> {
      if (left.isEmpty()) {
        left.addAll(cases);
      }
      try (RawPeer peer = dial(from)) {
        peer.establish(UpdateCase.From.EBGP.open());
        for (Iterator<UpdateCase> each = left.iterator(); each.hasNext(); ) {
          UpdateCase sent = each.next();
          each.remove();
          peer.sendBytes(sent.message(UpdateCase.From.EBGP));
          badMessages.incrementAndGet();
          if (sent.outcome() instanceof UpdateCase.Outcome.Reset) {
            peer.expectIgnoringUpdates(Notification.class);
            resets.incrementAndGet();
            return;
          }
        }
      }
    });
  }

  /** Noise instead of messages, before and behind a sound OPEN. */
  void noise(String from, long asn) {
    Random random = new Random(1);
    loop(() -> {
      try (RawPeer peer = dial(from)) {
        if (random.nextBoolean()) {
          peer.send(RawPeer.open(asn, from, 0));
          peer.send(Keepalive.KEEPALIVE);
        }
        byte[] noise = new byte[random.nextInt(5000)];
        random.nextBytes(noise);
        if (random.nextBoolean()) { // a header that promises more than ever comes
          Arrays.fill(noise, 0, Math.min(16, noise.length), (byte) 0xff);
        }
        peer.sendBytes(noise);
        badMessages.incrementAndGet();
        Message last = peer.next();
        while (!(last instanceof Notification)) {
          last = peer.next();
        }
        resets.incrementAndGet();
      }
    });
  }

  /** Takes a session, asks for the whole table again and again and reads none of it. */
  void slowReader(String from, long asn) {
    List<RawPeer> open = new ArrayList<>();
    loop(() -> {
      if (open.isEmpty()) {
        RawPeer peer = dial(from);
        peer.establish(RawPeer.open(asn, from, 0));
        open.add(peer);
      }
      try {
        open.getFirst().send(RouteRefresh.of(AddressFamily.IPV4_UNICAST, RouteRefresh.REQUEST));
        badMessages.incrementAndGet();
      } catch (UncheckedIOException e) {
        open.removeFirst().close();
      }
    });
  }

  /** Connections that say nothing, half a header, or an OPEN and then nothing. */
  void halfOpen(String from, long asn) {
    List<RawPeer> open = new ArrayList<>();
    loop(() -> {
      RawPeer peer = dial(from);
      open.add(peer);
      switch (open.size() % 3) {
        case 0 -> {}
        case 1 -> peer.sendBytes(new byte[] {-1, -1, -1});
        default -> peer.send(RawPeer.open(asn, from, 0));
      }
      if (open.size() == MANY) {
        for (RawPeer each : open) {
          each.close();
        }
        open.clear();
      }
    });
  }

  /** Connections from addresses that are no peers. */
  void strangers(List<String> from) {
    List<RawPeer> open = new ArrayList<>();
    loop(() -> {
      open.add(dial(from.get(open.size() % from.size())));
      if (open.size() == MANY) {
        for (RawPeer each : open) {
          each.close();
        }
        open.clear();
      }
    });
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
