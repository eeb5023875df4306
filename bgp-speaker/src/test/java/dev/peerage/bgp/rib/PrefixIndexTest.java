package dev.peerage.bgp.rib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The index behaves as a plain map does, and numbers stay. */
class PrefixIndexTest {
  @ParameterizedTest
  @EnumSource(AddressFamily.class)
  void behavesAsAMap(AddressFamily family) {
    Random random = new Random(1);
    PrefixIndex index = new PrefixIndex(family);
    Map<Prefix, Integer> numbers = new HashMap<>();
    List<Prefix> present = new ArrayList<>();
    // It grows to some thousands and shrinks again.
    for (int step = 0; step < 200_000; step++) {
      boolean growing = step % 40_000 < 20_000;
      if (random.nextInt(10) < (growing ? 7 : 2)) {
        Prefix prefix = prefix(family, random);
        int known = index.find(prefix.high(), prefix.low(), prefix.length());
        assertThat(known).isEqualTo(numbers.getOrDefault(prefix, -1));
        if (known < 0) {
          numbers.put(prefix, index.add(prefix.high(), prefix.low(), prefix.length(), step));
          present.add(prefix);
        } else {
          index.head(known, step);
          assertThat(index.head(known)).isEqualTo(step);
        }
      } else if (!present.isEmpty()) {
        int at = random.nextInt(present.size());
        Prefix prefix = present.set(at, present.getLast());
        present.removeLast();
        index.remove(number(numbers, prefix));
        numbers.remove(prefix);
      }
      assertThat(index.size()).isEqualTo(numbers.size());
    }
    Map<Prefix, Integer> found = new HashMap<>();
    index.forEach(number ->
        found.put(
            new Prefix(family, index.high(number), index.low(number), index.length(number)),
            number));
    assertThat(found).isEqualTo(numbers);
    numbers.forEach((prefix, number) ->
        assertThat(index.find(prefix.high(), prefix.low(), prefix.length())).isEqualTo(number));
  }

  private static int number(Map<Prefix, Integer> numbers, Prefix prefix) {
    return numbers.getOrDefault(prefix, -1);
  }

  private static Prefix prefix(AddressFamily family, Random random) {
    int length = 8 + random.nextInt(family.maxLength() - 7);
    long high = random.nextLong(1 << 14) << 50;
    return switch (family) {
      case IPV4_UNICAST -> new Prefix(family, high & 0xffff_ffff_0000_0000L, 0, length);
      case IPV6_UNICAST -> new Prefix(family, high | random.nextInt(3), random.nextInt(3), length);
    };
  }

  @Test
  void tellsLengthsOfOneAddressApart() {
    PrefixIndex index = new PrefixIndex(AddressFamily.IPV4_UNICAST);
    for (int length = 0; length <= 32; length++) {
      index.add(0, 0, length, 100 + length);
    }
    assertThat(index.size()).isEqualTo(33);
    assertThat(index.head(index.find(0, 0, 0))).isEqualTo(100);
    assertThat(index.head(index.find(0, 0, 32))).isEqualTo(132);
  }

  @Test
  void keepsAddressesWithTheHighestBit() {
    PrefixIndex index = new PrefixIndex(AddressFamily.IPV6_UNICAST);
    int number = index.add(-1L, -2L, 128, 0);
    assertThat(index.high(number)).isEqualTo(-1L);
    assertThat(index.low(number)).isEqualTo(-2L);
  }
}
