package dev.peerage.announce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peerage.kube.ServiceKey;
import dev.peerage.peering.Problem;
import dev.peerage.peering.Problem.ObjectRef;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The immutable table, held against the JDK's mutable one. */
class DecisionsByServiceTest {
  static Stream<Long> seeds() {
    return Stream.of(1L, 2L, new Random().nextLong());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void holdsWhatATreeMapHoldsAndStaysLow(long seed) {
    RandomGenerator random = RandomGeneratorFactory.getDefault().create(seed);
    DecisionsByService table = DecisionsByService.EMPTY;
    TreeMap<ServiceKey, ObjectDecisions> expected = new TreeMap<>();
    for (int step = 0; step < 3000; step++) {
      ServiceKey key = key(random.nextInt(200));
      if (random.nextInt(5) < 2) {
        table = table.without(key);
        expected.remove(key);
      } else {
        ObjectDecisions value = decisions("step " + step);
        table = table.with(key, value);
        expected.put(key, value);
      }
      assertThat(table.get(key)).as("seed %s, step %s", seed, step).isSameAs(expected.get(key));
      if (step % 50 == 0) {
        assertThat(table)
            .as("seed %s, step %s", seed, step)
            .containsExactlyElementsOf(expected.values());
        assertThat(table.height()).isLessThanOrEqualTo(highest(expected.size()));
      }
    }
  }

  @Test
  void isMadeOfMany() {
    TreeMap<ServiceKey, ObjectDecisions> many = new TreeMap<>();
    for (int i = 0; i < 50_000; i++) {
      many.put(key(i), decisions("service " + i));
    }
    DecisionsByService table = DecisionsByService.of(many);
    assertThat(table.height()).isEqualTo(16);
    assertThat(table).containsExactlyElementsOf(many.values());
    for (int i = 0; i < 50_000; i += 2) {
      many.remove(key(i));
      table = table.without(key(i));
    }
    assertThat(table).containsExactlyElementsOf(many.values());
    assertThat(table.height()).isLessThanOrEqualTo(highest(many.size()));
  }

  @Test
  void staysAsItIsWhenAnotherIsMade() {
    DecisionsByService one = DecisionsByService.EMPTY.with(key(1), decisions("one"));
    DecisionsByService two = one.with(key(1), decisions("other")).with(key(2), decisions("two"));
    DecisionsByService none = one.without(key(1));
    assertThat(one).containsExactly(decisions("one"));
    assertThat(two).containsExactly(decisions("other"), decisions("two"));
    assertThat(none).isEmpty();
    assertThat(one.without(key(9))).isSameAs(one);
  }

  @Test
  void endsAfterTheLastService() {
    assertThatExceptionOfType(NoSuchElementException.class)
        .isThrownBy(() -> DecisionsByService.EMPTY.iterator().next());
  }

  /** An AVL tree of n entries is lower than 1.4405 · log2(n + 2). */
  private static int highest(int entries) {
    return (int) (1.4405 * Math.log(entries + 2) / Math.log(2));
  }

  private static ServiceKey key(int number) {
    return new ServiceKey("n" + number % 7, "s" + number);
  }

  private static ObjectDecisions decisions(String what) {
    return new ObjectDecisions(
        List.of(),
        List.of(new Problem(ObjectRef.ofCluster("Service", "s"), "spec", what, "remedy")));
  }
}
