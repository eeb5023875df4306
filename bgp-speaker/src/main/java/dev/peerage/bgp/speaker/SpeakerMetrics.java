package dev.peerage.bgp.speaker;

import dev.peerage.bgp.wire.AddressFamily;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;

/**
 * The gauges of one peer, with Cilium's names: {@code cilium_bgp_control_plane_session_state}, and
 * the route counts while the session is Established. They read values of the event loop without
 * asking it; a gauge may be one change late.
 */
final class SpeakerMetrics {
  private static final String PREFIX = "cilium.bgp.control.plane.";

  private final MeterRegistry registry;
  private final Tags instance;
  private final String neighbor;
  private final List<Meter> state = new ArrayList<>();
  private final List<Meter> routes = new ArrayList<>();

  SpeakerMetrics(MeterRegistry registry, DesiredInstance instance, DesiredPeer peer) {
    this.registry = registry;
    this.instance =
        Tags.of("instance_name", instance.name(), "local_asn", Long.toString(instance.localAsn()));
    this.neighbor = host(peer.address()) + ":" + peer.port();
  }

  /** From now on: 1 while Established, else 0. */
  void session(long asn, IntSupplier established) {
    state.add(gauge("session.state", tags(asn), established));
  }

  /** The session came up. */
  void up(
      long asn,
      Iterable<AddressFamily> families,
      ToIntFunction<AddressFamily> advertised,
      ToIntFunction<AddressFamily> received) {
    for (AddressFamily family : families) {
      Tags tags = tags(asn).and("afi", family.afiName(), "safi", family.safiName());
      routes.add(gauge("advertised.routes", tags, () -> advertised.applyAsInt(family)));
      routes.add(gauge("received.routes", tags, () -> received.applyAsInt(family)));
    }
  }

  /** The session went down. */
  void down() {
    routes.forEach(registry::remove);
    routes.clear();
  }

  /** The peer is gone. */
  void remove() {
    down();
    state.forEach(registry::remove);
    state.clear();
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

  private static String host(InetAddress address) {
    return address instanceof Inet6Address
        ? "[" + address.getHostAddress() + "]"
        : address.getHostAddress();
  }
}
