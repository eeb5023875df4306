package dev.peerage.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.kube.EventBook.Due;
import dev.peerage.kube.Warning.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventBookTest {
  private final EventBook book = new EventBook(EventBook.SETTLE);
  private final List<String> writes = new ArrayList<>();
  private int now;

  @Test
  void aWarningIsWrittenOnceItHasLastedAndAgainWhileItDoes() {
    book.keep(Set.of(warning("a")), at(0));
    until(3700);
    book.keep(Set.of(), at(3700));
    until(9000);
    assertThat(writes).containsExactly("a 1 at 5", "a 2 at 1805", "a 3 at 3605");
  }

  @Test
  void whatIsMendedSoonIsNoNews() {
    book.keep(Set.of(warning("a")), at(0));
    until(4);
    book.keep(Set.of(), at(4));
    until(100);
    assertThat(writes).isEmpty();
  }

  @Test
  void oneThatComesBackStartsAnew() {
    book.keep(Set.of(warning("a")), at(0));
    until(10);
    book.keep(Set.of(), at(10));
    book.keep(Set.of(warning("a")), at(20));
    until(30);
    assertThat(writes).containsExactly("a 1 at 5", "a 1 at 25");
  }

  @Test
  void otherWarningsDoNotDelayIt() {
    book.keep(Set.of(warning("a")), at(0));
    book.keep(Set.of(warning("a"), warning("b")), at(3));
    until(10);
    assertThat(writes).containsExactly("a 1 at 5", "b 1 at 8");
  }

  @Test
  void aThousandWarningsAreNoStorm() {
    Set<Warning> many =
        IntStream.range(0, 1000).mapToObj(i -> warning("w" + i)).collect(Collectors.toSet());
    book.keep(many, at(0));
    until(5);
    assertThat(writes).hasSize(25);
    until(105);
    assertThat(writes).hasSize(35);
  }

  @Test
  void aFailedWriteIsRepeatedAfterAMinute() {
    book.keep(Set.of(warning("a")), at(0));
    Due due = book.next(at(5)).orElseThrow();
    book.failed(due.warning(), at(5));
    until(100);
    assertThat(writes).containsExactly("a 1 at 65");
  }

  @Test
  void anEventHasTheSameNameForTheSameWarningOnly() {
    Warning warning = new Warning(new Subject("v", "k", "object", "uid"), "Reason", "note");
    assertThat(warning.eventName()).matches("object\\.[0-9a-f]{16}");
    assertThat(new Warning(warning.subject(), "Reason", "note").eventName())
        .isEqualTo(warning.eventName());
    assertThat(
            Set.of(
                warning.eventName(),
                new Warning(warning.subject(), "Other", "note").eventName(),
                new Warning(warning.subject(), "Reason", "other").eventName(),
                new Warning(new Subject("v", "k", "object", "new"), "Reason", "note").eventName()))
        .hasSize(4);
  }

  @Test
  void aLongNoteIsCutBetweenCharacters() {
    Warning warning =
        new Warning(new Subject("v", "k", "x".repeat(253), "u"), "Reason", "é".repeat(600));
    assertThat(warning.note()).isEqualTo("é".repeat(510) + "…");
    assertThat(warning.eventName()).hasSize(253);
  }

  /** Writes what is due, second by second. */
  private void until(int end) {
    int start = now;
    for (now = start; now <= end; now++) {
      for (Optional<Due> due = book.next(at(now)); due.isPresent(); due = book.next(at(now))) {
        writes.add(due.get().warning().note() + " " + due.get().count() + " at " + now);
        book.written(due.get().warning(), at(now));
      }
    }
  }

  private static Duration at(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static Warning warning(String note) {
    return new Warning(new Subject("cilium.io/v2", "CiliumBGPPeerConfig", "x", "u"), "R", note);
  }
}
