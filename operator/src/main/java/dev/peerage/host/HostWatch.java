package dev.peerage.host;

import dev.peerage.host.NetlinkSocket.Received;
import java.io.IOException;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is known of the node's network up to date: asks the kernel for everything once, then
 * follows its events, rtnetlink(7). A burst of events is one change. Where events were lost, or a
 * table changed while it was read, everything is asked for again.
 */
public final class HostWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HostWatch.class);
  private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
  private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);
  private static final int ENOENT = 2;
  private static final int EOPNOTSUPP = 95;
  // Without end, a device that never stops changing would keep all others from being told of.
  private static final int MOST_DATAGRAMS_AT_ONCE = 1024;

  private final Runnable onChange;
  private final Thread thread;
  private final CountDownLatch firstTry = new CountDownLatch(1);
  private volatile HostNetwork current = HostNetwork.NONE;
  private volatile boolean closed;
  private volatile @Nullable NetlinkSocket socket;

  /**
   * Prepares a watch; nothing is asked before {@link #start}.
   *
   * @param onChange called after {@link #current} changed, on the watch's thread; must not block
   */
  public HostWatch(Runnable onChange) {
    this.onChange = onChange;
    this.thread = Thread.ofPlatform().name("host-watch").daemon().unstarted(this::run);
  }

  /**
   * Asks the kernel and goes on to listen. The first answer is there when this returns. Where the
   * kernel cannot be asked, one warning says so, {@link HostNetwork#NONE} remains, and the watch
   * tries again at most every minute.
   */
  public void start() {
    thread.start();
    try {
      firstTry.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is known; any thread may ask. */
  public HostNetwork current() {
    return current;
  }

  /** Stops listening; {@link #current} stays. */
  @Override
  public void close() {
    closed = true;
    NetlinkSocket open = socket;
    try {
      if (open != null) {
        open.wake();
      }
    } catch (IOException e) {
      log.debug("The watch of the node's network ends a little later", e);
    }
    thread.interrupt();
  }

  /** Whether the thread has ended, or never ran. */
  boolean ended() {
    return !thread.isAlive();
  }

  private void run() {
    Duration delay = FIRST_DELAY;
    boolean warned = false;
    while (!closed) {
      try (NetlinkSocket opened = NetlinkSocket.open()) {
        socket = opened;
        var follower = new Follower(opened);
        follower.askForAll();
        follower.publish();
        if (warned) {
          log.info("The node's network devices and routes are known again");
          warned = false;
        }
        delay = FIRST_DELAY;
        firstTry.countDown();
        while (!closed) {
          follower.follow();
        }
      } catch (IOException | RuntimeException e) {
        if (!warned) {
          warn(e);
          warned = true;
        }
        firstTry.countDown();
        delay = pause(delay);
      }
    }
  }

  private static void warn(Exception e) {
    log.warn(
        "The kernel does not tell of the node's network devices and routes: {}. Until it does,"
            + " interface advertisements, default gateway discovery and sourceInterface work with"
            + " what is known so far",
        e.getMessage());
    if (e instanceof RuntimeException) {
      log.error("A fault in reading what the kernel tells", e);
    }
  }

  private Duration pause(Duration delay) {
    try {
      Thread.sleep(delay);
    } catch (InterruptedException e) {
      log.debug("The watch of the node's network ends", e);
    }
    Duration next = delay.multipliedBy(2);
    return next.compareTo(LONGEST_DELAY) < 0 ? next : LONGEST_DELAY;
  }

  /** What was learnt over one socket. */
  private final class Follower {
    private final NetlinkSocket from;
    private final HostTables tables = new HostTables();
    private int sequence;
    private boolean lost;

    Follower(NetlinkSocket from) {
      this.from = from;
    }

    /** Waits for events, takes all that are there, and tells of them as one change. */
    void follow() throws IOException {
      boolean more = heard(from.receive(true));
      for (int i = 1; more && i < MOST_DATAGRAMS_AT_ONCE; i++) {
        more = heard(from.receive(false));
      }
      if (lost) {
        askForAll();
      } else if (tables.routesOutdated()) {
        askForRoutes();
      }
      publish();
    }

    private boolean heard(Received received) {
      return switch (received) {
        case Received.Nothing _ -> false;
        case Received.Lost _ -> lost = true;
        case Received.Datagram datagram -> {
          Frame.of(datagram.content()).forEach(frame -> take(frame, false));
          yield true;
        }
      };
    }

    void askForAll() throws IOException {
      do {
        lost = false;
        ask(Dump.LINKS);
        ask(Dump.ADDRESSES);
        askForRoutes();
      } while (lost);
    }

    void askForRoutes() throws IOException {
      do {
        tables.routesAskedFor();
        ask(Dump.IPV4_ROUTES);
        ask(Dump.IPV6_ROUTES);
      } while (tables.routesOutdated());
    }

    private void ask(Dump dump) throws IOException {
      boolean interrupted;
      do {
        tables.forget(dump);
        sequence++;
        from.send(dump.request(sequence, ByteOrder.nativeOrder()));
        interrupted = answerInterrupted();
      } while (interrupted);
    }

    /** Reads the answer to its end; events come in between. */
    private boolean answerInterrupted() throws IOException {
      boolean interrupted = false;
      while (true) {
        switch (from.receive(true)) {
          case Received.Lost _ -> lost = true;
          case Received.Nothing _ -> throw new IOException("no answer in time");
          case Received.Datagram datagram -> {
            for (Frame frame : Frame.of(datagram.content())) {
              boolean answer = frame.sequence() == sequence && frame.port() == from.port();
              interrupted |= answer && frame.interrupted();
              if (answer && frame.type() == Rtnetlink.NLMSG_DONE) {
                return interrupted;
              }
              if (answer && frame.type() == Rtnetlink.NLMSG_ERROR) {
                refused(frame);
                return interrupted;
              }
              take(frame, answer);
            }
          }
        }
      }
    }

    private void take(Frame frame, boolean answersDump) {
      try {
        tables.take(KernelMessages.read(frame), answersDump);
      } catch (MalformedMessage e) {
        log.warn("A message of the kernel is passed over: {}", e.getMessage());
      }
    }

    void publish() {
      HostNetwork next = tables.network();
      if (next.equals(current)) {
        return;
      }
      current = next;
      try {
        onChange.run();
      } catch (RuntimeException e) {
        log.error("A change of the node's network was not passed on", e);
      }
    }
  }

  /** A table that does not exist, as where IPv6 is switched off, is an empty one. */
  private static void refused(Frame error) throws IOException {
    int number = error.body().remaining() < Integer.BYTES ? 0 : -error.body().getInt(0);
    if (number != ENOENT && number != EOPNOTSUPP) {
      throw new IOException("the kernel answers with errno " + number);
    }
  }
}
