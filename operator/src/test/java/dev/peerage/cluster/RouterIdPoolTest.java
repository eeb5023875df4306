package dev.peerage.cluster;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterIdPoolTest {
  private static final String UNAVAILABLE = "peerage.dev/RouterIDUnavailable ";

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0, no prefix length",
    "10.0.0.0/33, not within 0 to 32",
    "10.0.0.0/x, no number",
    "10.0.0.1/24, it would be 10.0.0.0/24",
    "2001:db8::/64, router IDs are IPv4 addresses",
    "pool/24, no IPv4 address",
    "10.0.0/24, no IPv4 address",
    "0.0.0.0/32, no router ID",
  })
  void saysWhatIsWrongWithAPool(String text, String why) {
    assertThatThrownBy(() -> RouterIdPool.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'" + text + "' is no pool of router IDs: ")
        .hasMessageContaining(why)
        .hasMessageContaining("such as 10.255.0.0/16");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/30, 10.0.0.0, 10.0.0.3",
    "255.255.255.255/32, 255.255.255.255, 255.255.255.255",
    "0.0.0.0/0, 0.0.0.1, 255.255.255.255",
  })
  void theFirstAndTheLastCount(String text, String first, String last) {
    var pool = RouterIdPool.parse(text);
    assertThat(List.of(RouterIdPool.text(pool.first()), RouterIdPool.text(pool.last())))
        .containsExactly(first, last);
  }

  @Test
  void eachInstanceOnEachNodeGetsTheLowestFreeOne() {
    var cluster = new Cluster("10.0.0.0/29");
    cluster.node("n2", "").node("n1", "");
    cluster.config("c", "2026-01-01T00:00:00Z", "", "a", "b");
    cluster.settle();

    assertThat(cluster.routerIds())
        .containsExactly("n1/a=10.0.0.0", "n1/b=10.0.0.1", "n2/a=10.0.0.2", "n2/b=10.0.0.3");
    assertThat(cluster.faults("c")).noneMatch(it -> it.startsWith(UNAVAILABLE));
  }

  @Test
  void aRestartKeepsThemAndGivesOnlyFreeOnesOut() {
    var cluster = new Cluster("10.0.0.0/29");
    cluster.node("n1", "").node("n2", "").node("n3", "");
    cluster.config("c", "2026-01-01T00:00:00Z", "", "a");
    cluster.settle();
    cluster.nodeGone("n1");
    cluster.settle();

    cluster.restart();
    cluster.node("n0", "");
    cluster.node("n4", "");

    assertThat(cluster.settle()).containsExactly("apply n0", "apply n4");
    assertThat(cluster.routerIds())
        .containsExactly("n0/a=10.0.0.0", "n2/a=10.0.0.1", "n3/a=10.0.0.2", "n4/a=10.0.0.3");
  }

  @Test
  void oneThatIsFreedGoesToTheNodeThatWaitsForIt() {
    var cluster = new Cluster("10.0.0.0/31");
    cluster.node("n1", "").node("n2", "").node("n3", "");
    cluster.config("c", "2026-01-01T00:00:00Z", "", "a");
    cluster.settle();
    assertThat(cluster.routerIds()).containsExactly("n1/a=10.0.0.0", "n2/a=10.0.0.1", "n3/a=null");
    assertThat(cluster.faults("c"))
        .contains(
            UNAVAILABLE
                + "RouterIDPoolExhausted The pool of router IDs is used up; enlarge it or set"
                + " routerID in a CiliumBGPNodeConfigOverride for: [n3/a]");

    cluster.nodeGone("n1");
    cluster.settle();

    assertThat(cluster.routerIds()).containsExactly("n2/a=10.0.0.1", "n3/a=10.0.0.0");
    assertThat(cluster.faults("c")).noneMatch(it -> it.startsWith(UNAVAILABLE));
  }

  @Test
  void theOneOfARemovedInstanceIsFree() {
    var cluster = new Cluster("10.0.0.0/31");
    cluster.node("n1", "");
    cluster.config("c", "2026-01-01T00:00:00Z", "", "a", "b");
    cluster.settle();

    cluster.config("c", "", "", "b");
    cluster.node("n2", "");
    cluster.settle();

    assertThat(cluster.routerIds()).containsExactly("n1/b=10.0.0.1", "n2/b=10.0.0.0");
  }

  @Test
  void anOverrideOutsideThePoolFreesThePooledOne() {
    var cluster = new Cluster("10.0.0.0/31");
    cluster.node("n1", "").node("n2", "");
    cluster.config("c", "2026-01-01T00:00:00Z", "", "a");
    cluster.settle();

    cluster.override("n1", "a", "192.0.2.1");
    cluster.node("n3", "");
    cluster.settle();

    assertThat(cluster.routerIds())
        .containsExactly("n1/a=192.0.2.1", "n2/a=10.0.0.1", "n3/a=10.0.0.0");
  }

  @Test
  void anOverrideInsideThePoolTakesAFreeOneOrKeepsItsOwn() {
    var cluster = new Cluster("10.0.0.0/29");
    cluster.node("n1", "").node("n2", "").node("n3", "");
    cluster.override("n3", "a", "10.0.0.0"); // Before anything is given out.
    cluster.config("c", "2026-01-01T00:00:00Z", "", "a");
    cluster.settle();
    assertThat(cluster.routerIds())
        .containsExactly("n1/a=10.0.0.1", "n2/a=10.0.0.2", "n3/a=10.0.0.0");

    cluster.override("n1", "a", "10.0.0.7");
    cluster.override("n2", "a", "10.0.0.2");
    cluster.node("n4", "");
    cluster.settle();

    assertThat(cluster.routerIds())
        .containsExactly("n1/a=10.0.0.7", "n2/a=10.0.0.2", "n3/a=10.0.0.0", "n4/a=10.0.0.1");
  }

  @Test
  void anOverrideThatAsksForAnothersKeepsTheNodeAsItWasUntilItIsFree() {
    var cluster = new Cluster("10.0.0.0/29");
    cluster.node("n1", "").node("n2", "");
    cluster.config("c", "2026-01-01T00:00:00Z", "", "a");
    cluster.settle();

    cluster.override("n2", "a", "10.0.0.0");
    assertThat(cluster.settle()).containsExactly("status c");
    assertThat(cluster.routerIds()).containsExactly("n1/a=10.0.0.0", "n2/a=10.0.0.1");
    assertThat(cluster.faults("c"))
        .contains(
            UNAVAILABLE
                + "RouterIDTaken CiliumBGPNodeConfigOverride n2: routerID 10.0.0.0 of instance a"
                + " belongs to n1/a; the node keeps what it runs; choose another one");

    cluster.nodeGone("n1");
    cluster.settle();

    assertThat(cluster.routerIds()).containsExactly("n2/a=10.0.0.0");
    assertThat(cluster.faults("c")).noneMatch(it -> it.startsWith(UNAVAILABLE));
  }

  @Test
  void anOverrideThatGoesGivesThePoolItsTurn() {
    var cluster = new Cluster("10.0.0.0/29");
    cluster.node("n1", "").override("n1", "a", "192.0.2.1");
    cluster.config("c", "2026-01-01T00:00:00Z", "", "a");
    cluster.settle();
    assertThat(cluster.routerIds()).containsExactly("n1/a=192.0.2.1");

    cluster.overrideGone("n1");
    cluster.settle();

    assertThat(cluster.routerIds()).containsExactly("n1/a=10.0.0.0");
  }

  @Test
  void theNextOwnerOfANodeMayUseTheSameOne() {
    var cluster = new Cluster("10.0.0.0/32");
    cluster.node("n1", "");
    cluster.config("first", "2026-01-01T00:00:00Z", "", "a");
    cluster.config("second", "2026-01-02T00:00:00Z", "", "b");
    cluster.settle();
    cluster.configGone("first");
    cluster.settle();
    assertThat(cluster.routerIds()).containsExactly("n1/a=10.0.0.0");
    cluster.collectGarbage();
    cluster.settle();

    assertThat(cluster.routerIds()).containsExactly("n1/b=10.0.0.0");
  }

  @Test
  void whatAHandWrittenNodeConfigUsesIsNotGivenOut() {
    var cluster = new Cluster("10.0.0.0/29");
    cluster.node("n1", "");
    cluster.config("c", "2026-01-01T00:00:00Z", "", "a");
    cluster.settle();
    requireNonNull(cluster.nodeConfigs.get("n1")).getMetadata().setOwnerReferences(List.of());
    cluster.restart();
    cluster.node("n0", "");
    cluster.settle();

    assertThat(cluster.routerIds()).containsExactly("n0/a=10.0.0.1", "n1/a=10.0.0.0");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void neverTwoHaveTheSameAndARestartChangesNothing(long seed) {
    var random = new Random(seed);
    var cluster = new Cluster("10.0.0.0/29");
    cluster.config("c0", "2026-01-01T00:00:00Z", "", "a");
    for (var step = 0; step < 400; step++) {
      var node = "n" + random.nextInt(8);
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> cluster.node(node, List.of("", "r", "s").get(random.nextInt(3)));
        case 3 -> cluster.nodeGone(node);
        case 4 -> cluster.override(node, "a", "10.0.0." + random.nextInt(10));
        case 5 -> cluster.overrideGone(node);
        case 6 ->
            cluster.config(
                "c" + random.nextInt(2),
                "2026-01-02T00:00:00Z",
                List.of("", "r").get(random.nextInt(2)),
                List.of("a", "b").get(random.nextInt(2)));
        default -> cluster.collectGarbage();
      }
      cluster.settle();
      var pooled =
          cluster.routerIds().stream()
              .map(it -> it.substring(it.indexOf('=') + 1))
              .filter(it -> !it.equals("null") && Integer.parseInt(it.substring(7)) < 8)
              .toList();
      assertThat(new HashSet<>(pooled)).as("step %s: %s", step, pooled).hasSameSizeAs(pooled);
      if (random.nextInt(4) == 0) {
        cluster.restart();
        assertThat(cluster.settle()).as("step %s", step).isEmpty();
      }
    }
  }
}
