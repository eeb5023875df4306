package dev.peerage.bgp.session;

import dev.peerage.bgp.session.Negotiated.Helping;
import dev.peerage.bgp.session.Negotiated.PeerRestart;
import dev.peerage.bgp.wire.AddressFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which routes of a peer are stale, and until when: while it restarts (RFC 4724 section 4.2, RFC
 * 9494 section 4.2) and while it sends its table again (RFC 7313). A value; each method answers
 * with the next one and what to do.
 *
 * <pre>
 * session ends ──► Away ── back ──► Returning ── End-of-RIB, or too late ──► nothing stale
 *                   │ restart time over      ▲
 *                   ▼                        │ the long-lived time runs on
 *                 LongLived ── back ─────────┘
 * BoRR ──► Refreshing ── EoRR, or too late ──► nothing stale
 * </pre>
 *
 * @param phases of the families that have stale routes
 * @param complete the families whose End-of-RIB came in this session
 */
public record Retention(Map<AddressFamily, Phase> phases, Set<AddressFamily> complete) {
  /** Nothing is stale. */
  public static final Retention NONE = new Retention(Map.of(), Set.of());

  public Retention {
    phases = Map.copyOf(phases);
    complete = Set.copyOf(complete);
  }

  /** Why routes of a family are stale. */
  public sealed interface Phase {
    /**
     * The session is down; the restart time runs.
     *
     * @param longLived what follows, zero = nothing
     */
    record Away(Duration longLived) implements Phase {}

    /** The session is up again; its End-of-RIB is missing. */
    record Returning() implements Phase {}

    /** The long-lived stale time runs, whether the session is up or down. */
    record LongLived() implements Phase {}

    /** Between BoRR and EoRR. */
    record Refreshing() implements Phase {}
  }

  /** What has to be done. Each family has one timer. */
  public sealed interface Step {
    /**
     * The session is down: all routes of these families become stale, all others go.
     *
     * @param families whose routes stay
     * @param older those of them of which also stays what was stale before
     */
    record Keep(Set<AddressFamily> families, Set<AddressFamily> older) implements Step {
      public Keep {
        families = Set.copyOf(families);
        older = Set.copyOf(older);
      }
    }

    /** All routes of the family become stale; the session is up. */
    record Mark(AddressFamily family) implements Step {}

    /** The stale routes of all other families go. */
    record Retain(Set<AddressFamily> families) implements Step {
      public Retain {
        families = Set.copyOf(families);
      }
    }

    /** The stale routes of the family go. */
    record Purge(AddressFamily family) implements Step {}

    /** The stale routes of the family become least preferred. */
    record Depreference(AddressFamily family) implements Step {}

    /** Starts the family's timer anew: {@link Retention#expired} follows. */
    record Start(AddressFamily family, Duration after) implements Step {}

    /** Stops the family's timer. */
    record Stop(AddressFamily family) implements Step {}
  }

  /** The next value, and what to do in this order. */
  public record Change(Retention next, List<Step> steps) {
    public Change {
      steps = List.copyOf(steps);
    }
  }

  /**
   * The session ended.
   *
   * @param negotiated what held until now
   * @param kept the families whose routes stay
   * @param longest this side's limit of the restart time
   */
  public Change down(Negotiated negotiated, Set<AddressFamily> kept, Duration longest) {
    Map<AddressFamily, Phase> next = new EnumMap<>(AddressFamily.class);
    Set<AddressFamily> older = EnumSet.noneOf(AddressFamily.class);
    List<Step> timers = new ArrayList<>();
    Helping helping = negotiated.helping();
    Duration away = shorter(helping.restartTime(), longest);
    for (AddressFamily family : AddressFamily.values()) {
      Phase phase = phases.get(family);
      Helping.LongLived longLived = helping.longLived().get(family);
      if (!kept.contains(family)) {
        if (phase != null) {
          timers.add(new Step.Stop(family));
        }
      } else if (phase instanceof Phase.LongLived) {
        // RFC 9494 section 4.2: neither deleted nor given more time.
        next.put(family, phase);
        older.add(family);
        timers.add(new Step.Depreference(family));
      } else if (away.isPositive()) {
        next.put(family, new Phase.Away(longLived == null ? Duration.ZERO : longLived.staleTime()));
        timers.add(new Step.Start(family, away));
      } else if (longLived != null) {
        next.put(family, new Phase.LongLived());
        timers.add(new Step.Depreference(family));
        timers.add(new Step.Start(family, longLived.staleTime()));
      } else if (phase != null) {
        timers.add(new Step.Stop(family));
      }
    }
    List<Step> steps = new ArrayList<>();
    steps.add(new Step.Keep(next.keySet(), older));
    steps.addAll(timers);
    return new Change(new Retention(next, Set.of()), steps);
  }

