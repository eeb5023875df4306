package dev.peerage.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.RouteTable;
import dev.peerage.bgp.speaker.RouteView;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.bgp.wire.AddressFamily;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a speaker's state as JSON, read-only, on a loopback address: {@code GET /state}, {@code
 * GET /routes/{available|received|advertised}?instance=&peer=&family=ipv4/unicast}, {@code GET
 * /route-policies}. Parameters that are left out mean all instances, all peers, ipv4/unicast.
 */
public final class LookingGlass implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LookingGlass.class);
  private static final long ROUTES_TIMEOUT_SECONDS = 10;

  private static final ObjectMapper JSON =
      new ObjectMapper().setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);

  private final HttpServer server;
  private final ExecutorService threads;
  private final Speaker speaker;
  private final Supplier<DesiredSpeaker> desired;
  private final InstantSource clock;

  private LookingGlass(
      HttpServer server,
      ExecutorService threads,
      Speaker speaker,
      Supplier<DesiredSpeaker> desired,
      InstantSource clock) {
    this.server = server;
    this.threads = threads;
    this.speaker = speaker;
    this.desired = desired;
    this.clock = clock;
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
    if (address.getAddress() == null || !address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "the looking glass has no access control and listens on loopback addresses only, not on "
              + address);
    }
    HttpServer server;
    try {
      server = HttpServer.create(address, 16);
    } catch (IOException e) {
      throw new IOException(
          "looking glass: cannot listen on " + address + ": " + e.getMessage(), e);
    }
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("looking-glass-", 0).factory());
    LookingGlass glass =
        new LookingGlass(server, threads, speaker, desired, InstantSource.system());
    server.setExecutor(threads);
    server.createContext("/", glass::handle);
    server.start();
    return glass;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer;
      try {
        answer = answer(exchange);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (ExecutionException | TimeoutException | RuntimeException e) {
        log.warn("looking glass: {} failed", exchange.getRequestURI(), e);
        answer = new Answer(500, new Failure("the speaker did not answer: " + e));
      }
      byte[] body = JSON.writeValueAsBytes(answer.body);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private record Answer(int status, Object body) {}

  private record Failure(String error) {}

  private Answer answer(HttpExchange exchange)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (!exchange.getRequestMethod().equals("GET")) {
      return new Answer(405, new Failure("only GET is answered"));
    }
    return switch (exchange.getRequestURI().getPath()) {
      case "/state" -> new Answer(200, StateAnswer.of(speaker.state(), clock.instant()));
      case "/route-policies" -> new Answer(200, PoliciesAnswer.of(desired.get()));
      case "/routes/available" -> routes(exchange, Which.AVAILABLE);
      case "/routes/received" -> routes(exchange, Which.RECEIVED);
      case "/routes/advertised" -> routes(exchange, Which.ADVERTISED);
      case String other ->
          new Answer(
              404,
              new Failure(
                  other
                      + " is unknown; there are /state, /route-policies, /routes/available,"
                      + " /routes/received and /routes/advertised"));
    };
  }

  private enum Which {
    AVAILABLE,
    RECEIVED,
    ADVERTISED
  }

  private Answer routes(HttpExchange exchange, Which which)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
    String wanted = query.getOrDefault("family", AddressFamily.IPV4_UNICAST.toString());
    AddressFamily family =
        Arrays.stream(AddressFamily.values())
            .filter(f -> f.toString().equals(wanted))
            .findFirst()
            .orElse(null);
    if (family == null) {
      return new Answer(
          400,
          new Failure("family=" + wanted + ": expected one of " + List.of(AddressFamily.values())));
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
    return new Answer(200, new RoutesAnswer(routes));
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

  private static Map<String, String> query(@Nullable String raw) {
    Map<String, String> query = new HashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0 && equals < pair.length() - 1) {
          query.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
        }
      }
    }
    return query;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
