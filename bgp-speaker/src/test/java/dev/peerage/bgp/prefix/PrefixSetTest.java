package dev.peerage.bgp.prefix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixSetTest {
  private static Prefix prefix(String text) {
    return Prefix.parse(text);
  }

  /** Dense and sparse addresses, lengths that nest, both families. */
  private static Prefix any(Random random) {
    return switch (random.nextInt(4)) {
      case 0 ->
          new Prefix(AddressFamily.IPV4_UNICAST, (0x0a00_0000L | random.nextInt(600)) << 32, 0, 32);
      case 1 ->
          new Prefix(
              AddressFamily.IPV4_UNICAST, random.nextLong() & ~0xffff_ffffL, 0, random.nextInt(33));
      case 2 ->
          new Prefix(
              AddressFamily.IPV6_UNICAST,
              random.nextLong(),
              random.nextLong(),
              random.nextInt(129));
      default ->
          new Prefix(
              AddressFamily.IPV6_UNICAST,
              0xfd00L << 48,
              random.nextInt(600),
              128 - random.nextInt(3));
    };
  }

  private record Changes(Set<Prefix> removed, Set<Prefix> added) {
    static Changes between(PrefixSet before, PrefixSet after) {
      List<Prefix> removed = new ArrayList<>();
      List<Prefix> added = new ArrayList<>();
      PrefixSet.diff(
          before,
          after,
          new PrefixDifference() {
            @Override
            public void removed(AddressFamily family, long high, long low, int length) {
              removed.add(new Prefix(family, high, low, length));
            }

            @Override
            public void added(AddressFamily family, long high, long low, int length) {
              added.add(new Prefix(family, high, low, length));
            }
          });
      assertThat(removed).isSorted().doesNotHaveDuplicates();
      assertThat(added).isSorted().doesNotHaveDuplicates();
      return new Changes(Set.copyOf(removed), Set.copyOf(added));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void behavesAsASortedSetWhateverHappensToIt(long seed) {
    Random random = new Random(seed);
    TreeSet<Prefix> model = new TreeSet<>();
    TreeSet<Prefix> oldModel = new TreeSet<>();
    PrefixSet set = PrefixSet.EMPTY;
    PrefixSet old = set;
    for (int step = 0; step < 4_000; step++) {
      boolean shrinks = step > 1_500 && step < 2_500;
      if (!model.isEmpty() && random.nextInt(4) < (shrinks ? 3 : 1)) {
        Prefix ceiling = model.ceiling(any(random));
        Prefix gone = ceiling == null ? model.first() : ceiling;
        model.remove(gone);
        set = set.without(gone);
      } else {
        Prefix added = any(random);
        model.add(added);
        set = set.with(added);
      }
      assertThat(set).hasSize(model.size());
      if (step % 250 == 0) {
        assertThat(List.copyOf(set)).isEqualTo(List.copyOf(model));
        PrefixSet anew = PrefixSet.of(new ArrayList<>(model));
        assertThat(anew).isEqualTo(set).hasSameHashCodeAs(set);
        assertThat(set.equals(model)).isTrue();
        assertThat(model.equals(set)).isTrue();
        assertThat(set.hashCode()).isEqualTo(model.hashCode());
        Changes changes = Changes.between(old, set);
        TreeSet<Prefix> removed = new TreeSet<>(oldModel);
        removed.removeAll(model);
        TreeSet<Prefix> added = new TreeSet<>(model);
        added.removeAll(oldModel);
        assertThat(changes).isEqualTo(new Changes(removed, added));
        assertThat(Changes.between(set, old)).isEqualTo(new Changes(added, removed));
        assertThat(Changes.between(set, anew)).isEqualTo(new Changes(Set.of(), Set.of()));
        old = set;
        oldModel = new TreeSet<>(model);
      }
    }
  }

  @Test
  void containsExactlyItsPrefixes() {
    PrefixSet set = PrefixSet.of(prefix("10.0.0.0/8"), prefix("10.0.0.0/16"), prefix("fd00::/64"));
    assertThat(set.contains(prefix("10.0.0.0/8"))).isTrue();
    assertThat(set.contains(prefix("10.0.0.0/9"))).isFalse();
    assertThat(set.contains(prefix("10.0.0.0/32"))).isFalse();
    assertThat(set.contains(prefix("fd00::/63"))).isFalse();
    assertThat(set)
        .containsExactly(prefix("10.0.0.0/8"), prefix("10.0.0.0/16"), prefix("fd00::/64"));
    assertThat(PrefixSet.of(prefix("10.0.0.0/8"), prefix("10.0.0.0/8"))).hasSize(1);
    assertThat(PrefixSet.of()).isEqualTo(PrefixSet.EMPTY).isEmpty();
  }

  @Test
  void aRangeIsMadeOfNeighboursOfOneLength() {
    assertThat(PrefixSet.range(prefix("10.2.0.254/32"), 4))
        .containsExactly(
            prefix("10.2.0.254/32"),
            prefix("10.2.0.255/32"),
            prefix("10.2.1.0/32"),
            prefix("10.2.1.1/32"));
    assertThat(PrefixSet.range(prefix("10.0.0.0/24"), 2))
        .containsExactly(prefix("10.0.0.0/24"), prefix("10.0.1.0/24"));
    assertThat(PrefixSet.range(prefix("fd00::ffff:ffff:ffff:ffff/128"), 2))
        .containsExactly(prefix("fd00::ffff:ffff:ffff:ffff/128"), prefix("fd00:0:0:1::/128"));
    assertThat(PrefixSet.range(prefix("fd00:0:0:ff00::/56"), 2))
        .containsExactly(prefix("fd00:0:0:ff00::/56"), prefix("fd00:0:1::/56"));
    assertThat(PrefixSet.range(prefix("0.0.0.0/0"), 1)).containsExactly(prefix("0.0.0.0/0"));
    assertThat(PrefixSet.range(prefix("10.0.0.0/32"), 0)).isEmpty();
    assertThat(PrefixSet.range(prefix("255.255.255.254/32"), 2)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"255.255.255.255/32", "::/0", "0.0.0.0/0", "ffff:ffff:ffff:ffff::/64"})
  void aRangeDoesNotPassTheEndOfTheAddressSpace(String base) {
    assertThatThrownBy(() -> PrefixSet.range(prefix(base), 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("end of the address space");
  }

  @Test
  void visitsInOrder() {
    List<Prefix> seen = new ArrayList<>();
    PrefixSet set = PrefixSet.range(prefix("10.0.0.0/32"), 1_000).with(prefix("fd00::/64"));
    set.forEach((family, high, low, length) -> seen.add(new Prefix(family, high, low, length)));
    assertThat(seen).isSorted().hasSize(1_001);
    assertThat(set.stream().toList()).isEqualTo(seen);
  }
}
