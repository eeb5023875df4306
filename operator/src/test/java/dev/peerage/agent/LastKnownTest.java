package dev.peerage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.announce.NodePlan;
import dev.peerage.announce.NodePlanner;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.fixture.Manifests;
import dev.peerage.fixture.SeedLab;
import dev.peerage.host.HostNetwork;
import dev.peerage.kube.ServiceKey;
import dev.peerage.peering.NodeContext;
import dev.peerage.peering.NodeSettings;
import dev.peerage.peering.NodeSnapshot;
import dev.peerage.peering.Passwords;
import dev.peerage.snapshot.Moment;
import dev.peerage.snapshot.Reading;
import dev.peerage.snapshot.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LastKnownTest {
  private static final String OBJECTS =
      SeedLab.LAB
          + SeedLab.advertisement("vips", "{advertise: bgp}", "LoadBalancerIP", "{}", "")
          + SeedLab.service("web", "");
  private static final Moment TAKEN = new Moment(Instant.EPOCH, "boot", Duration.ZERO);

  private final FakeTiming timing = new FakeTiming();
  private int wakes;
  private int reads;
  private Reading reading = usable(OBJECTS);
  private final LastKnown lastKnown = new LastKnown(timing, this::read, () -> wakes++);

  private static Reading usable(String manifests) {
    NodeSnapshot objects = Manifests.of(manifests).snapshot();
    return new Reading.Usable(new Snapshot(TAKEN, objects), Duration.ofSeconds(8));
  }

  private Reading read() {
    reads++;
    return reading;
  }

  private Optional<NodePlan> plan() {
    return lastKnown.plan(context -> context);
  }

  @Test
  void theApiServerHasItsTimeFirst() {
    lastKnown.start();
    timing.advance(LastKnown.PATIENCE.minusMillis(1));
    assertThat(plan()).isEmpty();
    assertThat(wakes).isZero();

    timing.advanceMillis(1);
    assertThat(wakes).isEqualTo(1);
    assertThat(lastKnown.inUse()).isPresent();
    assertThat(plan().orElseThrow().desired())
        .isEqualTo(NodePlanner.plan(Manifests.of(OBJECTS).snapshot()).desired());
  }

  @Test
  void onceTheApiServerHasSaidEverythingItDoesNotCountAnyMore() {
    lastKnown.start();
    timing.advance(LastKnown.PATIENCE);
    lastKnown.over();

    assertThat(plan()).isEmpty();
    assertThat(lastKnown.inUse()).isEmpty();
  }

  @Test
  void whereTheApiServerAnswersInTimeTheFileIsNotEvenRead() {
    lastKnown.start();
    lastKnown.over();
    timing.advance(Duration.ofHours(1));

    assertThat(reads).isZero();
    assertThat(wakes).isZero();
  }

  @Test
  void withoutAUsableFileNothingIsAnnounced() {
    for (Reading each : List.of(new Reading.Absent(), new Reading.Unusable("is damaged"))) {
      reading = each;
      lastKnown.start();
      timing.advance(LastKnown.PATIENCE);

      assertThat(plan()).isEmpty();
      assertThat(wakes).isZero();
    }
  }

  @Test
  void theSamePlanIsTheSameObjectAndTheNodesOwnNetworkIsThatOfToday() {
    lastKnown.start();
    timing.advance(LastKnown.PATIENCE);
    NodePlan first = plan().orElseThrow();
    assertThat(plan().orElseThrow().desired()).isSameAs(first.desired());

    NodePlan legacy =
        lastKnown
            .plan(context ->
                new NodeContext(
                    new NodeSettings(true, true, NodeSettings.RouterIdMode.DEFAULT),
                    HostNetwork.NONE,
                    Passwords.NONE,
                    context.podIpPools(),
                    context.ciliumNode()))
            .orElseThrow();
    assertThat(legacy.desired()).isNotEqualTo(first.desired());
  }

  @Test
  void peersWithAPasswordWaitAndTheOthersAreThere() {
    reading =
        usable(
            OBJECTS
                    .replace("spec:\n  timers", "spec:\n  authSecretRef: bgp\n  timers")
                    .replace(
                        "peerConfigRef: {name: cilium-peer}}",
                        "peerConfigRef: {name: cilium-peer}}\n"
                            + "    - {name: open, peerASN: 65000, peerAddress: 192.168.10.201,"
                            + " peerConfigRef: {name: open}}")
                + "\n---\n"
                + SeedLab.PEER_CONFIG.replace("name: cilium-peer", "name: open"));
    lastKnown.start();
    timing.advance(LastKnown.PATIENCE);

    NodePlan plan =
        lastKnown
            .plan(context ->
                new NodeContext(
                    context.settings(),
                    context.host(),
                    Passwords.unknown("kube-system"),
                    context.podIpPools(),
                    context.ciliumNode()))
            .orElseThrow();
    DesiredInstance instance = plan.desired().instances().getFirst();
    assertThat(instance.peers()).singleElement().returns("open", peer -> peer.name());
    assertThat(instance.routes().toString()).contains("172.16.1.1/32");
    assertThat(plan.problems().toString()).contains("cannot be read");
  }

  @Test
  void aNodeThatHadNoNodeConfigAnnouncesNothing() {
    reading = usable(SeedLab.NODE);
    lastKnown.start();
    timing.advance(LastKnown.PATIENCE);

    assertThat(plan()).contains(NodePlan.NOTHING);
  }

  /** Of ten thousand Services those are kept that make the plan. */
  @Test
  void theServicesThatAreAnnouncedLeadToTheSamePlanAsAll() {
    String all =
        OBJECTS
            + SeedLab.service("local", "externalTrafficPolicy: Local")
                .replace("172.16.1.1", "172.16.1.2")
            + SeedLab.service("foreign", "loadBalancerClass: example.com/other")
                .replace("172.16.1.1", "172.16.1.3")
            + SeedLab.service("shares", "");
    NodeSnapshot whole = Manifests.of(all).snapshot();
    NodePlan plan = NodePlanner.plan(whole);
    var announced = Snapshots.services(plan);
    assertThat(announced).extracting(key -> key.name()).containsExactly("shares", "web");

    var kept =
        new NodeSnapshot(
            whole.node(),
            whole.nodeConfigs(),
            whole.peerConfigs(),
            whole.advertisements(),
            whole.services().stream()
                .filter(each -> announced.contains(ServiceKey.of(each)))
                .toList(),
            whole.endpointSlices());
    assertThat(NodePlanner.plan(kept).desired()).isEqualTo(plan.desired());
  }
}
