package dev.peerage.http;

import dev.peerage.http.ScrapeAccess.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of tokens, and how often the API server may be asked about others. Whoever sends
 * tokens of his own making can neither fill the memory nor make work for the API server, nor push
 * out a token that is allowed. Pure: time comes with the calls. Not for several threads.
 */
final class ReviewBook {
  /** So long nobody is asked again about a token. A right that is taken away lasts that long. */
  static final Duration FRESH = Duration.ofMinutes(1);

  /** So long an allowed token stays allowed where nobody can be asked. */
  static final Duration STALE = Duration.ofMinutes(5);

  /** Tokens that are remembered: so many that are allowed, and as many of others. */
  static final int REMEMBERED = 32;

  /** Reviews at once; then one in {@link #PER_REVIEW}. */
  static final int BURST = 10;

  static final Duration PER_REVIEW = Duration.ofSeconds(1);

  /** So long nobody is asked after a review that failed, which may have taken seconds. */
  static final Duration PAUSE = Duration.ofSeconds(5);

  /** What to do about a token. */
  sealed interface Look {
    /** It is known. */
    record Known(Verdict verdict) implements Look {}

    /** Ask; the verdict of before still counts where that fails. */
    record Ask(Optional<Verdict> otherwise) implements Look {}
  }

  private record Reviewed(Verdict verdict, Instant since) {}

  /** By a hash of the token, the one that was used longest ago first. */
  private static final class Remembered extends LinkedHashMap<String, Reviewed> {
    private static final long serialVersionUID = 1;

    Remembered() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Reviewed> eldest) {
      return size() > REMEMBERED;
    }
  }

  private final Map<String, Reviewed> allowed = new Remembered();
  private final Map<String, Reviewed> others = new Remembered();

  /** The reviews that have been made were due until then, had they come one by one. */
  private Instant spent = Instant.MIN;

  private Instant paused = Instant.MIN;

  /** What to do about a token of this hash; counts the review that it asks for. */
  Look look(String hash, Instant now) {
    Reviewed entry = allowed.get(hash);
    if (entry == null) {
      entry = others.get(hash);
    }
    if (entry != null && now.isBefore(entry.since.plus(FRESH))) {
      return new Look.Known(entry.verdict);
    }
    Optional<Verdict> otherwise =
        Optional.ofNullable(allowed.get(hash))
            .filter(known -> now.isBefore(known.since.plus(STALE)))
            .map(Reviewed::verdict);
    if (now.isBefore(paused)) {
      return new Look.Known(
          otherwise.orElse(new Verdict.Unknown("the API server cannot be asked; try again")));
    }
    Instant begun = spent.isAfter(now) ? spent : now;
    Instant after = begun.plus(PER_REVIEW);
    if (after.isAfter(now.plus(PER_REVIEW.multipliedBy(BURST)))) {
      return new Look.Known(
          otherwise.orElse(
              new Verdict.Unknown("too many unknown tokens have come lately; try again")));
    }
    spent = after;
    return new Look.Ask(otherwise);
  }

  /** The API server has answered. */
  void learned(String hash, Verdict verdict, Instant now) {
    allowed.remove(hash);
    others.remove(hash);
    switch (verdict) {
      case Verdict.Allowed _ -> allowed.put(hash, new Reviewed(verdict, now));
      case Verdict.Unauthenticated _, Verdict.Forbidden _ ->
          others.put(hash, new Reviewed(verdict, now));
      case Verdict.Unknown _ -> {
        // Asked again next time.
      }
    }
  }

  /** The API server could not be asked. */
  void failed(Instant now) {
    paused = now.plus(PAUSE);
  }

  /** How many tokens are remembered. */
  int size() {
    return allowed.size() + others.size();
  }
}
