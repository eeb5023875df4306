package dev.peerage.lab;

import static dev.peerage.lab.LabFixtures.NETWORK;
import static dev.peerage.lab.LabFixtures.NODE;
import static dev.peerage.lab.LabFixtures.POD_CIDR;
import static dev.peerage.lab.LabFixtures.ROUTER;
import static dev.peerage.lab.LabFixtures.address;
import static dev.peerage.lab.LabFixtures.instance;
import static dev.peerage.lab.LabFixtures.peer;
import static dev.peerage.lab.LabFixtures.plan;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ClustersTest {
  private static LabPlan cluster(long asn, InetAddress node, String... warnings) {
    LabPlan plan = plan(instance(65001, peer(POD_CIDR), POD_CIDR));
    return new LabPlan(
        plan.manifests(),
        plan.services(),
        plan.nodeConfigs(),
        plan.nodes(),
        List.of(new RouterPlan(ROUTER, asn, Set.of(NETWORK), new TreeMap<>(Map.of("n1", node)))),
        List.of(warnings));
  }

  private static Clusters two(LabPlan east, LabPlan west) {
    return new Clusters(new TreeMap<>(Map.of("east", east, "west", west)));
  }

  @Test
  void theOnlyClusterIsItsPlan() {
    LabPlan plan = cluster(65000, NODE);

    assertThat(new Clusters(new TreeMap<>(Map.of("", plan))).joined()).isSameAs(plan);
  }

  @Test
  void severalMeetAtTheRouter() {
    LabPlan joined =
        two(cluster(65000, NODE, "east warns"), cluster(65000, address("192.0.2.2"))).joined();

    assertThat(joined.nodes()).containsOnlyKeys("east/n1", "west/n1");
    assertThat(joined.routers())
        .containsExactly(
            new RouterPlan(
                ROUTER,
                65000,
                Set.of(NETWORK),
                new TreeMap<>(Map.of("east/n1", NODE, "west/n1", address("192.0.2.2")))));
    assertThat(joined.warnings()).containsExactly("east: east warns");
  }

  @Test
  void whatTheyDoNotAgreeOnIsAWarning() {
    LabPlan joined = two(cluster(65000, NODE), cluster(65009, NODE)).joined();

    assertThat(joined.warnings())
        .containsExactly(
            "router 192.0.2.200 is wanted with AS 65000 and AS 65009; it runs as AS 65000",
            "west/n1 has an address of another cluster's node, 192.0.2.1; the router talks to the"
                + " other one");
    assertThat(joined.routers().getFirst().neighbors()).containsOnlyKeys("east/n1");
  }

  @Test
  void changesNameTheirCluster() {
    Clusters before = two(cluster(65000, NODE), cluster(65000, address("192.0.2.2")));
    Clusters after = two(cluster(65000, NODE), plan());

    assertThat(after.changesSince(before))
        .containsExactly(
            "west: node n1: ends the session to main/tor",
            "west: node n1: withdraws 10.0.1.0/24 from tor");
    assertThat(before.changesSince(before)).isEmpty();
  }
}
