package dev.peerage.lab;

import dev.peerage.bgp.speaker.RouteView;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;

/** The routers at the other end of the nodes' sessions. */
sealed interface LabRouter extends AutoCloseable permits BuiltinRouter, FrrRouter {
  /** Makes these the routers that run. */
  void apply(List<RouterPlan> routers) throws LabException, InterruptedException;

  /** Their tables now: by prefix, best first. */
  Map<InetAddress, List<RouteView>> tables() throws LabException, InterruptedException;

  @Override
  void close() throws InterruptedException;
}
