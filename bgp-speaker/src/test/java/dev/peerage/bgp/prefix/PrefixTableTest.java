package dev.peerage.bgp.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Prefix;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table behaves as a plain map does. */
class PrefixTableTest {
  private record Entry(int value, long since) {}

  @ParameterizedTest
  @EnumSource(AddressFamily.class)
  void behavesAsAMap(AddressFamily family) {
    Random random = new Random(1);
    PrefixTable<Integer> table = new PrefixTable<>(family);
    Map<Prefix, Entry> model = new HashMap<>();
    for (int step = 0; step < 200_000; step++) {
      // Few distinct prefixes, so that slots are freed and taken again.
      int length = 1 + random.nextInt(family.maxLength());
      Prefix prefix = new Prefix(family, random.nextLong() << 56, random.nextInt(4), length);
      if (family == AddressFamily.IPV4_UNICAST) {
        prefix = new Prefix(family, prefix.high(), 0, length);
      }
      Entry known = model.get(prefix);
      if (random.nextInt(5) < 2) {
        assertThat(table.remove(prefix.high(), prefix.low(), length))
            .isEqualTo(known == null ? null : known.value);
        model.remove(prefix);
      } else {
        Integer previous = table.put(prefix.high(), prefix.low(), length, step, step);
        assertThat(previous).isEqualTo(known == null ? null : known.value);
        model.put(prefix, new Entry(step, known == null ? step : known.since));
      }
      assertThat(table.size()).isEqualTo(model.size());
    }
    Map<Prefix, Entry> content = new HashMap<>();
    table.forEach((high, low, length, value, since) ->
        content.put(new Prefix(family, high, low, length), new Entry(value, since)));
    assertThat(content).isEqualTo(model);
    model.forEach((prefix, entry) -> {
      assertThat(table.get(prefix.high(), prefix.low(), prefix.length())).isEqualTo(entry.value);
      assertThat(table.since(prefix.high(), prefix.low(), prefix.length())).isEqualTo(entry.since);
    });
  }

  @Test
  void tellsLengthsOfOneAddressApart() {
    PrefixTable<String> table = new PrefixTable<>(AddressFamily.IPV4_UNICAST);
    for (int length = 0; length <= 32; length++) {
      table.put(0, 0, length, "/" + length, 0);
    }
    assertThat(table.size()).isEqualTo(33);
    assertThat(table.get(0, 0, 0)).isEqualTo("/0");
    assertThat(table.get(0, 0, 32)).isEqualTo("/32");
  }
}
