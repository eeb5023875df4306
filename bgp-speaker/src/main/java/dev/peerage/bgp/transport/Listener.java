package dev.peerage.bgp.transport;

import dev.peerage.bgp.wire.IpText;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening socket. When its address cannot be bound it is tried again, 1 s later, then 2, 4 … up
 * to 30 s. It accepts 50 connections per 100 ms at most; more wait in the kernel, so that a flood
 * of connections takes no time from the sessions. To be used on the event loop only.
 */
public final class Listener {
  private static final Logger log = LoggerFactory.getLogger(Listener.class);
  private static final int LONGEST_SECONDS = 30;
  private static final int AT_ONCE = 50;
  private static final Duration BURST = Duration.ofMillis(100);

  private final Network network;
  private final InetSocketAddress address;
  private final String title;
  private final Admission.Policy policy;
  private final Consumer<Listener> changed;
  private final ListenerRules rules;
  private final Tasks tasks;
  private Map<InetAddress, Protection> protections;
  private @Nullable Channel channel;
  private String problem = "";
  private boolean lacksRight;
  private int accepted;
  private boolean closed;

  private Listener(
      Network network,
      InetSocketAddress address,
      String title,
      Map<InetAddress, Protection> protections,
      Admission.Policy policy,
      Consumer<Listener> changed) {
    this.network = network;
    this.address = address;
    this.title = title;
    this.protections = Map.copyOf(protections);
    this.policy = policy;
    this.changed = changed;
    this.rules = new ListenerRules(title);
    this.tasks = network.tasks().of(Tasks.Part.LISTENER, title, this::broke);
  }

  /**
   * Starts to listen.
   *
   * @param title whose listener it is, for logs
   * @param protections what connections from each peer's address must have
   * @param policy who gets a connection
   * @param changed called when {@link #problem} or {@link #listening} changed
   */
  public static Listener start(
      Network network,
      InetSocketAddress address,
      String title,
      Map<InetAddress, Protection> protections,
      Admission.Policy policy,
      Consumer<Listener> changed) {
    var listener = new Listener(network, address, title, protections, policy, changed);
    listener.tasks.run(() -> listener.bind(1));
    return listener;
  }

  /**
   * From now on connections from these addresses must have this. Connections that exist keep what
   * they have.
   */
  public void protect(Map<InetAddress, Protection> next) {
    protections = Map.copyOf(next);
    if (channel != null && network.protects()) {
      rules.apply(channel, protections);
    }
  }

  /** Why it does not listen, in words; empty when it does, or when the first try is under way. */
  public String problem() {
    return problem;
  }

  /** Whether it does not listen because this process may not use the port. */
  public boolean lacksRight() {
    return lacksRight;
  }

  /** Whether it listens. */
  public boolean listening() {
    return channel != null && !closed;
  }

  /** Closes the socket at once. */
  public void close() {
    closed = true;
    if (channel != null) {
      channel.close();
    }
  }

  private void bind(int nextTrySeconds) {
    if (closed) {
      return;
    }
    network
        .listen(address, this::prepare, this::admit)
        .whenComplete((bound, failure) -> tasks.run(() -> bound(bound, failure, nextTrySeconds)));
  }

  private void bound(@Nullable Channel bound, @Nullable Throwable failure, int nextTrySeconds) {
    if (bound == null) {
      lacksRight = failure != null && Cause.isMissingRight(failure);
      retry(words(failure), nextTrySeconds);
    } else if (closed) {
      bound.close();
    } else {
      channel = bound;
      problem = "";
      lacksRight = false;
      changed.accept(this);
    }
  }

  /** Where it listens, in words. */
  public String address() {
    return text(address);
  }

  private String words(@Nullable Throwable failure) {
    return failure == null
        ? "unknown"
        : lacksRight
            ? "permission denied: a port below 1024 takes the right NET_BIND_SERVICE"
            : Cause.words(failure);
  }

  // Before it listens: a peer that must sign is never accepted without.
  private void prepare(Channel socket) {
    if (network.protects()) {
      rules.reset();
      rules.apply(socket, protections);
    }
  }

  private void retry(String why, int seconds) {
    String now = "cannot listen on " + text(address) + ": " + why;
    if (now.equals(problem)) {
      log.debug("{}: {}; tries again in {} s", title, now, seconds);
    } else {
      log.error("{}: {}; tries again in {} s and later", title, now, seconds);
      problem = now;
      changed.accept(this);
    }
    tasks.schedule(() -> bind(Math.min(LONGEST_SECONDS, 2 * seconds)), Duration.ofSeconds(seconds));
  }

  /** Something here failed: the socket is made anew, so that it never stays deaf. */
  private void broke(Throwable fault) {
    if (channel != null) {
      channel.close();
      channel = null;
    }
    accepted = 0;
    if (!closed) {
      retry("internal fault: " + fault, LONGEST_SECONDS);
    }
  }

  private Optional<Network.Admitted> admit(InetSocketAddress remote) {
    try {
      pace();
      return decide(remote);
    } catch (RuntimeException | Error fault) {
      network.tasks().failed(fault); // This connection is refused; the socket is as good as before.
      return Optional.empty();
    }
  }

  private Optional<Network.Admitted> decide(InetSocketAddress remote) {
    return switch (policy.admit(remote)) {
      case Admission.Refused _ -> Optional.empty();
      case Admission.Granted(var events, var protection) -> {
        if (network.protects() && !rules.holds(remote.getAddress(), protection.signing())) {
          policy.refused(remote, "the listening socket does not have this peer's password");
          yield Optional.empty();
        }
        yield Optional.of(
            new Network.Admitted(events, protection, reason -> policy.refused(remote, reason)));
      }
    };
  }

  private void pace() {
    if (accepted++ == 0) {
      tasks.schedule(this::resume, BURST);
    }
    if (accepted == AT_ONCE && channel != null) {
      channel.config().setAutoRead(false);
    }
  }

  private void resume() {
    accepted = 0;
    if (channel != null && !closed) {
      channel.config().setAutoRead(true);
    }
  }

  private static String text(InetSocketAddress socket) {
    String host = IpText.of(socket.getAddress());
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + socket.getPort();
  }
}
