package dev.peerage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.speaker.InstanceState;
import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.fixture.Manifests;
import dev.peerage.fixture.SeedLab;
import dev.peerage.kube.Warning;
import dev.peerage.kube.Warning.Subject;
import dev.peerage.peering.Problem;
import dev.peerage.peering.Problem.ObjectRef;
import dev.peerage.peering.Resolution;
import io.fabric8.kubernetes.api.model.Node;
import java.net.Inet4Address;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeEventsTest {
  private static final String UID = "metadata: {uid: u, name: k8s-ctr";
  private static final CiliumBGPNodeConfig CONFIG =
      Manifests.of(SeedLab.NODE_CONFIG.replace("  name: k8s-ctr", "  name: k8s-ctr\n  uid: c"))
          .all(CiliumBGPNodeConfig.class)
          .getFirst();
  private static final Node NODE =
      Manifests.of(SeedLab.NODE.replace("metadata: {name: k8s-ctr", UID))
          .all(Node.class)
          .getFirst();
  private static final Subject ON_CONFIG =
      new Subject("cilium.io/v2", "CiliumBGPNodeConfig", "k8s-ctr", "c");

  @Test
  void whatOnlyThisNodeLacksIsSaidAtItsOwnObjects() {
    Problem ofNode =
        new Problem(ObjectRef.ofCluster("Node", "k8s-ctr"), "spec.podCIDRs", "none", "set it")
            .ofNode();
    Problem ofConfig =
        new Problem(
                ObjectRef.ofCluster("CiliumBGPClusterConfig", "cilium-bgp"),
                "spec.bgpInstances[i].routerID",
                "none",
                "set it")
            .asError()
            .ofNode();
    assertThat(
            NodeEvents.of(CONFIG, Optional.of(NODE), List.of(ofNode, ofConfig), SpeakerState.EMPTY))
        .containsExactly(
            new Warning(
                new Subject("v1", "Node", "k8s-ctr", "u"),
                "BGPConfigurationWarning",
                "spec.podCIDRs: none; set it"),
            new Warning(
                ON_CONFIG,
                "BGPReconcileError",
                "CiliumBGPClusterConfig cilium-bgp spec.bgpInstances[i].routerID: none; set it"));
  }

  @Test
  void whatAllNodesSeeIsLeftToTheOperator() {
    Problem problem =
        new Problem(ObjectRef.ofCluster("CiliumBGPPeerConfig", "x"), "spec.families", "none", "set")
            .asError();
    assertThat(NodeEvents.of(CONFIG, Optional.of(NODE), List.of(problem), SpeakerState.EMPTY))
        .isEmpty();
  }

  @Test
  void aPortThatIsTakenIsSaid() {
    SpeakerState state =
        new SpeakerState(
            List.of(
                new InstanceState(
                    "i", 65001, Inet4Address.ofLiteral("10.0.0.1"), List.of(), "cannot listen")));
    assertThat(NodeEvents.of(CONFIG, Optional.of(NODE), List.of(), state))
        .containsExactly(
            new Warning(
                ON_CONFIG,
                "BGPReconcileError",
                Resolution.author(CONFIG)
                    + " spec.bgpInstances[i].localPort: cannot listen; routers cannot connect to"
                    + " this node, and the sessions that it opens itself are as they were; stop"
                    + " what else uses the port on this node, or set another port"));
  }
}
