package dev.peerage.bgp.speaker;

import dev.peerage.bgp.session.Direction;
import dev.peerage.bgp.session.SessionEvent;
import dev.peerage.bgp.transport.Cause;
import dev.peerage.bgp.transport.Connection;
import dev.peerage.bgp.transport.ConnectionEvents;
import dev.peerage.bgp.transport.Dial;
import dev.peerage.bgp.transport.Misconfigured;
import dev.peerage.bgp.transport.Network;
import dev.peerage.bgp.transport.Tasks;
import dev.peerage.bgp.transport.Traffic;
import dev.peerage.bgp.wire.Message;
import dev.peerage.bgp.wire.Notification;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The TCP connections of one session: one at most for each {@link Direction}. To be used on the
 * event loop only.
 */
final class SessionConnections {
  private final Network network;
  private final Tasks tasks;
  private final Dialing dialing;
  private final Listener listener;
  private final Map<Direction, PeerConnection> open = new EnumMap<>(Direction.class);
  private final Map<Connection, CompletableFuture<Void>> closing = new HashMap<>();
  private final Traffic inbound = new Traffic();
  private final Traffic outbound = new Traffic();
  private Optional<Connection> heard = Optional.empty();

  /** Knows where to dial. */
  interface Dialing {
    /** Where to dial now. */
    Network.Target target() throws Misconfigured;
  }

  /** Hears what happens on the connections, on the event loop. */
  interface Listener {
    void happened(Direction direction, SessionEvent event);

    /**
     * This host cannot dial as it is configured to.
     *
     * @param problem one line
     */
    void misconfigured(Direction direction, String problem);

    /** The peer reads again. */
    void writable(Direction direction);

    /** A message was sent or received. */
    void counted();
  }

  SessionConnections(Network network, Tasks tasks, Dialing dialing, Listener listener) {
    this.network = network;
    this.tasks = tasks;
    this.dialing = dialing;
    this.listener = listener;
  }

  /** Whether there is neither a connection nor a dial. */
  boolean none(Direction direction) {
    return !open.containsKey(direction);
  }

  /** The connection, once it is there. */
  Optional<Connection> get(Direction direction) {
    return Optional.ofNullable(open.get(direction)).flatMap(PeerConnection::connection);
  }

  /** Who gets a connection that the peer opened. The first one that is there is taken. */
  ConnectionEvents accept(Direction direction) {
    return new PeerConnection(direction);
  }

  void dial(Direction direction) {
    var dialed = new PeerConnection(direction);
    open.put(direction, dialed);
    try {
      dialed.dial(network.dial(dialing.target(), dialed));
    } catch (Misconfigured e) {
      dialed.failed(e);
    }
  }

  /** Writes what is pending, then closes the connection or ends the dial. */
  void close(Direction direction) {
    PeerConnection ending = open.remove(direction);
    if (ending != null) {
      ending.close();
    }
  }

  /** Closes the connection at once. */
  void abort(Direction direction) {
    get(direction).ifPresent(Connection::abort);
    close(direction);
  }

  /** Completes when every connection is closed. */
  CompletableFuture<Void> closed() {
    return CompletableFuture.allOf(closing.values().toArray(CompletableFuture<?>[]::new));
  }

  /** The message that is being handled, as hexadecimal digits; empty at any other time. */
  String handled() {
    return heard.map(Connection::handled).orElse("");
  }

  /** What arrived over all connections. */
  Traffic inbound() {
    return inbound;
  }

  /** What was sent over all connections. */
  Traffic outbound() {
    return outbound;
  }

  /** One connection, from the dial or the accept on. After it was closed nothing of it is heard. */
  private final class PeerConnection implements ConnectionEvents {
    private final Direction direction;
    private @Nullable Dial dial;
    private @Nullable Connection connection;
    private boolean closed;

    PeerConnection(Direction direction) {
      this.direction = direction;
    }

    Optional<Connection> connection() {
      return Optional.ofNullable(connection);
    }

    void dial(Dial started) {
      dial = started;
      started.onFailure(cause -> tasks.run(() -> failed(cause)));
    }

    void failed(Throwable cause) {
      if (closed) {
        return;
      }
      open.remove(direction, this);
      if (cause instanceof Misconfigured) {
        listener.misconfigured(direction, String.valueOf(cause.getMessage()));
      } else {
        listener.happened(direction, new SessionEvent.TcpFailed(Cause.words(cause)));
      }
    }

    void close() {
      closed = true;
      if (connection != null) {
        connection.close();
      } else if (dial != null) {
        dial.cancel();
      }
    }

    @Override
    public void connected(Connection opened) {
      if (closed || !direction.dials() && open.putIfAbsent(direction, this) != null) {
        opened.close();
        return;
      }
      connection = opened;
      var done = new CompletableFuture<Void>();
      closing.put(opened, done);
      opened
          .closed()
          .addListener(_ -> {
            closing.remove(opened);
            done.complete(null);
          });
      listener.happened(direction, new SessionEvent.TcpConnected());
    }

    @Override
    public void received(Connection from, Message message) {
      if (!closed) {
        hear(from, new SessionEvent.Received(message));
      }
    }

    @Override
    public void malformed(Connection from, Notification answer, String cause) {
      if (!closed) {
        hear(from, new SessionEvent.MessageError(answer, cause));
      }
    }

    private void hear(Connection from, SessionEvent event) {
      heard = Optional.of(from);
      try {
        listener.happened(direction, event);
      } finally {
        heard = Optional.empty();
      }
    }

    @Override
    public Traffic inbound() {
      listener.counted();
      return inbound;
    }

    @Override
    public Traffic outbound() {
      listener.counted();
      return outbound;
    }

    @Override
    public void writable(Connection to) {
      if (!closed) {
        listener.writable(direction);
      }
    }

    @Override
    public void closed(Connection by, String cause) {
      if (!closed) {
        closed = true;
        open.remove(direction, this);
        listener.happened(direction, new SessionEvent.TcpFailed(cause));
      }
    }

    @Override
    public void broke(Connection which, Throwable fault) {
      if (!closed) {
        tasks.passOn(fault);
      }
    }
  }
}
