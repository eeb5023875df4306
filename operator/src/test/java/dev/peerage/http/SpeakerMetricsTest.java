package dev.peerage.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.speaker.AddressMap;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.Shutdown;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.bgp.speaker.SpeakerSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code /metrics} says of peers before and after they are changed. */
class SpeakerMetricsTest {
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Speaker speaker =
      Speaker.start(new SpeakerSettings(AddressMap.DIRECT, InstantSource.system(), metrics, false));

  @AfterEach
  void close() {
    speaker.close(Shutdown.CEASE).join();
  }

  private Set<String> series(long localAsn, long peerAsn) {
    DesiredPeer peer = DesiredPeer.of("tor", InetAddress.ofLiteral("192.0.2.1"), peerAsn);
    speaker
        .apply(
            new DesiredSpeaker(
                List.of(
                    new DesiredInstance(
                        "main",
                        localAsn,
                        Inet4Address.ofLiteral("10.0.0.1"),
                        new DesiredInstance.Listen.Off(),
                        List.of(peer),
                        PrefixSet.EMPTY))))
        .join();
    Set<String> series = new TreeSet<>();
    metrics
        .scrape()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.substring(0, line.lastIndexOf(' ')))
        .map(line -> line.replaceAll("_asn=\"\\d+\"", "_asn"))
        .forEach(series::add);
    return series;
  }

  @Test
  void aChangedAsnLosesNoSeries() {
    Set<String> first = series(65001, 65000);
    assertThat(first)
        .anyMatch(line -> line.startsWith("peerage_bgp_messages_total"))
        .anyMatch(line -> line.startsWith("cilium_bgp_control_plane_session_state"));
    assertThat(series(65001, 65009)).isEqualTo(first);
    assertThat(series(65001, 0)).isEqualTo(first);
    assertThat(series(65002, 0)).isEqualTo(first);
    assertThat(series(65001, 65000)).isEqualTo(first);
  }
}
