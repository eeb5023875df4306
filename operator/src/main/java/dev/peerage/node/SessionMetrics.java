package dev.peerage.node;

import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.PeerState.FamilyCount;
import dev.peerage.bgp.speaker.PeerState.Phase;
import dev.peerage.bgp.speaker.SpeakerState;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.util.NetUtil;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/**
 * Sessions and route counts under the names and labels of Cilium 1.20, read at each scrape: a peer
 * that is gone leaves nothing behind. Route counts only while Established.
 */
public final class SessionMetrics implements MultiCollector {
  private static final String PREFIX = "cilium_bgp_control_plane_";

  private final Supplier<SpeakerState> state;

  private SessionMetrics(Supplier<SpeakerState> state) {
    this.state = state;
  }

  /** Adds the metrics of a speaker to what the registry shows. */
  public static void bind(PrometheusMeterRegistry registry, Supplier<SpeakerState> state) {
    registry.getPrometheusRegistry().register(new SessionMetrics(state));
  }

  @Override
  public MetricSnapshots collect() {
    GaugeSnapshot.Builder sessions =
        gauge("session_state", "Whether the session is established: 1 or 0");
    GaugeSnapshot.Builder advertised =
        gauge("advertised_routes", "Prefixes that the peer was sent");
    GaugeSnapshot.Builder received = gauge("received_routes", "Prefixes that the peer sent");
    for (InstanceState instance : state.get().instances()) {
      for (PeerState peer : instance.peers()) {
        Labels labels = labels(instance, peer);
        boolean up = peer.phase() instanceof Phase.Up;
        sessions.dataPoint(point(labels, up ? 1 : 0));
        if (up) {
          for (FamilyCount count : peer.families()) {
            Labels ofFamily =
                labels
                    .add("afi", count.family().afiName())
                    .add("safi", count.family().safiName());
            advertised.dataPoint(point(ofFamily, count.advertised()));
            received.dataPoint(point(ofFamily, count.received()));
          }
        }
      }
    }
    return MetricSnapshots.of(sessions.build(), advertised.build(), received.build());
  }

  private static GaugeSnapshot.Builder gauge(String name, String help) {
    return GaugeSnapshot.builder().name(PREFIX + name).help(help);
  }

  private static GaugeDataPointSnapshot point(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }

  private static Labels labels(InstanceState instance, PeerState peer) {
    return Labels.of(
        "instance_name",
        instance.name(),
        "local_asn",
        String.valueOf(instance.localAsn()),
        "neighbor",
        NetUtil.toSocketAddressString(
            new InetSocketAddress(peer.address(), peer.port())),
        "neighbor_asn",
        String.valueOf(peer.asn()));
  }
}
