package dev.peerage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.agent.Inputs.Changes;
import dev.peerage.agent.Inputs.Changes.Taken;
import dev.peerage.kube.ServiceKey;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChangesTest {
  private static final ServiceKey WEB = new ServiceKey("default", "web");
  private static final ServiceKey DNS = new ServiceKey("kube-system", "dns");

  private final AtomicInteger woken = new AtomicInteger();
  private final Changes changes = new Changes(woken::incrementAndGet);

  @Test
  void eachChangeWakesAndIsTakenOnce() {
    changes.service(WEB);
    changes.service(DNS);
    changes.service(WEB);
    changes.configuration();
    assertThat(woken).hasValue(4);
    assertThat(changes.take()).isEqualTo(new Taken(true, Set.of(WEB, DNS)));
    assertThat(changes.take()).isEqualTo(new Taken(false, Set.of()));
  }

  @Test
  void whatComesAfterTakingBelongsToTheNextRound() {
    changes.service(WEB);
    Taken taken = changes.take();
    changes.service(DNS);
    assertThat(taken.services()).containsExactly(WEB);
    assertThat(changes.take().services()).containsExactly(DNS);
  }

  /** Whoever is woken must find the change. */
  @Test
  void wakesAfterTheChangeIsThere() {
    Set<?>[] found = new Set<?>[1];
    Changes[] self = new Changes[1];
    self[0] = new Changes(() -> found[0] = self[0].take().services());
    self[0].service(WEB);
    assertThat(found[0]).isEqualTo(Set.of(WEB));
  }
}
