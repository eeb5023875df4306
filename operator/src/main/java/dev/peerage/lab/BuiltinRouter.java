package dev.peerage.lab;

import dev.peerage.bgp.speaker.AddressMap;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.RouteTable;
import dev.peerage.bgp.speaker.RouteView;
import dev.peerage.bgp.speaker.Shutdown;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.bgp.speaker.SpeakerSettings;
import dev.peerage.bgp.wire.AddressFamily;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Routers made of the same speaker as the nodes', in passive role. */
final class BuiltinRouter implements LabRouter {
  private final Speaker speaker;
  private List<RouterPlan> routers = List.of();

  /**
   * Starts without routers.
   *
   * @param changed called after any change of sessions or tables, on the speaker's thread
   */
  BuiltinRouter(AddressMap addresses, Runnable changed) {
    speaker = Speaker.start(settings(addresses));
    speaker.onChange(changed);
  }

  static SpeakerSettings settings(AddressMap addresses) {
    return new SpeakerSettings(
        addresses, InstantSource.system(), new CompositeMeterRegistry(), false);
  }

  @Override
  public void apply(List<RouterPlan> routers) throws LabException, InterruptedException {
    this.routers = routers;
    Await.answer(
        speaker.apply(new DesiredSpeaker(routers.stream().map(RouterPlan::instance).toList())));
  }

  @Override
  public Map<InetAddress, List<RouteView>> tables() throws LabException, InterruptedException {
    Map<InetAddress, List<RouteView>> tables = new LinkedHashMap<>();
    for (RouterPlan router : routers) {
      List<RouteView> routes = new ArrayList<>();
      for (AddressFamily family : AddressFamily.values()) {
        routes.addAll(Await.answer(speaker.routes(router.name(), new RouteTable.LocRib(), family)));
      }
      tables.put(router.address(), routes);
    }
    return tables;
  }

  @Override
  public void close() throws InterruptedException {
    Await.quietly(speaker.close(Shutdown.CEASE));
  }
}
