package dev.peerage.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.faults.Row.Toll;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RowTest {
  private static final LocalDateTime BEGIN = LocalDateTime.parse("2026-03-01T00:00:00");
  private static final Map<String, Set<String>> WHOLE =
      Map.of("10.0.1.0/24", Set.of("a"), "10.9.9.9/32", Set.of("a", "b"));
  private static final Map<String, Requests> ANSWERED = requests("vip ok", "pod ok");

  private static RouteChange change(int second, String prefix, String... nextHops) {
    return new RouteChange(BEGIN.plusSeconds(second), prefix, Set.of(nextHops));
  }

  private static Map<String, Requests> requests(String... lines) {
    return Requests.of(List.of(lines));
  }

  private static Row row(List<RouteChange> changes, Map<String, Requests> requests) {
    return new Row("test", WHOLE, changes, requests, List.of(), List.of(), List.of());
  }

  @Test
  void aRouteThatIsWrittenAnewIsNotMissed() {
    Row row =
        row(
            List.of(change(1, "10.9.9.9/32", "b", "a"), change(2, "10.0.1.0/24", "a", "c")),
            ANSWERED);
    assertThat(row.faults(Toll.NONE)).isEmpty();
    assertThat(row.markdown(Toll.NONE)).isEqualTo("| test | 0 | 0/0 of 1 | 0 |  | clean |\n");
  }

  @Test
  void aDeletedRouteIsMissedUntilItIsBack() {
    Row row = row(List.of(change(1, "10.0.1.0/24"), change(4, "10.0.1.0/24", "a")), ANSWERED);
    assertThat(row.missing()).isEqualTo(new Missing(Set.of("10.0.1.0/24"), Duration.ofSeconds(3)));
    assertThat(row.faults(Toll.NONE))
        .containsExactly("the router missed next hops of [10.0.1.0/24]");
  }

  @Test
  void soIsOneNextHopOfTwo() {
    Row row =
        row(List.of(change(1, "10.9.9.9/32", "b"), change(2, "10.9.9.9/32", "a", "b")), ANSWERED);
    assertThat(row.missing().time()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void timesThatOverlapCountOnce() {
    Row row =
        row(
            List.of(
                change(1, "10.0.1.0/24"),
                change(2, "10.9.9.9/32"),
                change(3, "10.0.1.0/24", "a"),
                change(3, "10.9.9.9/32", "a"),
                change(6, "10.9.9.9/32", "a", "b"),
                change(10, "10.0.1.0/24"),
                change(11, "10.0.1.0/24", "a")),
            ANSWERED);
    assertThat(row.missing().time()).isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void whatDoesNotComeBackIsMissedToTheEnd() {
    Row row = row(List.of(change(1, "10.0.1.0/24"), change(9, "198.51.100.0/24")), ANSWERED);
    assertThat(row.missing().time()).isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void routesOfOthersDoNotCount() {
    assertThat(row(List.of(change(1, "10.77.0.0/16")), ANSWERED).missing().none()).isTrue();
  }

  @Test
  void aTollOfNextHopsLeavesTheOthersToBeKept() {
    var toll = new Toll(Set.of("a"), Set.of());
    assertThat(row(List.of(change(1, "10.0.1.0/24")), ANSWERED).faults(toll)).isEmpty();
    assertThat(row(List.of(change(1, "10.9.9.9/32", "b")), ANSWERED).faults(toll)).isEmpty();
    assertThat(row(List.of(change(1, "10.9.9.9/32", "a")), ANSWERED).faults(toll))
        .containsExactly("the router missed next hops of [10.9.9.9/32]");
  }

  @Test
  void aLostRequestIsToldWithItsReason() {
    Row row =
        row(List.of(), requests("vip ok", "vip lost unanswered", "pod ok", "vip lost unanswered"));
    assertThat(row.faults(Toll.NONE)).containsExactly("vip lost 2 of 3 requests: {unanswered=2}");
    assertThat(row.faults(new Toll(Set.of(), Set.of("vip")))).isEmpty();
    assertThat(row.markdown(new Toll(Set.of(), Set.of("vip"))))
        .contains("| 2/0 of 3 | 0 | vip {unanswered=2} | clean |");
  }

  @Test
  void aTargetThatWasNotAskedProvesNothing() {
    assertThat(row(List.of(), Map.of("pod", Requests.NONE)).faults(Toll.NONE))
        .containsExactly("pod was never asked");
  }

  @Test
  void staleRoutesAndBrokenRulesAreFaults() {
    var row =
        new Row(
            "test",
            WHOLE,
            List.of(),
            ANSWERED,
            List.of("10.0.1.0/24 via a, stale"),
            List.of("no new | Service"),
            List.of("seed 1"));
    assertThat(row.faults(Toll.NONE))
        .containsExactly("no new | Service", "left at the router: 10.0.1.0/24 via a, stale");
    assertThat(row.markdown(Toll.NONE))
        .isEqualTo(
            "| test | 0 | 0/0 of 1 | 1 | seed 1 | **not clean**: no new \\| Service; left at the"
                + " router: 10.0.1.0/24 via a, stale |\n");
  }
}
