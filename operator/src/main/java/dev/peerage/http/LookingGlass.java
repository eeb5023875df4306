package dev.peerage.http;

import com.fasterxml.jackson.annotation.JsonInclude;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves a speaker's state as JSON, read-only, on a loopback address: {@code GET /state}, {@code
 * GET /routes/{available|received|advertised}?instance=&peer=&family=ipv4/unicast}, {@code GET
 * /route-policies}. Parameters that are left out mean all instances, all peers, ipv4/unicast.
 */
public final class LookingGlass implements AutoCloseable {
  private static final long ROUTES_TIMEOUT_SECONDS = 10;

  private final JsonServer server;
  private final Speaker speaker;
  private final Supplier<DesiredSpeaker> desired;
  private final InstantSource clock;

  private LookingGlass(
      InetSocketAddress address,
      Speaker speaker,
      Supplier<DesiredSpeaker> desired,
      InstantSource clock)
      throws IOException {
    this.speaker = speaker;
    this.desired = desired;
    this.clock = clock;
    this.server =
        JsonServer.start("looking glass", address, JsonInclude.Include.NON_NULL, this::answer);
  }

  /**
   * Starts the server.
   *
   * @param address a loopback address; port 0 takes a free one. {@link IllegalArgumentException}
   *     when others could reach it
   * @param speaker the speaker to show
   * @param desired what the speaker was told last
   * @throws IOException when the address cannot be bound; the message names it
   */
  public static LookingGlass start(
      InetSocketAddress address, Speaker speaker, Supplier<DesiredSpeaker> desired)
      throws IOException {
    return new LookingGlass(address, speaker, desired, InstantSource.system());
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.address();
  }

  @Override
  public void close() {
    server.close();
  }

  private Answer answer(String path, Map<String, String> query)
      throws InterruptedException, ExecutionException, TimeoutException {
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

  private Answer routes(Map<String, String> query, Which which)
      throws InterruptedException, ExecutionException, TimeoutException {
    String wanted = query.getOrDefault("family", AddressFamily.IPV4_UNICAST.toString());
    AddressFamily family =
        Arrays.stream(AddressFamily.values())
            .filter(f -> f.toString().equals(wanted))
            .findFirst()
            .orElse(null);
    if (family == null) {
      return Answer.failure(
          400, "family=" + wanted + ": expected one of " + List.of(AddressFamily.values()));
    }
    @Nullable String instanceName = query.get("instance");
    @Nullable String peerName = query.get("peer");
    Instant now = clock.instant();
    List<RoutesAnswer.Route> routes = new ArrayList<>();
    for (InstanceState instance : speaker.state().instances()) {
      if (instanceName != null && !instanceName.equals(instance.name())) {
        continue;
      }
      if (which == Which.AVAILABLE) {
        for (RouteView view : fetch(instance, new RouteTable.LocRib(), family)) {
          if (peerName == null || peerName.equals(view.peer())) {
            routes.add(route(instance, view, now));
          }
        }
        continue;
      }
      for (PeerState peer : instance.peers()) {
        if (peerName == null || peerName.equals(peer.name())) {
          RouteTable table =
              which == Which.RECEIVED
                  ? new RouteTable.AdjRibIn(peer.name())
                  : new RouteTable.AdjRibOut(peer.name());
          for (RouteView view : fetch(instance, table, family)) {
            routes.add(route(instance, view, now));
          }
        }
      }
    }
    return new Answer.Whole(200, new RoutesAnswer(routes));
  }

  private List<RouteView> fetch(InstanceState instance, RouteTable table, AddressFamily family)
      throws InterruptedException, ExecutionException, TimeoutException {
    return speaker
        .routes(instance.name(), table, family)
        .get(ROUTES_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  private static RoutesAnswer.Route route(InstanceState instance, RouteView view, Instant now) {
    @Nullable String address =
        instance.peers().stream()
            .filter(peer -> peer.name().equals(view.peer()))
            .findFirst()
            .map(peer -> NetUtil.toAddressString(peer.address()))
            .orElse(null);
    return RoutesAnswer.Route.of(instance.name(), instance.localAsn(), address, view, now);
  }
}
