package dev.peerage.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.RoutePieces;
import dev.peerage.bgp.speaker.RouteTable;
import dev.peerage.bgp.speaker.RouteView;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.peering.IpLiteral;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The looking glass's answers to {@code GET /routes/…}. */
final class RouteAnswers {
  private static final long TIMEOUT_SECONDS = 30;
  private static final Set<String> PARAMETERS = Set.of("instance", "peer", "afi", "safi", "prefix");

  private final Speaker speaker;
  private final InstantSource clock;

  RouteAnswers(Speaker speaker, InstantSource clock) {
    this.speaker = speaker;
    this.clock = clock;
  }

  /** A table. */
  enum Which {
    AVAILABLE,
    RECEIVED,
    ADVERTISED
  }

  /** Answers a request with these parameters. */
  Answer answer(Map<String, String> query, Which which) {
    for (String parameter : query.keySet()) {
      if (!PARAMETERS.contains(parameter)) {
        return Json.failure(
            400,
            "there is no parameter '"
                + parameter
                + "'; there are instance, peer, afi, safi and prefix");
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
    String peer = query.getOrDefault("peer", "");
    Optional<Wanted> wanted;
    try {
      wanted = Optional.ofNullable(query.get("prefix")).map(Wanted::parse);
    } catch (IllegalArgumentException e) {
      return Json.failure(400, String.valueOf(e.getMessage()));
    }
    return Json.array(
        "routes",
        out -> {
          for (InstanceState instance : instances) {
            for (AddressFamily family : families) {
              if (wanted.isEmpty() || wanted.get().prefix().family() == family) {
                write(out, instance, family, which, peer, wanted);
              }
            }
          }
        });
  }

  /**
   * The routes that are asked for.
   *
   * @param longest whether those of the longest prefix around it, else only those to it
   */
  private record Wanted(Prefix prefix, boolean longest) {
    static Wanted parse(String text) {
      return text.indexOf('/') < 0
          ? new Wanted(Prefix.host(IpLiteral.parse(text)), true)
          : new Wanted(Prefix.parse(text), false);
    }
  }

  private static <T> List<T> chosen(
      List<T> all, @Nullable String name, Function<T, String> nameOf) {
    return name == null
        ? all
        : all.stream().filter(each -> nameOf.apply(each).equals(name)).toList();
  }

  private void write(
      JsonGenerator out,
      InstanceState instance,
      AddressFamily family,
      Which which,
      String peer,
      Optional<Wanted> wanted)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    if (which == Which.AVAILABLE) {
      write(out, instance, family, new RouteTable.LocRib(), peer, wanted);
      return;
    }
    for (PeerState each : instance.peers()) {
      if (peer.isEmpty() || peer.equals(each.name())) {
        RouteTable table =
            which == Which.RECEIVED
                ? new RouteTable.AdjRibIn(each.name())
                : new RouteTable.AdjRibOut(each.name());
        write(out, instance, family, table, peer, wanted);
      }
    }
  }

  private void write(
      JsonGenerator out,
      InstanceState instance,
      AddressFamily family,
      RouteTable table,
      String peer,
      Optional<Wanted> wanted)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    if (wanted.isPresent()) {
      Prefix prefix = wanted.get().prefix();
      CompletableFuture<List<RouteView>> found =
          wanted.get().longest()
              ? speaker.longestMatch(instance.name(), table, prefix)
              : speaker.routes(instance.name(), table, prefix);
      write(out, instance, peer, found.get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
      return;
    }
    RoutePieces pieces = speaker.read(instance.name(), table, family);
    for (List<RouteView> views = next(pieces); !views.isEmpty(); views = next(pieces)) {
      write(out, instance, peer, views);
    }
  }

  private void write(JsonGenerator out, InstanceState instance, String peer, List<RouteView> views)
      throws IOException {
    Map<String, String> addresses = new HashMap<>();
    instance.peers().forEach(each -> addresses.put(each.name(), IpText.of(each.address())));
    Instant now = clock.instant();
    for (RouteView view : views) {
      if (peer.isEmpty() || peer.equals(view.peer())) {
        out.writePOJO(
            RoutesAnswer.Route.of(
                instance.name(), instance.localAsn(), addresses.get(view.peer()), view, now));
      }
    }
  }

  private static List<RouteView> next(RoutePieces pieces)
      throws InterruptedException, ExecutionException, TimeoutException {
    return pieces.next().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
