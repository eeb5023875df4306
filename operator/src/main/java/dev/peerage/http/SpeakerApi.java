package dev.peerage.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.RoutePieces;
import dev.peerage.bgp.speaker.RouteTable;
import dev.peerage.bgp.speaker.RouteView;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.IpText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Serves a speaker's state as JSON, read-only, on a loopback address: {@code GET /state}, {@code
 * GET /route-policies} and {@code GET
 * /routes/{available|received|advertised}?instance=&peer=&afi=&safi=}. Parameters that are left out
 * mean all; an instance or a peer that does not exist is a 404, an unknown family or parameter a
 * 400. Every field is always there, {@code null} when it has no value.
 */
public final class SpeakerApi implements AutoCloseable {
  private static final long ROUTES_TIMEOUT_SECONDS = 30;
  private static final Set<String> PARAMETERS = Set.of("instance", "peer", "afi", "safi");
  private static final HttpListener.Purpose PURPOSE =
      new HttpListener.Purpose(
          "looking glass",
          "the commands peers, routes and route-policies cannot ask this process",
          "choose another address with --api-address, --http of the speaker (chart:"
              + " agent.lookingGlassPort)");

  private final HttpListener listener;
  private final Speaker speaker;
  private final Supplier<DesiredSpeaker> desired;
  private final InstantSource clock;

  private SpeakerApi(
      InetSocketAddress address,
      Speaker speaker,
      Supplier<DesiredSpeaker> desired,
      InstantSource clock) {
    this.speaker = speaker;
    this.desired = desired;
    this.clock = clock;
    this.listener =
        HttpListener.start(PURPOSE, address, HttpBounds.TABLES, Optional.empty(), this::answer);
  }

  /**
   * Starts to serve. Where it cannot listen yet, that is logged and tried again.
   *
   * @param address a loopback address; port 0 takes a free one. {@link IllegalArgumentException}
   *     when others could reach it
   * @param desired what the speaker was told last
   */
  public static SpeakerApi start(
      InetSocketAddress address, Speaker speaker, Supplier<DesiredSpeaker> desired) {
    if (address.getAddress() == null || !address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "the looking glass has no access control and listens on loopback addresses only, not on "
              + address);
    }
    return new SpeakerApi(address, speaker, desired, InstantSource.system());
  }

  /** Where it listens; while it does not, where it shall. */
  public InetSocketAddress address() {
    return listener.address();
  }

  /** Why it does not listen, by name; empty while it does. */
  public Map<String, String> problems() {
    return listener.problems();
  }

  @Override
  public void close() {
    listener.close();
  }

  private Answer answer(Request request) {
    return switch (request.path()) {
      case "/state" -> Json.array("instances", this::states);
      case "/route-policies" ->
          Json.array("policies", out -> all(out, PoliciesAnswer.policies(desired.get())));
      case "/routes/available" -> routes(request.query(), Which.AVAILABLE);
      case "/routes/received" -> routes(request.query(), Which.RECEIVED);
      case "/routes/advertised" -> routes(request.query(), Which.ADVERTISED);
      case String other ->
          Json.failure(
              404,
              other
                  + " is unknown; there are /state, /route-policies, /routes/available,"
                  + " /routes/received and /routes/advertised");
    };
  }

  private static void all(JsonGenerator out, Stream<?> elements) throws IOException {
    for (Iterator<?> each = elements.iterator(); each.hasNext(); ) {
      out.writePOJO(each.next());
    }
  }

  private void states(JsonGenerator out) throws IOException {
    Instant now = clock.instant();
    all(out, speaker.state().instances().stream().map(each -> StateAnswer.of(each, now)));
  }

  private enum Which {
    AVAILABLE,
    RECEIVED,
    ADVERTISED
  }

  private Answer routes(Map<String, String> query, Which which) {
    for (String parameter : query.keySet()) {
      if (!PARAMETERS.contains(parameter)) {
        return Json.failure(
            400,
            "there is no parameter '" + parameter + "'; there are instance, peer, afi and safi");
      }
    }
    List<InstanceState> instances =
        chosen(speaker.state().instances(), query.get("instance"), InstanceState::name);
    if (instances.isEmpty() && query.containsKey("instance")) {
      return Json.failure(404, "there is no instance '" + query.get("instance") + "'");
    }
    if (query.containsKey("peer")
        && instances.stream()
            .allMatch(instance ->
                chosen(instance.peers(), query.get("peer"), PeerState::name).isEmpty())) {
      return Json.failure(404, "there is no peer '" + query.get("peer") + "'");
    }
    List<AddressFamily> families =
        Arrays.stream(AddressFamily.values())
            .filter(family -> family.afiName().equals(query.getOrDefault("afi", family.afiName())))
            .filter(
                family -> family.safiName().equals(query.getOrDefault("safi", family.safiName())))
            .toList();
    if (families.isEmpty()) {
      return Json.failure(400, "there is no such family; afi is ipv4 or ipv6, and safi is unicast");
    }
    return Json.array(
        "routes",
        out -> {
          for (InstanceState instance : instances) {
            for (AddressFamily family : families) {
              write(out, instance, family, which, query.getOrDefault("peer", ""));
            }
          }
        });
  }

  private static <T> List<T> chosen(
      List<T> all, @Nullable String name, Function<T, String> nameOf) {
    return name == null
        ? all
        : all.stream().filter(each -> nameOf.apply(each).equals(name)).toList();
  }

  private void write(
      JsonGenerator out, InstanceState instance, AddressFamily family, Which which, String peer)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    if (which == Which.AVAILABLE) {
      write(out, instance, family, new RouteTable.LocRib(), peer);
      return;
    }
    for (PeerState each : instance.peers()) {
      if (peer.isEmpty() || peer.equals(each.name())) {
        RouteTable table =
            which == Which.RECEIVED
                ? new RouteTable.AdjRibIn(each.name())
                : new RouteTable.AdjRibOut(each.name());
        write(out, instance, family, table, peer);
      }
    }
  }

  private void write(
      JsonGenerator out,
      InstanceState instance,
      AddressFamily family,
      RouteTable table,
      String peer)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    Map<String, String> addresses = new HashMap<>();
    instance.peers().forEach(each -> addresses.put(each.name(), IpText.of(each.address())));
    Instant now = clock.instant();
    RoutePieces pieces = speaker.read(instance.name(), table, family);
    for (List<RouteView> views = next(pieces); !views.isEmpty(); views = next(pieces)) {
      for (RouteView view : views) {
        if (peer.isEmpty() || peer.equals(view.peer())) {
          out.writePOJO(
              RoutesAnswer.Route.of(
                  instance.name(), instance.localAsn(), addresses.get(view.peer()), view, now));
        }
      }
    }
  }

  private static List<RouteView> next(RoutePieces pieces)
      throws InterruptedException, ExecutionException, TimeoutException {
    return pieces.next().get(ROUTES_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
