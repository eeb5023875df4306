package dev.peerage.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WakeTest {
  private static final Node NODE = new NodeBuilder().withNewMetadata().withName("n1").and().build();

  private final List<Event> woken = new ArrayList<>();
  private final Wake<Node> wake = new Wake<>("test");

  WakeTest() {
    wake.setEventHandler(woken::add);
  }

  @Test
  void nobodyBeforeItHasStarted() {
    wake.up(List.of("n1"));
    wake.in(new OneNode());
    wake.up(List.of("n1"));

    assertThat(woken).isEmpty();
  }

  @Test
  void whoIsThereAndNobodyElse() {
    wake.in(new OneNode()).start();
    wake.up(List.of("n1", "gone"));

    assertThat(woken).extracting(Event::getRelatedCustomResourceID).containsExactly(id("n1"));
    assertThat(wake.get(id("n1"))).contains(NODE);
    assertThat(wake.get(id("gone"))).isEmpty();
  }

  @Test
  void nobodyAfterItsEnd() {
    wake.in(new OneNode()).start();
    wake.stop();
    wake.up(id("n1"));

    assertThat(woken).isEmpty();
  }

  private static ResourceID id(String name) {
    return new ResourceID(name);
  }

  private static final class OneNode implements Cache<Node> {
    @Override
    public Optional<Node> get(ResourceID id) {
      return id.getName().equals("n1") ? Optional.of(NODE) : Optional.empty();
    }

    @Override
    public Stream<ResourceID> keys() {
      return Stream.of(id("n1"));
    }

    @Override
    public Stream<Node> list(Predicate<Node> predicate) {
      return Stream.of(NODE).filter(predicate);
    }
  }
}
