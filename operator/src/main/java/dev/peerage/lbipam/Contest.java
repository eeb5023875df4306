package dev.peerage.lbipam;

import dev.peerage.crd.v2.Condition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Somebody else writes what Peerage has written into a Service's status. What was taken away once
 * is written again at once; if that goes on, each time after a pause twice as long, up to {@link
 * #LONGEST}: two controllers that write as fast as they can are a load for the API server and for
 * all who watch Services.
 *
 * @param times how often it has happened in a row
 * @param last when it last happened
 * @param rivals the field managers that were seen to write the addresses
 * @param bystanders the other field managers of the Service, among which is who removed them
 */
record Contest(int times, Instant last, SortedSet<String> rivals, SortedSet<String> bystanders) {
  /** The condition of a Service that is fought for; absent when all is well. */
  static final String CONDITION = "peerage.dev/StatusContested";

  static final String REASON = "StatusOverwritten";

  static final Duration LONGEST = Duration.ofMinutes(1);

  /** After this long without another write it is over; longer than the longest pause. */
  static final Duration CALM = Duration.ofMinutes(2);

  /** Somebody has written what this Service's status says. */
  static Contest next(Optional<Contest> before, FieldManagers managers, Instant now) {
    SortedSet<String> rivals = new TreeSet<>();
    before.ifPresent(it -> rivals.addAll(it.rivals));
    if (managers.isForeign()) {
      managers.ofIngress().ifPresent(rivals::add);
    }
    int times = before.filter(it -> !it.isOver(now)).map(it -> it.times + 1).orElse(1);
    return new Contest(times, now, rivals, managers.others());
  }

  /** From when on the status may be written again. */
  Instant pauseEnds() {
    return last.plus(pause());
  }

  private Duration pause() {
    if (times < 2) {
      return Duration.ZERO;
    }
    Duration doubled = Duration.ofSeconds(1L << Math.min(times - 2, 6));
    return doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
  }

  /** When it is over if nothing happens. */
  Instant ends() {
    return last.plus(CALM);
  }

  boolean isOver(Instant now) {
    return !now.isBefore(ends());
  }

  /** Whether it is worth a word: once may be somebody's hand. */
  boolean isFight() {
    return times > 1;
  }

  /** What is said of it: the same as long as the same ones fight. */
  String text() {
    return "something else than Peerage writes this Service's addresses: %s; Peerage writes them"
            .formatted(who())
        + " again, later each time, up to a minute; have one of the two leave this Service alone:"
        + " give it a spec.loadBalancerClass that only one serves";
  }

  private String who() {
    if (!rivals.isEmpty()) {
      return "field manager " + String.join(", ", rivals);
    }
    return "they are removed, and the API server does not record by whom"
        + (bystanders.isEmpty()
            ? ""
            : " (field managers of this Service: " + String.join(", ", bystanders) + ")");
  }

  /** The condition to store. */
  Condition condition(Claim claim, Instant now) {
    return new Condition(
            CONDITION,
            "True",
            claim.service().getMetadata().getGeneration(),
            now.truncatedTo(ChronoUnit.SECONDS).toString(),
            REASON,
            text())
        .since(claim.conditions());
  }
}
