package dev.peerage.bgp.speaker;

import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.speaker.DesiredInstance.Listen;
import dev.peerage.bgp.speaker.DesiredPeer.ImportPolicy;
import dev.peerage.bgp.wire.Prefix;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Inet4Address;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The speaker of an agent in a process of its own, for {@link HostileProcessTest}: answers each
 * line with the peers that are up and what all routes take of memory; ends when its input does.
 */
final class HostileNode {
  private HostileNode() {}

  /** The address to listen on, and each peer as {@code address=asn=reject} or {@code accept}. */
  public static void main(String[] args) throws IOException {
    var metrics = new SimpleMeterRegistry();
    Speaker speaker =
        Speaker.start(
            new SpeakerSettings(AddressMap.DIRECT, InstantSource.system(), metrics, false)
                .withRoutes(RouteLimits.ofHeap(25, 0)));
    var address = (Inet4Address) Desired.ip(args[0]);
    List<DesiredPeer> peers = new ArrayList<>();
    for (String each : List.of(args).subList(1, args.length)) {
      String[] parts = each.split("=", -1);
      peers.add(
          Desired.passive(
              Desired.peer(args[0], parts[0], Long.parseLong(parts[1]))
                  .withImportPolicy(ImportPolicy.valueOf(parts[2]))));
    }
    speaker
        .apply(
            Desired.speaker(
                new DesiredInstance(
                    "node",
                    65001,
                    address,
                    new Listen.On(address, 1790),
                    peers,
                    PrefixSet.range(Prefix.parse("172.16.0.0/32"), 1000))))
        .join();
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (lines.readLine() != null) {
      String up =
          speaker.state().instances().stream()
              .flatMap(instance -> instance.peers().stream())
              .filter(peer -> peer.phase() instanceof PeerState.Phase.Up)
              .map(peer ->
                  peer.address().getHostAddress()
                      + "="
                      + ((PeerState.Phase.Up) peer.phase()).since())
              .collect(Collectors.joining(" "));
      double bytes =
          metrics.find("peerage.bgp.rib.bytes").gauges().stream().mapToDouble(Gauge::value).sum();
      System.out.println((long) bytes + " " + up);
    }
    System.exit(0);
  }
}
