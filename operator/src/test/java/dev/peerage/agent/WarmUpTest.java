package dev.peerage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.reading.Reading;
import org.junit.jupiter.api.Test;

/** That the made-up Service goes the whole way: what its router hears is what was announced. */
class WarmUpTest {
  @Test
  void eachChangeIsAnUpdateAtTheRouter() {
    long updates = WarmUp.run(Reading.ofAgent());
    // The last ones may be under way, and what comes close together may share one.
    assertThat(updates).isGreaterThan(WarmUp.ROUNDS / 2);
  }
}
