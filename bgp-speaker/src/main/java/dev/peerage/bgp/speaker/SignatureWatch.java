package dev.peerage.bgp.speaker;

import dev.peerage.bgp.transport.Md5Drops;
import dev.peerage.bgp.transport.Tasks;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Says at the peers that wait in vain what only the kernel knows: segments that it dropped. */
final class SignatureWatch {
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final Duration AFTER_A_FAULT = Duration.ofMinutes(5);

  private final Tasks tasks;
  private final Supplier<Collection<Peer>> peers;
  private @Nullable Md5Drops drops;
  private Future<?> next;
  private boolean stopped;

  /**
   * Watches until it is stopped.
   *
   * @param larger the tasks of the speaker: a fault here harms no instance
   */
  SignatureWatch(Tasks larger, String instance, Supplier<Collection<Peer>> peers) {
    this.tasks =
        larger.of(Tasks.Part.INSTANCE, instance + ": signatures", _ -> lookAgainIn(AFTER_A_FAULT));
    this.peers = peers;
    this.next = tasks.schedule(this::look, INTERVAL);
  }

  void stop() {
    stopped = true;
    next.cancel(false);
  }

  private void lookAgainIn(Duration time) {
    if (!stopped) {
      next = tasks.schedule(this::look, time);
    }
  }

  private void look() {
    List<Peer> waiting = peers.get().stream().filter(Peer::waitsForSignature).toList();
    @Nullable Md5Drops before = drops;
    drops = waiting.isEmpty() ? null : Md5Drops.read().orElse(null);
    if (before != null && drops != null) {
      String what = drops.since(before);
      if (!what.isEmpty()) {
        waiting.forEach(peer -> peer.signaturesDropped(what));
      }
    }
    lookAgainIn(INTERVAL);
  }
}
