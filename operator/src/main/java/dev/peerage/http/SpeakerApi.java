package dev.peerage.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.bgp.speaker.SpeakerState;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Serves a speaker's state as JSON, read-only, on a loopback address: {@code GET /state}, {@code
 * GET /version}, {@code GET /route-policies} and {@code GET
 * /routes/{available|received|advertised}?instance=&peer=&afi=&safi=&prefix=}. Parameters that are
 * left out mean all; an instance or a peer that does not exist is a 404, an unknown family or
 * parameter a 400. A prefix means the routes to it, an address those to the longest prefix around
 * it; either is looked up, not searched for. An agent also answers {@code GET
 * /why?service=NAMESPACE/NAME}, {@code GET /why?prefix=} and {@code GET /problems}. Every field is
 * always there, {@code null} when it has no value.
 */
public final class SpeakerApi implements AutoCloseable {
  private static final HttpListener.Purpose PURPOSE =
      new HttpListener.Purpose(
          "looking glass",
          "the commands peers, routes and route-policies cannot ask this process",
          "choose another address with --api-address, --http of the speaker (chart:"
              + " agent.lookingGlassPort)");

  private final HttpListener listener;
  private final Speaker speaker;
  private final RouteAnswers routes;
  private final SessionEnds ends;
  private final Supplier<DesiredSpeaker> desired;
  private final Optional<Explaining> explaining;
  private final InstantSource clock;

  private SpeakerApi(
      InetSocketAddress address,
      Speaker speaker,
      Supplier<DesiredSpeaker> desired,
      Optional<Explaining> explaining,
      InstantSource clock) {
    this.speaker = speaker;
    this.ends = SessionEnds.of(speaker);
    this.routes = new RouteAnswers(speaker, clock);
    this.desired = desired;
    this.explaining = explaining;
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
    return start(address, speaker, desired, Optional.empty());
  }

  /**
   * As {@link #start(InetSocketAddress, Speaker, Supplier)}.
   *
   * @param explaining answers what is asked beyond the speaker's state
   */
  public static SpeakerApi start(
      InetSocketAddress address,
      Speaker speaker,
      Supplier<DesiredSpeaker> desired,
      Optional<Explaining> explaining) {
    if (address.getAddress() == null || !address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "the looking glass has no access control and listens on loopback addresses only, not on "
              + address);
    }
    return new SpeakerApi(address, speaker, desired, explaining, InstantSource.system());
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

  private Answer answer(Request request)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (explaining.isPresent()) {
      switch (request.path()) {
        case "/why" -> {
          return why(explaining.get(), request.query());
        }
        case "/problems" -> {
          return Json.whole(explaining.get().problems());
        }
        default -> {}
      }
    }
    return switch (request.path()) {
      case "/state" -> Json.array("instances", this::states);
      case "/version" -> Json.whole(VersionAnswer.ofProgram());
      case "/route-policies" ->
          Json.array("policies", out -> all(out, PoliciesAnswer.policies(desired.get())));
      case "/routes/available" -> routes.answer(request.query(), RouteAnswers.Which.AVAILABLE);
      case "/routes/received" -> routes.answer(request.query(), RouteAnswers.Which.RECEIVED);
      case "/routes/advertised" -> routes.answer(request.query(), RouteAnswers.Which.ADVERTISED);
      case String other ->
          Json.failure(
              404,
              other
                  + " is unknown; there are /state, /version, /route-policies,"
                  + " /routes/available, /routes/received and /routes/advertised"
                  + (explaining.isPresent() ? ", /why and /problems" : ""));
    };
  }

  private static Answer why(Explaining explaining, Map<String, String> query)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      return Json.whole(explaining.why(query));
    } catch (IllegalArgumentException e) {
      return Json.failure(400, String.valueOf(e.getMessage()));
    }
  }

  private static void all(JsonGenerator out, Stream<?> elements) throws IOException {
    for (Iterator<?> each = elements.iterator(); each.hasNext(); ) {
      out.writePOJO(each.next());
    }
  }

  private void states(JsonGenerator out) throws IOException {
    Instant now = clock.instant();
    SpeakerState state = speaker.state();
    ends.keep(state);
    all(out, state.instances().stream().map(each -> StateAnswer.of(each, now, ends::of)));
  }
}
