package dev.peerage.kube;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.LongStream;

/**
 * The histogram {@code cilium_bgp_control_plane_reconcile_run_duration_seconds}, which operator and
 * agent both serve, under the name that Cilium 1.20 gives it.
 */
public final class ReconcileDuration {
  private static final String NAME = "cilium.bgp.control.plane.reconcile.run.duration";

  private ReconcileDuration() {}

  /** A timer with the buckets that Prometheus' own libraries use: 5 ms to 10 s. */
  public static Timer.Builder timer(String description) {
    return Timer.builder(NAME)
        .description(description)
        .serviceLevelObjectives(
            LongStream.of(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)
                .mapToObj(Duration::ofMillis)
                .toArray(Duration[]::new));
  }
}
