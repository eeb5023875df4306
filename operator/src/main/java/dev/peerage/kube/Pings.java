package dev.peerage.kube;

import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pings the web sockets of watches (RFC 6455 §5.5.2) and ends those through which nothing has come
 * for some pings, as a lost connection would end them. Who only listens hears nothing of an API
 * server whose machine has gone, nor of a firewall that has forgotten the connection: it would wait
 * for ever.
 */
final class Pings {
  private static final Logger log = LoggerFactory.getLogger(Pings.class);

  /** One may be late, as what comes before it has to be worked on first. */
  private static final int UNANSWERED = 2;

  /**
   * The first socket is pinged so often at its start, one ping after the other: what a watch tells
   * comes through the same code as the answers, and the JVM compiles it before something is told.
   */
  static final int FIRST = 100;

  private final Duration interval;
  private final Set<Heard> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger first = new AtomicInteger(FIRST);

  /**
   * Pings from now on, on a thread of its own, which ends with the process.
   *
   * @param interval between two pings
   */
  Pings(Duration interval) {
    this.interval = interval;
    Thread.ofPlatform().name("watch-pings").daemon().start(this::run);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(interval);
        open.forEach(this::look);
      }
    } catch (InterruptedException e) {
      log.debug("Watches are not pinged any more");
    }
  }

  private void look(Heard each) {
    if (each.socket.isInputClosed() || each.socket.isOutputClosed()) {
      open.remove(each); // whoever has closed it knows
      return;
    }
    if (each.unanswered.getAndIncrement() < UNANSWERED) {
      var _ = each.socket.sendPing(ByteBuffer.allocate(0));
      return;
    }
    if (open.remove(each)) {
      log.info(
          "Nothing came through a watch for {} s, not even the answer to a ping; it is opened anew",
          interval.multipliedBy(UNANSWERED).toSeconds());
      each.socket.abort();
      each.listener.onError(each.socket, new IOException("no answer to pings"));
    }
  }

  /** A listener that hears what the given one hears, while its socket is pinged. */
  WebSocket.Listener heard(WebSocket.Listener listener) {
    return new Pinged(listener);
  }

  /** An open socket. */
  private record Heard(WebSocket socket, WebSocket.Listener listener, AtomicInteger unanswered) {}

  private final class Pinged implements WebSocket.Listener {
    private final WebSocket.Listener listener;
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile boolean first;

    private Pinged(WebSocket.Listener listener) {
      this.listener = listener;
    }

    private void forget() {
      open.removeIf(each -> each.unanswered == unanswered);
    }

    @Override
    public void onOpen(WebSocket socket) {
      open.add(new Heard(socket, listener, unanswered));
      listener.onOpen(socket);
      first = Pings.this.first.get() == FIRST;
      pingFirst(socket);
    }

    private void pingFirst(WebSocket socket) {
      if (first && Pings.this.first.getAndDecrement() > 0) {
        var _ = socket.sendPing(ByteBuffer.allocate(0));
      }
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      unanswered.set(0);
      return listener.onText(socket, data, last);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      unanswered.set(0);
      return listener.onBinary(socket, data, last);
    }

    @Override
    public CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
      unanswered.set(0);
      return listener.onPing(socket, message);
    }

    @Override
    public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
      unanswered.set(0);
      pingFirst(socket);
      return listener.onPong(socket, message);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      forget();
      return listener.onClose(socket, code, reason);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      forget();
      listener.onError(socket, error);
    }
  }
}
