package dev.peerage.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseFenceTest {
  private Duration now = Duration.ofHours(5);
  private final LeaseFence fence = new LeaseFence(Duration.ofSeconds(10), () -> now);
  private final List<String> started = new ArrayList<>();

  @Test
  void holdsForTenSecondsFromWhenTheRenewalWasSent() {
    assertThat(fence.holds()).isFalse();
    Duration sent = now;
    now = now.plusSeconds(4); // The API server took its time.
    fence.renewed(sent);
    assertThat(fence.holds()).isTrue();
    now = now.plusMillis(5_999);
    assertThat(fence.holds()).isTrue();
    now = now.plusMillis(1);
    assertThat(fence.holds()).isFalse();
    fence.renewed(now);
    assertThat(fence.holds()).isTrue();
  }

  @Test
  void whatIsToBeDoneWaitsForTheLease() {
    fence.whenHeld(() -> started.add("first"));
    assertThat(started).isEmpty();
    fence.renewed(now);
    fence.whenHeld(() -> started.add("second"));
    assertThat(started).containsExactly("first", "second");
  }

  /** A write may still be made: it was decided before, and the lease is held. */
  @Test
  void nothingNewBeginsWhileARenewalFails() {
    fence.renewed(now);
    fence.doubt();
    fence.whenHeld(() -> started.add("later"));
    assertThat(started).isEmpty();
    assertThat(fence.holds()).isTrue();
    fence.renewed(now);
    assertThat(started).containsExactly("later");
  }

  @Test
  void nothingNewBeginsWhileARenewalIsOverdue() {
    fence.renewed(now);
    now = now.plusSeconds(10);
    fence.whenHeld(() -> started.add("later"));
    assertThat(started).isEmpty();
    fence.renewed(now);
    assertThat(started).containsExactly("later");
  }

  @Test
  void whatIsLostStaysLost() {
    fence.renewed(now);
    fence.doubt();
    fence.whenHeld(() -> started.add("never"));
    fence.lose();
    assertThat(fence.holds()).isFalse();
    fence.renewed(now);
    fence.whenHeld(() -> started.add("never either"));
    assertThat(fence.holds()).isFalse();
    assertThat(started).isEmpty();
  }
}
