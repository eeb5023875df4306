package dev.peerage.lab;

import static dev.peerage.lab.LabFixtures.NETWORK;
import static dev.peerage.lab.LabFixtures.NOW;
import static dev.peerage.lab.LabFixtures.POD_CIDR;
import static dev.peerage.lab.LabFixtures.VIP;
import static dev.peerage.lab.LabFixtures.export;
import static dev.peerage.lab.LabFixtures.instance;
import static dev.peerage.lab.LabFixtures.manifests;
import static dev.peerage.lab.LabFixtures.peer;
import static dev.peerage.lab.LabFixtures.plan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.export.ExportStatement.Attributes;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.SessionTerms;
import dev.peerage.bgp.wire.Community;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabChangesTest {
  private static final LabPlan RUNNING = plan(instance(65001, peer(POD_CIDR), POD_CIDR));

  @TempDir private Path folder;

  private static List<String> to(LabPlan after) {
    return LabChanges.between(RUNNING, after);
  }

  @Test
  void nothingChanged() {
    assertThat(to(plan(instance(65001, peer(POD_CIDR), POD_CIDR)))).isEmpty();
  }

  @Test
  void aSessionBeginsOrEnds() {
    assertThat(to(plan()))
        .containsExactly(
            "node n1: ends the session to main/tor", "node n1: withdraws 10.0.1.0/24 from tor");
    assertThat(LabChanges.between(plan(), RUNNING))
        .containsExactly(
            "node n1: opens a session to main/tor", "node n1: announces 10.0.1.0/24 to tor");
    assertThat(LabChanges.between(LabPlan.NOTHING, RUNNING)).hasSize(2);
  }

  @Test
  void settingsOfASessionChange() {
    DesiredPeer other =
        peer(POD_CIDR).withSession(terms -> terms.withTimers(new SessionTerms.Timers(5, 9, 3)));

    assertThat(to(plan(instance(65001, other, POD_CIDR))))
        .containsExactly("node n1: session to main/tor has new settings");
  }

  @Test
  void anInstanceWithAnotherAsnStartsAnew() {
    assertThat(to(plan(instance(65002, peer(POD_CIDR), POD_CIDR))))
        .containsExactly(
            "node n1: instance main starts anew: AS 65001, router ID 192.0.2.1 -> AS 65002, router"
                + " ID 192.0.2.1");
  }

  @Test
  void routesComeGoAndGetOtherAttributes() {
    Attributes tagged = new Attributes(100, List.of(new Community(65001L << 16 | 7)), List.of());

    assertThat(to(plan(instance(65001, peer(POD_CIDR, VIP), POD_CIDR, VIP))))
        .containsExactly("node n1: announces 198.51.100.1/32 to tor");
    assertThat(to(plan(instance(65001, peer(VIP), POD_CIDR, VIP))))
        .containsExactly(
            "node n1: withdraws 10.0.1.0/24 from tor", "node n1: announces 198.51.100.1/32 to tor");
    assertThat(
            to(
                plan(
                    instance(
                        65001,
                        peer(POD_CIDR).withExportPolicy(export(tagged, POD_CIDR)),
                        POD_CIDR))))
        .containsExactly("node n1: announces 10.0.1.0/24 to tor with new attributes");
  }

  private LabPlan planned(LabPlan before) {
    return LabPlanner.plan(manifests(folder), before, Set.of(NETWORK), NOW);
  }

  @Test
  void objectsAreNamedWithTheirFilesAndFields() throws IOException {
    LabFixtures.copySeedLab(folder);
    LabPlan before = planned(LabPlan.NOTHING);
    Path file = folder.resolve("40-webpod.yaml");

    Files.writeString(
        file, Files.readString(file).replace("type: LoadBalancer", "type: ClusterIP"));
    assertThat(LabChanges.between(before, planned(before)))
        .contains(
            "Service default/webpod (40-webpod.yaml): spec.type: LoadBalancer -> ClusterIP",
            "node k8s-w1: withdraws 172.16.1.1/32 from tor-switch");

    Files.delete(file);
    assertThat(LabChanges.between(before, planned(before)))
        .contains(
            "Service default/webpod removed (was in 40-webpod.yaml)",
            "Service default/webpod gives back 172.16.1.1");
    assertThat(LabChanges.between(planned(before), before))
        .contains(
            "Service default/webpod added (40-webpod.yaml)",
            "Service default/webpod is given the address 172.16.1.1");
  }
}
