package dev.peerage.kube;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import java.time.Duration;
import java.util.Optional;

/**
 * What one process makes of the lease each time it has read it. The lease of another process has
 * run out when it has not changed for its duration, counted from the moment at which this process
 * saw it so first: the times that stand in it are of another machine's clock and are not looked at.
 *
 * <p>No clock: time comes with the calls, counted from any moment by a clock that nobody sets.
 */
final class Election {
  private final String identity;
  private final Duration duration;
  private Optional<Seen> seen = Optional.empty();
  private boolean leading;

  private record Seen(LeaseSpec spec, Duration since) {}

  /** What to do next. */
  sealed interface Move {
    /** There is no lease: make one. */
    record Make() implements Move {}

    /** Write to the lease that was read that this process holds it. */
    record Hold(Lease read) implements Move {}

    /** Somebody else holds it; read again later. */
    record Follow(String holder) implements Move {}

    /** This process has held it and does no longer: what it knows may be out of date. */
    record Lost(String holder) implements Move {}
  }

  /**
   * Nothing has been read yet.
   *
   * @param identity of this process, which no other one has
   * @param duration for how long somebody who does not renew the lease keeps it
   */
  Election(String identity, Duration duration) {
    this.identity = identity;
    this.duration = duration;
  }

  /** The lease has just been read, or is not there. */
  Move next(Optional<Lease> read, Duration now) {
    String holder = read.flatMap(Election::holder).orElse("");
    boolean own = holder.equals(identity);
    if (leading && !own) {
      return new Move.Lost(holder);
    }
    if (read.isEmpty()) {
      return new Move.Make();
    }
    return own || holder.isEmpty() || hasRunOut(read.get().getSpec(), now)
        ? new Move.Hold(read.get())
        : new Move.Follow(holder);
  }

  /** The lease has been written as held by this process. */
  void written() {
    leading = true;
  }

  private boolean hasRunOut(LeaseSpec spec, Duration now) {
    if (seen.isEmpty() || !seen.get().spec().equals(spec)) {
      seen = Optional.of(new Seen(spec, now));
    }
    return now.minus(seen.get().since()).compareTo(duration) >= 0;
  }

  private static Optional<String> holder(Lease lease) {
    return Optional.ofNullable(lease.getSpec()).map(LeaseSpec::getHolderIdentity);
  }
}
