package dev.peerage.bgp.rib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlabTest {
  private final Slab slab = new Slab(2);

  private static List<Integer> fill(Slab slab, Slab.Lot lot, int count) {
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int id = lot.allocate();
      slab.set(id, 0, i);
      slab.set(id, 1, -i);
      ids.add(id);
    }
    return ids;
  }

  @Test
  void knowsTheOwnerOfEachRecord() {
    Slab.Lot one = slab.new Lot();
    Slab.Lot two = slab.new Lot();
    Set<Integer> all = new HashSet<>();
    for (int round = 0; round < 10; round++) {
      for (int id : fill(slab, one, 1_000)) {
        assertThat(slab.owner(id)).isSameAs(one);
        assertThat(all.add(id)).isTrue();
      }
      for (int id : fill(slab, two, 999)) {
        assertThat(slab.owner(id)).isSameAs(two);
        assertThat(all.add(id)).isTrue();
      }
    }
    assertThat(one.size()).isEqualTo(10_000);
    Set<Integer> seen = new HashSet<>();
    one.forEach(seen::add);
    two.forEach(seen::add);
    assertThat(seen).isEqualTo(all);
  }

  @Test
  void usesFreedRecordsAgain() {
    Slab.Lot lot = slab.new Lot();
    List<Integer> ids = fill(slab, lot, 10_000);
    ids.subList(100, 9_000).forEach(lot::free);
    assertThat(lot.size()).isEqualTo(1_100);
    assertThat(fill(slab, lot, 8_900)).containsExactlyInAnyOrderElementsOf(ids.subList(100, 9_000));
    assertThat(slab.get(ids.get(99), 0)).isEqualTo(99);
    assertThat(slab.get(ids.get(9_999), 1)).isEqualTo(-9_999);
  }

  @Test
  void freesRecordsWhileItIsLookedThrough() {
    Slab.Lot lot = slab.new Lot();
    Slab.Lot other = slab.new Lot();
    fill(slab, lot, 9_000);
    List<Integer> kept = fill(slab, other, 10);
    lot.forEach(lot::free);
    assertThat(lot.size()).isZero();
    assertThat(fill(slab, lot, 20)).doesNotContainAnyElementsOf(kept);
    lot.forEach(id -> assertThat(slab.owner(id)).isSameAs(lot));
    assertThat(slab.get(kept.get(9), 0)).isEqualTo(9);
  }
}
