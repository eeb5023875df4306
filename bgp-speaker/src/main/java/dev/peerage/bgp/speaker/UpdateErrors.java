package dev.peerage.bgp.speaker;

import dev.peerage.bgp.wire.Malformed;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.Update;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was wrong with the UPDATEs of one peer. Each kind of error is logged once with its routes
 * and the whole message (RFC 7606 section 6), and from then on only counted.
 */
final class UpdateErrors {
  private static final Logger log = LoggerFactory.getLogger(UpdateErrors.class);

  /** A peer that finds more ways to be wrong is heard no longer. */
  static final int KINDS = 64;

  private static final int ROUTES = 10;

  private final String title;
  private final Consumer<Malformed> counter;
  private final Set<Kind> logged = new HashSet<>();

  /** What an error led to. */
  enum Outcome {
    PREFIX_IGNORED("the prefix is ignored"),
    ATTRIBUTE_DISCARD("the attribute is dropped"),
    TREAT_AS_WITHDRAW("its routes count as withdrawn"),
    AFI_SAFI_DISABLE("the address family is ignored"),
    SESSION_RESET("the session ends");

    private final String words;

    Outcome(String words) {
      this.words = words;
    }

    private static Outcome of(Malformed problem) {
      return switch (problem) {
        case Malformed.PrefixIgnored _ -> PREFIX_IGNORED;
        case Malformed.AttributeDiscard _ -> ATTRIBUTE_DISCARD;
        case Malformed.TreatAsWithdraw _ -> TREAT_AS_WITHDRAW;
        case Malformed.AfiSafiDisable _ -> AFI_SAFI_DISABLE;
        case Malformed.SessionReset _ -> SESSION_RESET;
      };
    }
  }

  /** What makes two errors one: the reason's figures do not. */
  private record Kind(Outcome outcome, int attribute, int code, int subcode) {
    private static Kind of(Malformed problem) {
      Outcome outcome = Outcome.of(problem);
      return switch (problem) {
        case Malformed.PrefixIgnored _ -> new Kind(outcome, 0, 0, 0);
        case Malformed.AttributeDiscard(var attribute, var code, var _) ->
            new Kind(outcome, attribute, code.code(), code.subcode());
        case Malformed.TreatAsWithdraw(var attribute, var code, var _) ->
            new Kind(outcome, attribute, code.code(), code.subcode());
        case Malformed.AfiSafiDisable(var family, var _) ->
            new Kind(outcome, family.ordinal(), 0, 0);
        case Malformed.SessionReset(var notification, var _) ->
            new Kind(outcome, 0, notification.code(), notification.subcode());
      };
    }
  }

  /**
   * Nothing so far.
   *
   * @param title the peer for logs
   * @param counter called for each error
   */
  UpdateErrors(String title, Consumer<Malformed> counter) {
    this.title = title;
    this.counter = counter;
  }

  /** An UPDATE that the session survives. */
  void note(Update update, Supplier<String> message) {
    for (Malformed problem : update.problems()) {
      note(problem, () -> ", " + routes(update), message);
    }
  }

  /** An UPDATE that ends the session. */
  void note(Notification answer, String reason, Supplier<String> message) {
    note(new Malformed.SessionReset(answer, reason), () -> "", message);
  }

  private void note(Malformed problem, Supplier<String> routes, Supplier<String> message) {
    counter.accept(problem);
    if (logged.size() < KINDS && logged.add(Kind.of(problem))) {
      log.warn(
          "{}: UPDATE with an error, {}: {}{}; {}; message: {}",
          title,
          Outcome.of(problem).words,
          problem.reason(),
          routes.get(),
          logged.size() < KINDS
              ? "more of this kind are only counted"
              : "all further errors of this peer are only counted",
          message.get());
    }
  }

  private static String routes(Update update) {
    List<Prefix> some =
        Stream.concat(
                update.withdrawals().stream(),
                update.announcements().stream().map(Update.Announcement::prefixes))
            .map(PrefixList::asList)
            .flatMap(List::stream)
            .limit(ROUTES + 1)
            .toList();
    String listed = String.join(", ", some.stream().limit(ROUTES).map(Prefix::toString).toList());
    return some.isEmpty()
        ? "no routes"
        : "routes " + listed + (some.size() > ROUTES ? " and more" : "");
  }
}
