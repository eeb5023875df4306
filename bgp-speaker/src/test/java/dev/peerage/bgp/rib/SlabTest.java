package dev.peerage.bgp.rib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlabTest {
  private final Slab slab = new Slab(2);

  private static List<Integer> fill(Slab slab, Slab.Owner owner, int count) {
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int id = owner.allocate();
      slab.set(id, 0, i);
      slab.set(id, 1, -i);
      ids.add(id);
    }
    return ids;
  }

  @Test
  void knowsTheOwnerOfEachRecord() {
    Slab.Owner one = slab.new Owner();
    Slab.Owner two = slab.new Owner();
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
    Slab.Owner owner = slab.new Owner();
    List<Integer> ids = fill(slab, owner, 10_000);
    ids.subList(100, 9_000).forEach(owner::free);
    assertThat(owner.size()).isEqualTo(1_100);
    assertThat(fill(slab, owner, 8_900))
        .containsExactlyInAnyOrderElementsOf(ids.subList(100, 9_000));
    assertThat(slab.get(ids.get(99), 0)).isEqualTo(99);
    assertThat(slab.get(ids.get(9_999), 1)).isEqualTo(-9_999);
  }

  @Test
  void freesRecordsWhileItIsLookedThrough() {
    Slab.Owner owner = slab.new Owner();
    Slab.Owner other = slab.new Owner();
    fill(slab, owner, 9_000);
    List<Integer> kept = fill(slab, other, 10);
    owner.forEach(owner::free);
    assertThat(owner.size()).isZero();
    assertThat(fill(slab, owner, 20)).doesNotContainAnyElementsOf(kept);
    owner.forEach(id -> assertThat(slab.owner(id)).isSameAs(owner));
    assertThat(slab.get(kept.get(9), 0)).isEqualTo(9);
  }
}
