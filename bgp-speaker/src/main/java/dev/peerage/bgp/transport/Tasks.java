package dev.peerage.bgp.transport;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an event loop does for one owner: at once, or when a time is over. All such work goes
 * through here, because Netty keeps what a timer throws in a future that nobody reads. Whatever a
 * task throws, an {@link Error} too, is logged and counted, and its owner hears of it: he ends or
 * repeats what the task belonged to. When the owner fails at that, the next larger one hears of it.
 */
public final class Tasks implements Executor {
  private static final Logger log = LoggerFactory.getLogger(Tasks.class);

  private final EventLoop loop;
  private final Consumer<Part> counter;
  private final Part part;
  private final Object title;
  private final Consumer<Throwable> owner;

  /** What of a speaker a task belongs to. */
  public enum Part {
    /** All of it. */
    SPEAKER,
    /** An instance: its RIB and what concerns several peers. */
    INSTANCE,
    /** A listening socket. */
    LISTENER,
    /** The session with one peer. */
    SESSION
  }

  private Tasks(
      EventLoop loop, Consumer<Part> counter, Part part, Object title, Consumer<Throwable> owner) {
    this.loop = loop;
    this.counter = counter;
    this.part = part;
    this.title = title;
    this.owner = owner;
  }

  /**
   * Tasks of a whole speaker; faults are only logged and counted.
   *
   * @param counter called for each fault
   */
  static Tasks on(EventLoop loop, Consumer<Part> counter) {
    return new Tasks(loop, counter, Part.SPEAKER, "speaker", _ -> {});
  }

  /** For tests of what runs on a loop. */
  public static Tasks on(EventLoop loop) {
    return on(loop, _ -> {});
  }

  /**
   * The tasks of a part of what these belong to.
   *
   * @param name whose tasks they are, for logs
   * @param failed hears on the loop what a task threw; when it throws itself, the owner of these
   *     tasks does
   */
  public Tasks of(Part smaller, Object name, Consumer<Throwable> failed) {
    return new Tasks(
        loop,
        counter,
        smaller,
        name,
        fault -> {
          try {
            failed.accept(fault);
          } catch (Throwable second) {
            failed(second);
          }
        });
  }

  /** Runs the task soon. Throws what an executor throws when the loop has ended. */
  @Override
  public void execute(Runnable task) {
    loop.execute(() -> run(task));
  }

  /** Runs the task when this time is over, unless the answer is cancelled before. */
  public Future<?> schedule(Runnable task, Duration after) {
    return loop.schedule(() -> run(task), after.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Runs the task now, on the loop; returns also when it fails. */
  public void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable fault) {
      failed(fault);
    }
  }

  /** Something that belongs to the owner failed. */
  public void failed(Throwable fault) {
    counter.accept(part);
    log.error("{}: fails by a fault of this program", title, fault);
    passOn(fault);
  }

  /** Tells the owner of a fault that was logged and counted for a part of what is his. */
  public void passOn(Throwable fault) {
    owner.accept(fault);
  }

  /** The loop's clock. */
  public Ticker ticker() {
    return loop.ticker();
  }

  /** What the loop's clock says. */
  public long nanoTime() {
    return loop.ticker().nanoTime();
  }
}
