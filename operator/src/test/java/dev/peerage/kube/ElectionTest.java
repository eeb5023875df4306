package dev.peerage.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.kube.Election.Move;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ElectionTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final Election election = new Election("me", Duration.ofSeconds(15));

  @Test
  void makesTheLeaseThatIsMissing() {
    assertThat(election.next(Optional.empty(), at(0))).isEqualTo(new Move.Make());
  }

  @Test
  void takesTheLeaseOfNobody() {
    assertThat(election.next(lease("", NOON), at(0))).isInstanceOf(Move.Hold.class);
    assertThat(new Election("me", Duration.ofSeconds(15)).next(withoutSpec(), at(0)))
        .isInstanceOf(Move.Hold.class);
  }

  @Test
  void waitsForTheWholeDurationAfterTheLastChangeThatItHasSeen() {
    assertThat(election.next(lease("other", NOON), at(0))).isEqualTo(new Move.Follow("other"));
    assertThat(election.next(lease("other", NOON), at(14))).isEqualTo(new Move.Follow("other"));
    assertThat(election.next(lease("other", NOON.plusSeconds(14)), at(14)))
        .isEqualTo(new Move.Follow("other"));
    assertThat(election.next(lease("other", NOON.plusSeconds(14)), at(28)))
        .isEqualTo(new Move.Follow("other"));
    assertThat(election.next(lease("other", NOON.plusSeconds(14)), at(29)))
        .isInstanceOf(Move.Hold.class);
  }

  /** Its clock may be an hour fast or slow, and may be set while it leads. */
  @Test
  void whatTheHoldersClockSaysDoesNotMatter() {
    for (var second = 0; second < 120; second += 2) {
      var skew = second % 4 == 0 ? -3_600 : 3_600;
      assertThat(election.next(lease("other", NOON.plusSeconds(skew + second)), at(second)))
          .isEqualTo(new Move.Follow("other"));
    }
  }

  /** Labels and other metadata say nothing of whether the holder is there. */
  @Test
  void onlyWhatTheHolderWritesCounts() {
    assertThat(election.next(lease("other", NOON), at(0))).isInstanceOf(Move.Follow.class);
    var labelled =
        new LeaseBuilder(lease("other", NOON).orElseThrow())
            .editMetadata()
            .withResourceVersion("2")
            .addToLabels("a", "b")
            .endMetadata()
            .build();
    assertThat(election.next(Optional.of(labelled), at(15))).isInstanceOf(Move.Hold.class);
  }

  @Test
  void renewsWhatItHoldsHoweverLongItCouldNot() {
    assertThat(election.next(lease("", NOON), at(0))).isInstanceOf(Move.Hold.class);
    election.written();
    assertThat(election.next(lease("me", NOON), at(600))).isInstanceOf(Move.Hold.class);
  }

  /** The answer to the write was lost. */
  @Test
  void findsOutThatItHolds() {
    assertThat(election.next(lease("me", NOON), at(0))).isInstanceOf(Move.Hold.class);
  }

  @Test
  void hasLostWhatSomebodyElseOrNobodyHolds() {
    election.written();
    assertThat(election.next(lease("other", NOON), at(0))).isEqualTo(new Move.Lost("other"));
    assertThat(election.next(lease("", NOON), at(0))).isEqualTo(new Move.Lost(""));
    assertThat(election.next(Optional.empty(), at(0))).isEqualTo(new Move.Lost(""));
  }

  private static Duration at(long second) {
    return Duration.ofSeconds(second);
  }

  private static Optional<Lease> withoutSpec() {
    return Optional.of(new LeaseBuilder().withNewMetadata().endMetadata().build());
  }

  private static Optional<Lease> lease(String holder, Instant renewed) {
    return Optional.of(
        new LeaseBuilder()
            .withNewMetadata()
            .withResourceVersion("1")
            .endMetadata()
            .withNewSpec()
            .withHolderIdentity(holder.isEmpty() ? null : holder)
            .withRenewTime(renewed.atZone(ZoneOffset.UTC))
            .endSpec()
            .build());
  }
}
