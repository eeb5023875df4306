package dev.peerage.bgp.rib;

import dev.peerage.bgp.prefix.PrefixDifference;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.wire.AddressFamily;

/**
 * Replaces the locally originated routes, some at a time. When the wanted set changes meanwhile,
 * what is left to do is done for the newer set at once.
 */
final class Origination {
  private final LocRib locRib;

  /** Where the walk leads to: what is originated when it is done, but for newer wishes. */
  private PrefixSet target = PrefixSet.EMPTY;

  private PrefixSet.Walk walk = new PrefixSet.Walk(target, target);
  private PrefixSet wanted = PrefixSet.EMPTY;

  Origination(LocRib locRib) {
    this.locRib = locRib;
  }

  void start(PrefixSet prefixes) {
    wanted = prefixes;
  }

  boolean isUnderWay() {
    return !walk.isDone() || target != wanted;
  }

  /** Goes on with so many prefixes, give or take a few dozen; returns how many they were. */
  int advance(int limit, int seconds) {
    if (walk.isDone() && target != wanted) {
      walk = new PrefixSet.Walk(target, wanted);
      target = wanted;
    }
    boolean newest = target == wanted;
    return walk.advance(
        limit,
        new PrefixDifference() {
          @Override
          public void removed(AddressFamily family, long high, long low, int length) {
            set(!newest && wanted.contains(family, high, low, length), family, high, low, length);
          }

          @Override
          public void added(AddressFamily family, long high, long low, int length) {
            set(newest || wanted.contains(family, high, low, length), family, high, low, length);
          }

          private void set(boolean there, AddressFamily family, long high, long low, int length) {
            if (there) {
              locRib.originate(family, high, low, length, seconds);
            } else {
              locRib.withdraw(family, high, low, length);
            }
          }
        });
  }
}
