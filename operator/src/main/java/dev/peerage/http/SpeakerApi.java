package dev.peerage.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.RouteTable;
import dev.peerage.bgp.speaker.RouteView;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.http.JsonServer.Answer;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
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

  private final JsonServer server;
  private final Speaker speaker;
  private final Supplier<DesiredSpeaker> desired;
  private final InstantSource clock;

  private SpeakerApi(
      InetSocketAddress address,
      Speaker speaker,
      Supplier<DesiredSpeaker> desired,
      InstantSource clock)
      throws IOException {
    this.speaker = speaker;
    this.desired = desired;
    this.clock = clock;
    this.server = JsonServer.start("looking glass", address, this::answer);
  }

  /**
   * Starts the server.
   *
   * @param address a loopback address; port 0 takes a free one. {@link IllegalArgumentException}
   *     when others could reach it
   * @param desired what the speaker was told last
   * @throws IOException when the address cannot be bound; the message names it
   */
  public static SpeakerApi start(
      InetSocketAddress address, Speaker speaker, Supplier<DesiredSpeaker> desired)
      throws IOException {
    return new SpeakerApi(address, speaker, desired, InstantSource.system());
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.address();
  }

  @Override
  public void close() {
    server.close();
  }

  private Answer answer(String path, Map<String, String> query) {
    return switch (path) {
      case "/state" -> new Answer.Whole(200, StateAnswer.of(speaker.state(), clock.instant()));
      case "/route-policies" -> new Answer.Whole(200, PoliciesAnswer.of(desired.get()));
      case "/routes/available" -> routes(query, Which.AVAILABLE);
      case "/routes/received" -> routes(query, Which.RECEIVED);
      case "/routes/advertised" -> routes(query, Which.ADVERTISED);
      case String other ->
          Answer.failure(
              404,
              other
                  + " is unknown; there are /state, /route-policies, /routes/available,"
                  + " /routes/received and /routes/advertised");
    };
  }

  private enum Which {
    AVAILABLE,
    RECEIVED,
    ADVERTISED
  }

  private Answer routes(Map<String, String> query, Which which) {
    for (String parameter : query.keySet()) {
      if (!PARAMETERS.contains(parameter)) {
        return Answer.failure(
            400,
            "there is no parameter '" + parameter + "'; there are instance, peer, afi and safi");
      }
    }
    List<InstanceState> instances =
        chosen(speaker.state().instances(), query.get("instance"), InstanceState::name);
    if (instances.isEmpty() && query.containsKey("instance")) {
      return Answer.failure(404, "there is no instance '" + query.get("instance") + "'");
    }
    if (query.containsKey("peer")
        && instances.stream()
            .allMatch(instance ->
                chosen(instance.peers(), query.get("peer"), PeerState::name).isEmpty())) {
      return Answer.failure(404, "there is no peer '" + query.get("peer") + "'");
    }
    List<AddressFamily> families =
        Arrays.stream(AddressFamily.values())
            .filter(family -> family.afiName().equals(query.getOrDefault("afi", family.afiName())))
            .filter(
                family -> family.safiName().equals(query.getOrDefault("safi", family.safiName())))
            .toList();
    if (families.isEmpty()) {
      return Answer.failure(
          400, "there is no such family; afi is ipv4 or ipv6, and safi is unicast");
    }
    return new Answer.Streamed(out -> {
      out.writeStartObject();
      out.writeArrayFieldStart("routes");
      for (InstanceState instance : instances) {
        for (AddressFamily family : families) {
          write(out, instance, family, which, query.getOrDefault("peer", ""));
        }
      }
      out.writeEndArray();
      out.writeEndObject();
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
    instance
        .peers()
        .forEach(each -> addresses.put(each.name(), NetUtil.toAddressString(each.address())));
    Instant now = clock.instant();
    List<RouteView> views =
        speaker
            .routes(instance.name(), table, family)
            .get(ROUTES_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    for (RouteView view : views) {
      if (peer.isEmpty() || peer.equals(view.peer())) {
        out.writePOJO(
            RoutesAnswer.Route.of(
                instance.name(), instance.localAsn(), addresses.get(view.peer()), view, now));
      }
    }
  }
}
