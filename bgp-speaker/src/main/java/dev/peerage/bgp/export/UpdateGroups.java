package dev.peerage.bgp.export;

import dev.peerage.bgp.wire.AddressFamily;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** The update groups of a RIB: which peers share an adj-rib-out. */
public final class UpdateGroups {
  private final long localAsn;
  private final BestPaths locRib;
  private final ExportCounters counters = new ExportCounters();
  private final List<UpdateGroup> groups = new ArrayList<>();
  private final Map<Member, UpdateGroup> groupOf = new IdentityHashMap<>();
  private final int atOnce;
  private final BooleanSupplier waits;
  private final Runnable workArose;
  private boolean policiesChanged;

  /**
   * No groups yet; they come with the peers.
   *
   * @param localAsn 1 to 4294967295
   * @param locRib what is exported
   * @param atOnce the most prefixes that are decided while a peer asks for messages; if more are
   *     pending, {@link #work} decides them in slices
   * @param waits whether announcements have to wait, as own routes are being taken over in slices
   * @param workArose called when {@link #work} is needed
   */
  public UpdateGroups(
      long localAsn, BestPaths locRib, int atOnce, BooleanSupplier waits, Runnable workArose) {
    this.localAsn = localAsn;
    this.locRib = locRib;
    this.atOnce = atOnce;
    this.waits = waits;
    this.workArose = workArose;
  }

  /** What was done so far. */
  public ExportCounters counters() {
    return counters;
  }

  /**
   * The best path to a prefix is another one, or gone.
   *
   * @param learned neither the path before nor the one now, if any, is originated here
   */
  public void changed(AddressFamily family, long high, long low, int length, boolean learned) {
    for (UpdateGroup group : groups) {
      group.changed(family, high, low, length, learned);
    }
  }

  /** Adds a peer whose session has just come up: it was told nothing. */
  void join(Member member, UpdateGroupKey key) {
    regroup();
    UpdateGroup group =
        groups.stream()
            .filter(each -> each.fits(key, member.policy()))
            .findFirst()
            .orElseGet(() -> {
              groups.add(new UpdateGroup(key, localAsn, member.policy(), counters));
              return groups.getLast();
            });
    group.join(member);
    groupOf.put(member, group);
  }

  /**
   * Tells a member other next hops: it goes on with a copy of what it was told, in which every
   * prefix is decided anew.
   */
  void use(Member member, NextHops nextHops) {
    regroup();
    UpdateGroup before = group(member);
    UpdateGroup after = before.split(List.of(member), nextHops, localAsn);
    groups.add(after);
    groupOf.put(member, after);
    removeIfEmpty(before);
  }

  void leave(Member member) {
    UpdateGroup group = group(member);
    group.leave(member);
    groupOf.remove(member);
    removeIfEmpty(group);
  }

  private void removeIfEmpty(UpdateGroup group) {
    if (group.members().isEmpty()) {
      group.close();
      groups.remove(group);
    }
  }

  /** The group of a member; another one after {@link #regroup}. */
  UpdateGroup group(Member member) {
    return Objects.requireNonNull(groupOf.get(member));
  }

  /** Notes that some member's policy is no longer that of its group. */
  void policiesChanged() {
    policiesChanged = true;
  }

  /**
   * Puts members whose policies have changed into groups that fit. Those whose policies changed
   * alike stay together; the largest part keeps the group and its table, the others leave with a
   * copy.
   */
  void regroup() {
    if (!policiesChanged) {
      return;
    }
    policiesChanged = false;
    for (UpdateGroup group : List.copyOf(groups)) {
      regroup(group);
    }
  }

  private void regroup(UpdateGroup group) {
    List<List<Member>> parts = new ArrayList<>();
    for (Member member : group.members()) {
      parts.stream()
          .filter(part -> part.getFirst().policy().exportsAs(member.policy()))
          .findFirst()
          .orElseGet(() -> {
            parts.add(new ArrayList<>());
            return parts.getLast();
          })
          .add(member);
    }
    List<Member> staying =
        parts.stream()
            .filter(part -> part.getFirst().policy().exportsAs(group.policy()))
            .findFirst()
            .orElseGet(() -> Collections.max(parts, Comparator.comparingInt(List::size)));
    for (List<Member> part : parts) {
      if (part != staying) {
        UpdateGroup other = group.split(part, localAsn);
        groups.add(other);
        part.forEach(member -> groupOf.put(member, other));
        other.use(part.getFirst().policy());
      }
    }
    if (!staying.getFirst().policy().exportsAs(group.policy())) {
      group.use(staying.getFirst().policy());
    }
  }

  /**
   * Decides what the group of a member gets now. If that is too much for one turn of the event
   * loop, it is left to {@link #work}.
   *
   * @return whether announcements may be sent
   */
  boolean decide(Member member, Instant now) {
    regroup();
    UpdateGroup group = group(member);
    if (waits.getAsBoolean()) {
      return false;
    }
    if (!group.isWanted()) {
      if (group.load(locRib) <= atOnce) {
        group.decide(locRib, now.toEpochMilli(), Integer.MAX_VALUE);
      } else {
        group.want();
        workArose.run();
      }
    }
    return group.isServed();
  }

  /** Whether {@link #work} has something to do. */
  public boolean hasWork() {
    return groups.stream().anyMatch(UpdateGroup::isWanted);
  }

  /** Goes on with the groups that have too much to decide for one turn: one slice of them. */
  public void work(int limit, Instant now) {
    int left = limit;
    for (UpdateGroup group : groups) {
      if (left > 0 && group.isWanted()) {
        left -= group.decide(locRib, now.toEpochMilli(), left);
      }
    }
  }
}
