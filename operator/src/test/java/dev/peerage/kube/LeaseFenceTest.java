package dev.peerage.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeaseFenceTest {
  private Instant now = Instant.parse("2026-03-01T00:00:00Z");
  private Optional<Lease> lease = Optional.empty();
  private int reads;
  private final LeaseFence fence =
      new LeaseFence(
          () -> {
            reads++;
            return lease;
          },
          "me",
          Duration.ofSeconds(10),
          () -> now);

  @Test
  void readsTheLeaseOncePerRenewal() {
    held("me", now.minusSeconds(2));
    assertThat(fence.holds()).isTrue();
    now = now.plusSeconds(7);
    assertThat(fence.holds()).isTrue();
    assertThat(reads).isOne();

    now = now.plusSeconds(1);
    assertThat(fence.holds()).as("not renewed for ten seconds").isFalse();
    held("me", now);
    assertThat(fence.holds()).isTrue();
    assertThat(reads).isEqualTo(3);
  }

  @Test
  void holdsNothingOfOthers() {
    assertThat(fence.holds()).isFalse();
    held("other", now);
    assertThat(fence.holds()).isFalse();
    lease = Optional.of(new LeaseBuilder().withNewSpec().endSpec().build());
    assertThat(fence.holds()).isFalse();
  }

  private void held(String holder, Instant renewed) {
    lease =
        Optional.of(
            new LeaseBuilder()
                .withNewSpec()
                .withHolderIdentity(holder)
                .withRenewTime(renewed.atZone(ZoneOffset.UTC))
                .endSpec()
                .build());
  }
}