  /**
   * The session is up.
   *
   * @param longest how long its End-of-RIB may take
   */
  public Change up(Negotiated negotiated, Duration longest) {
    Map<AddressFamily, Phase> next = new EnumMap<>(AddressFamily.class);
    List<Step> timers = new ArrayList<>();
    Helping helping = negotiated.helping();
    phases.forEach((family, phase) -> {
      boolean stays =
          helping.forwarding().contains(family)
              && (!(phase instanceof Phase.LongLived)
                  || helping.longLived().get(family) instanceof Helping.LongLived on
                      && on.forwarding());
      if (!stays) {
        timers.add(new Step.Stop(family));
      } else if (phase instanceof Phase.LongLived) {
        next.put(family, phase);
      } else {
        next.put(family, new Phase.Returning());
        timers.add(new Step.Start(family, longest));
      }
    });
    List<Step> steps = new ArrayList<>();
    if (!phases.isEmpty()) {
      steps.add(new Step.Retain(next.keySet()));
    }
    steps.addAll(timers);
    return new Change(new Retention(next, Set.of()), steps);
  }

  /** The peer's End-of-RIB of a family came. */
  public Change endOfRib(AddressFamily family) {
    Set<AddressFamily> done = EnumSet.of(family);
    done.addAll(complete);
    return phases.get(family) instanceof Phase.Refreshing
        ? new Change(new Retention(phases, done), List.of())
        : fresh(family, done);
  }

  /**
   * The peer begins to send all routes of a family again.
   *
   * @param longest how long that may take
   */
  public Change refreshBegins(AddressFamily family, Negotiated negotiated, Duration longest) {
    // RFC 7313 section 4: not before the End-of-RIB of a peer with graceful restart.
    boolean early =
        negotiated.peerRestart() instanceof PeerRestart.On && !complete.contains(family);
    if (early || !negotiated.enhancedRefresh() || !negotiated.families().contains(family)) {
      return new Change(this, List.of());
    }
    Map<AddressFamily, Phase> next = new EnumMap<>(AddressFamily.class);
    next.putAll(phases);
    next.put(family, new Phase.Refreshing());
    return new Change(
        new Retention(next, complete),
        List.of(new Step.Mark(family), new Step.Start(family, longest)));
  }

  /** The peer has sent all routes of a family again. */
  public Change refreshEnds(AddressFamily family) {
    return phases.get(family) instanceof Phase.Refreshing
        ? fresh(family, complete)
        : new Change(this, List.of());
  }

  /** The family's timer fired. */
  public Change expired(AddressFamily family) {
    if (phases.get(family) instanceof Phase.Away(var longLived) && longLived.isPositive()) {
      Map<AddressFamily, Phase> next = new EnumMap<>(phases);
      next.put(family, new Phase.LongLived());
      return new Change(
          new Retention(next, complete),
          List.of(new Step.Depreference(family), new Step.Start(family, longLived)));
    }
    return fresh(family, complete);
  }

  private Change fresh(AddressFamily family, Set<AddressFamily> done) {
    if (!phases.containsKey(family)) {
      return new Change(new Retention(phases, done), List.of());
    }
    Map<AddressFamily, Phase> next = new EnumMap<>(phases);
    next.remove(family);
    return new Change(
        new Retention(next, done), List.of(new Step.Stop(family), new Step.Purge(family)));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
