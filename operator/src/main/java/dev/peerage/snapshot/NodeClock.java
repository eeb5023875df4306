package dev.peerage.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

/** Moments of the machine that this process runs on. */
public final class NodeClock implements Supplier<Moment> {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Path UPTIME = Path.of("/proc/uptime");

  private final InstantSource clock;

  /**
   * A clock.
   *
   * @param clock what is used across boots
   */
  public NodeClock(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Moment get() {
    try {
      String uptime = Files.readString(UPTIME).split(" ", 2)[0];
      return new Moment(
          clock.instant(),
          Files.readString(BOOT).strip(),
          Duration.ofMillis(Math.round(Double.parseDouble(uptime) * 1000)));
    } catch (IOException | NumberFormatException _) {
      return new Moment(clock.instant(), "", Duration.ZERO);
    }
  }
}
