package dev.peerage.lbipam;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The free addresses of a range, kept as gaps between the taken ones: cost follows the number of
 * taken addresses, never the size of the range.
 */
final class FreeSpace {
  private final Range range;
  private final NavigableSet<Gap> byAddress = new TreeSet<>(Comparator.comparing(Gap::first));
  private final NavigableSet<Gap> bySize =
      new TreeSet<>(Comparator.comparing(Gap::size).thenComparing(Gap::first));

  FreeSpace(Range range) {
    this.range = range;
    add(range.firstGiven().value(), range.lastGiven().value());
  }

  /** Takes an address out; nothing happens when it is not free here. */
  void take(Ip ip) {
    if (!range.contains(ip)) {
      return;
    }
    FreeSpace.Gap gap = byAddress.floor(new Gap(ip.value(), ip.value()));
    if (gap == null || gap.last.compareTo(ip.value()) < 0) {
      return;
    }
    remove(gap);
    add(gap.first, ip.value().subtract(BigInteger.ONE));
    add(ip.value().add(BigInteger.ONE), gap.last);
  }

  /** Puts an address back; nothing happens when it is free already or never given out here. */
  void giveBack(Ip ip) {
    if (!range.gives(ip)) {
      return;
    }
    BigInteger first = ip.value();
    BigInteger last = ip.value();
    FreeSpace.Gap below = byAddress.floor(new Gap(first, first));
    if (below != null && below.last.compareTo(first) >= 0) {
      return;
    }
    if (below != null && below.last.add(BigInteger.ONE).equals(first)) {
      remove(below);
      first = below.first;
    }
    FreeSpace.Gap above = byAddress.higher(new Gap(last, last));
    if (above != null && above.first.equals(last.add(BigInteger.ONE))) {
      remove(above);
      last = above.last;
    }
    add(first, last);
  }

  private void remove(Gap gap) {
    byAddress.remove(gap);
    bySize.remove(gap);
  }

  /** The first address of the smallest gap, of equal ones the lowest. */
  Optional<Ip> next() {
    return bySize.isEmpty()
        ? Optional.empty()
        : Optional.of(new Ip(range.first().v6(), bySize.first().first));
  }

  private void add(BigInteger first, BigInteger last) {
    if (first.compareTo(last) <= 0) {
      var gap = new Gap(first, last);
      byAddress.add(gap);
      bySize.add(gap);
    }
  }

  private record Gap(BigInteger first, BigInteger last) {
    BigInteger size() {
      return last.subtract(first).add(BigInteger.ONE);
    }
  }
}
