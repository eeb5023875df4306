package dev.peerage.bgp.speaker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * All meters of a speaker that come and go. A registry has one meter for a name with its labels,
 * and hands the one that is there to whoever registers another. A peer that takes the place of a
 * peer, with the same name and address, would so be given the meters that read its predecessor, and
 * lose them with it. Here the last who asks for a meter has it: it reads what he says, and goes
 * when he goes. A counter goes on from where it is. To be used on the event loop only.
 */
final class Meters {
  private final MeterRegistry registry;
  private final Map<Key, Held> held = new HashMap<>();

  private record Key(String name, Tags tags) {}

  /**
   * A meter that is registered.
   *
   * @param source what it reads; a registry holds that only weakly
   */
  private record Held(Owner owner, Meter meter, LongSupplier source) {}

  Meters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Somebody who has meters for a while. */
  Owner owner() {
    return new Owner();
  }

  private void forget(Key key) {
    Held before = held.remove(key);
    if (before != null) {
      registry.remove(before.meter);
    }
  }

  /** Has meters until he gives them back, or somebody else asks for the same. */
  final class Owner {
    private final List<Key> keys = new ArrayList<>();

    /** A value that goes up and down. */
    void gauge(String name, String description, Tags tags, LongSupplier value) {
      Key key = taken(name, tags);
      forget(key);
      Gauge gauge =
          Gauge.builder(name, value::getAsLong)
              .description(description)
              .tags(tags)
              .strongReference(true)
              .register(registry);
      held.put(key, new Held(this, gauge, value));
    }

    /** A number of what has happened since the owner began. */
    void count(String name, Tags tags, LongSupplier value) {
      Key key = taken(name, tags);
      forget(key);
      FunctionCounter counter =
          FunctionCounter.builder(name, value, LongSupplier::getAsLong)
              .tags(tags)
              .register(registry);
      held.put(key, new Held(this, counter, value));
    }

    /** A counter that owners after each other share. */
    Counter counter(String name, String description, Tags tags) {
      Key key = taken(name, tags);
      Counter counter =
          Counter.builder(name).description(description).tags(tags).register(registry);
      held.put(key, new Held(this, counter, () -> 0));
      return counter;
    }

    private Key taken(String name, Tags tags) {
      var key = new Key(name, tags);
      if (!keys.contains(key)) {
        keys.add(key);
      }
      return key;
    }

    /** Gives all back. Those that somebody else has by now stay. */
    void remove() {
      for (Key key : keys) {
        Held now = held.get(key);
        if (now != null && now.owner == this) {
          forget(key);
        }
      }
      keys.clear();
    }
  }
}
