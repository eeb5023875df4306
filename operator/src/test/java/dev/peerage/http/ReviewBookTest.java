package dev.peerage.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.http.ReviewBook.Look;
import dev.peerage.http.ScrapeAccess.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReviewBookTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Verdict ALLOWED = new Verdict.Allowed();
  private static final Verdict NOBODY = new Verdict.Unauthenticated("no");

  private final ReviewBook book = new ReviewBook();
  private Instant now = START;

  private void pass(Duration time) {
    now = now.plus(time);
  }

  @Test
  void aTokenIsAskedAboutOnceAMinute() {
    assertThat(book.look("a", now)).isEqualTo(new Look.Ask(Optional.empty()));
    book.learned("a", ALLOWED, now);
    pass(ReviewBook.FRESH.minusMillis(1));
    assertThat(book.look("a", now)).isEqualTo(new Look.Known(ALLOWED));
    pass(Duration.ofMillis(1));
    assertThat(book.look("a", now)).isEqualTo(new Look.Ask(Optional.of(ALLOWED)));
  }

  @Test
  void aRightThatIsTakenAwayEndsWithTheNextReview() {
    book.learned("a", ALLOWED, now);
    pass(ReviewBook.FRESH);
    book.learned("a", new Verdict.Forbidden("system:serviceaccount:a:b"), now);

    assertThat(book.look("a", now))
        .isEqualTo(new Look.Known(new Verdict.Forbidden("system:serviceaccount:a:b")));
    assertThat(book.size()).isEqualTo(1);
  }

  @Test
  void anAllowedTokenOutlivesAnApiServerThatIsAwayForAWhile() {
    book.learned("a", ALLOWED, now);
    book.learned("b", NOBODY, now);
    pass(ReviewBook.STALE.minusMillis(1));
    assertThat(book.look("a", now)).isEqualTo(new Look.Ask(Optional.of(ALLOWED)));
    assertThat(book.look("b", now)).isEqualTo(new Look.Ask(Optional.empty()));
    pass(Duration.ofMillis(1));
    assertThat(book.look("a", now)).isEqualTo(new Look.Ask(Optional.empty()));
  }

  @Test
  void anApiServerThatIsAwayIsLeftAloneForAMoment() {
    book.learned("a", ALLOWED, now);
    pass(ReviewBook.FRESH);
    assertThat(book.look("b", now)).isEqualTo(new Look.Ask(Optional.empty()));
    book.failed(now);

    pass(ReviewBook.PAUSE.minusMillis(1));
    assertThat(book.look("a", now)).isEqualTo(new Look.Known(ALLOWED));
    assertThat(book.look("c", now))
        .isInstanceOfSatisfying(
            Look.Known.class,
            known -> assertThat(known.verdict()).isInstanceOf(Verdict.Unknown.class));
    pass(Duration.ofMillis(1));
    assertThat(book.look("c", now)).isEqualTo(new Look.Ask(Optional.empty()));
  }

  @Test
  void tokensOfSomebodysOwnMakingMakeLittleWorkAndPushNothingOut() {
    book.learned("prometheus", ALLOWED, now);
    int asked = 0;
    for (int i = 0; i < 100_000; i++) {
      if (book.look("made up " + i, now) instanceof Look.Ask) {
        asked++;
        book.learned("made up " + i, NOBODY, now);
      }
      pass(Duration.ofMillis(1));
      if (i == 50_000) {
        // Known, although everybody else has to wait.
        assertThat(book.look("prometheus", now)).isEqualTo(new Look.Known(ALLOWED));
      }
    }

    // A hundred seconds.
    assertThat(asked).isBetween(100, 110);
    assertThat(book.size()).isLessThanOrEqualTo(2 * ReviewBook.REMEMBERED);
    while (book.look("one more " + asked, now) instanceof Look.Ask) {
      asked++;
    }
    // Nobody can be asked, so the last word counts.
    assertThat(book.look("prometheus", now)).isEqualTo(new Look.Known(ALLOWED));
    assertThat(book.look("another", now))
        .isInstanceOfSatisfying(
            Look.Known.class,
            known -> assertThat(known.verdict()).isInstanceOf(Verdict.Unknown.class));
    pass(ReviewBook.PER_REVIEW);
    assertThat(book.look("another", now)).isEqualTo(new Look.Ask(Optional.empty()));
  }

  @Test
  void allowedTokensAreRememberedInABoundedNumber() {
    for (int i = 0; i < 1_000; i++) {
      book.learned("prometheus " + i, ALLOWED, now);
    }

    assertThat(book.size()).isEqualTo(ReviewBook.REMEMBERED);
    assertThat(book.look("prometheus 999", now)).isEqualTo(new Look.Known(ALLOWED));
  }
}
