package dev.peerage.bgp.speaker;

import dev.peerage.bgp.transport.Tasks;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** An event loop that runs on the test's thread and whose time passes when the test says so. */
final class VirtualLoop {
  private final MockTicker ticker = Ticker.newMockTicker();
  private final EmbeddedChannel channel = EmbeddedChannel.builder().ticker(ticker).build();

  EventLoop loop() {
    return channel.eventLoop();
  }

  Tasks tasks() {
    return Tasks.on(loop());
  }

  long now() {
    return ticker.nanoTime();
  }

  /** Runs what is due now. */
  void run() {
    channel.runPendingTasks();
  }

  /** Lets time pass; each timer fires exactly when it is due. */
  void pass(Duration time) {
    long end = now() + time.toNanos();
    run();
    long next = channel.runScheduledPendingTasks();
    while (next >= 0 && now() + next <= end) {
      ticker.advance(next, TimeUnit.NANOSECONDS);
      run();
      next = channel.runScheduledPendingTasks();
    }
    ticker.advance(end - now(), TimeUnit.NANOSECONDS);
  }

  /** Lets time pass in which the loop does not run, then runs what is due. */
  void stall(Duration time) {
    ticker.advance(time.toNanos(), TimeUnit.NANOSECONDS);
    run();
  }
}
