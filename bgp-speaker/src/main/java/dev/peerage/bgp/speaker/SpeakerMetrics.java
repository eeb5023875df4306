package dev.peerage.bgp.speaker;

import dev.peerage.bgp.transport.Tasks;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Malformed;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * The meters of one peer. With Cilium's names: {@code cilium_bgp_control_plane_session_state}, and
 * the route counts while the session is Established. With Peerage's own: {@code
 * peerage_bgp_messages}, {@code peerage_bgp_message_bytes}, {@code peerage_bgp_session_transitions}
 * and {@code peerage_bgp_update_errors}. They read values of the event loop without asking it; a
 * meter may be one change late, message counts a second.
 */
final class SpeakerMetrics {
  private static final String PREFIX = "cilium.bgp.control.plane.";
  private static final String OWN = "peerage.bgp.";

  private final MeterRegistry registry;
  private final Tags instance;
  private final String neighbor;
  private final List<Meter> state = new ArrayList<>();
  private final List<Meter> routes = new ArrayList<>();
  // A meter holds what it reads only weakly.
  private final List<LongSupplier> values = new ArrayList<>();

  SpeakerMetrics(MeterRegistry registry, DesiredInstance instance, DesiredPeer peer) {
    this.registry = registry;
    this.instance =
        Tags.of("instance_name", instance.name(), "local_asn", Long.toString(instance.localAsn()));
    this.neighbor =
        NetUtil.toSocketAddressString(
            new InetSocketAddress(peer.address(), peer.endpoint().port()));
  }

  /**
   * From now on.
   *
   * @param established 1 while Established, else 0
   */
  void session(
      long asn,
      IntSupplier established,
      Supplier<MessageCounts> received,
      Supplier<MessageCounts> sent) {
    state.add(gauge("session.state", tags(asn), established));
    messages("in", received);
    messages("out", sent);
  }

  /**
   * How much the peer has sent, and how much it may.
   *
   * @param bytes what its routes take of memory
   * @param prefixes how many it may send, 0 = any number
   */
  void limits(LongSupplier bytes, IntSupplier prefixes) {
    ownGauge("rib.bytes", "What the peer's received routes take of memory", bytes);
    ownGauge(
        "prefix.limit",
        "How many prefixes the peer may send; 0 = any number",
        () -> prefixes.getAsInt());
    state.add(exceeded());
  }

  private void ownGauge(String name, String description, LongSupplier value) {
    state.add(
        Gauge.builder(OWN + name, value::getAsLong)
            .description(description)
            .tags(own())
            .strongReference(true)
            .register(registry));
  }

  /** The session ended because the peer sent too much. */
  void limitExceeded() {
    exceeded().increment();
  }

  private Counter exceeded() {
    return Counter.builder(OWN + "limit.exceeded")
        .description("Sessions that were ended because the peer sent more than it may")
        .tags(own())
        .register(registry);
  }

  private void messages(String direction, Supplier<MessageCounts> counts) {
    Tags tags = own().and("direction", direction);
    count("messages", tags.and("type", "open"), () -> counts.get().opens());
    count("messages", tags.and("type", "update"), () -> counts.get().updates());
    count("messages", tags.and("type", "notification"), () -> counts.get().notifications());
    count("messages", tags.and("type", "keepalive"), () -> counts.get().keepalives());
    count("messages", tags.and("type", "route_refresh"), () -> counts.get().refreshes());
    count("message.bytes", tags, () -> counts.get().bytes());
  }

  private void count(String name, Tags tags, LongSupplier value) {
    state.add(
        FunctionCounter.builder(OWN + name, value, LongSupplier::getAsLong)
            .tags(tags)
            .register(registry));
    values.add(value);
  }

  /** This program failed at a task of the event loop. */
  static void fault(MeterRegistry registry, Tasks.Part part) {
    Counter.builder(OWN + "faults")
        .description("Faults of this program in tasks of the event loop, by what they belonged to")
        .tag("part", part.name().toLowerCase(Locale.ROOT))
        .register(registry)
        .increment();
  }

  /** An UPDATE had an error. */
  void error(Malformed problem) {
    increment(
        "update.errors",
        "consequence",
        switch (problem) {
          case Malformed.SessionReset _ -> "session_reset";
          case Malformed.AfiSafiDisable _ -> "family_disabled";
          case Malformed.TreatAsWithdraw _ -> "treat_as_withdraw";
          case Malformed.AttributeDiscard _ -> "attribute_discard";
          case Malformed.PrefixIgnored _ -> "prefix_ignored";
        });
  }

  private void increment(String name, String key, String value) {
    Counter counter = registry.counter(OWN + name, own().and(key, value));
    counter.increment();
    if (!state.contains(counter)) {
      state.add(counter);
    }
  }

  /** The session came up. */
  void up(
      long asn,
      Iterable<AddressFamily> families,
      ToIntFunction<AddressFamily> advertised,
      ToIntFunction<AddressFamily> received) {
    increment("session.transitions", "to", "established");
    for (AddressFamily family : families) {
      Tags tags = tags(asn).and("afi", family.afiName(), "safi", family.safiName());
      routes.add(gauge("advertised.routes", tags, () -> advertised.applyAsInt(family)));
      routes.add(gauge("received.routes", tags, () -> received.applyAsInt(family)));
    }
  }

  /** The session went down. */
  void down() {
    increment("session.transitions", "to", "down");
    forgetRoutes();
  }

  private void forgetRoutes() {
    routes.forEach(registry::remove);
    routes.clear();
  }

  /** The peer is gone. */
  void remove() {
    forgetRoutes();
    state.forEach(registry::remove);
    state.clear();
    values.clear();
  }

  private Tags own() {
    return instance.and("neighbor", neighbor);
  }

  private Tags tags(long asn) {
    return instance.and("neighbor", neighbor, "neighbor_asn", Long.toString(asn));
  }

  private Gauge gauge(String name, Tags tags, IntSupplier value) {
    return Gauge.builder(PREFIX + name, value::getAsInt)
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }
}
