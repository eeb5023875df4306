package dev.peerage.bgp.speaker;

import dev.peerage.bgp.transport.Tasks;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Malformed;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
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

  private final Tags instance;
  private String neighbor;

  /** While the peer is there. */
  private final Meters.Owner state;

  /** While its session is up. */
  private final Meters.Owner routes;

  SpeakerMetrics(Meters meters, DesiredInstance instance, DesiredPeer peer) {
    this.state = meters.owner();
    this.routes = meters.owner();
    this.instance =
        Tags.of("instance_name", instance.name(), "local_asn", Long.toString(instance.localAsn()));
    this.neighbor = neighbor(peer);
  }

  private static String neighbor(DesiredPeer peer) {
    return NetUtil.toSocketAddressString(
        new InetSocketAddress(peer.address(), peer.endpoint().port()));
  }

  /**
   * Takes a new desired state of the peer.
   *
   * @return whether it has another port, so that all meters are gone and have to be asked for anew
   */
  boolean moved(DesiredPeer next) {
    if (neighbor.equals(neighbor(next))) {
      return false;
    }
    remove();
    neighbor = neighbor(next);
    return true;
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
    state.gauge(PREFIX + "session.state", "", tags(asn), established::getAsInt);
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
    state.gauge(OWN + "rib.bytes", "What the peer's received routes take of memory", own(), bytes);
    state.gauge(
        OWN + "prefix.limit",
        "How many prefixes the peer may send; 0 = any number",
        own(),
        prefixes::getAsInt);
    exceeded();
  }

  /** The session ended because the peer sent too much. */
  void limitExceeded() {
    exceeded().increment();
  }

  private Counter exceeded() {
    return state.counter(
        OWN + "limit.exceeded",
        "Sessions that were ended because the peer sent more than it may",
        own());
  }

  private void messages(String direction, Supplier<MessageCounts> counts) {
    Tags tags = own().and("direction", direction);
    state.count(OWN + "messages", tags.and("type", "open"), () -> counts.get().opens());
    state.count(OWN + "messages", tags.and("type", "update"), () -> counts.get().updates());
    state.count(
        OWN + "messages", tags.and("type", "notification"), () -> counts.get().notifications());
    state.count(OWN + "messages", tags.and("type", "keepalive"), () -> counts.get().keepalives());
    state.count(
        OWN + "messages", tags.and("type", "route_refresh"), () -> counts.get().refreshes());
    state.count(OWN + "message.bytes", tags, () -> counts.get().bytes());
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
    state.counter(OWN + name, "", own().and(key, value)).increment();
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
      routes.gauge(PREFIX + "advertised.routes", "", tags, () -> advertised.applyAsInt(family));
      routes.gauge(PREFIX + "received.routes", "", tags, () -> received.applyAsInt(family));
    }
  }

  /** The session went down. */
  void down() {
    increment("session.transitions", "to", "down");
    routes.remove();
  }

  /** The peer is gone. */
  void remove() {
    routes.remove();
    state.remove();
  }

  private Tags own() {
    return instance.and("neighbor", neighbor);
  }

  private Tags tags(long asn) {
    return instance.and("neighbor", neighbor, "neighbor_asn", Long.toString(asn));
  }
}
