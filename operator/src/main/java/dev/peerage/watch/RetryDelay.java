package dev.peerage.watch;

import dev.peerage.kube.RetryPolicy;
import java.time.Duration;

/** How long to wait after failures in a row: a second, then twice as long each time. */
public final class RetryDelay {
  private RetryDelay() {}

  /** The delay after so many failures, at least one. */
  public static Duration after(int failures) {
    return RetryPolicy.STANDARD.after(failures);
  }
}
