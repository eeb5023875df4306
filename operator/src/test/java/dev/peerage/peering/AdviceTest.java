package dev.peerage.peering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.kube.Warning;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdviceTest {
  private static final KubernetesSerialization YAML = new KubernetesSerialization();
  private static final String PEERS =
      "{bgpInstances: [{name: i, localASN: 65001, peers: [{name: p, %s, peerASN: 65000}]}]}";
  private static final String GOOD_CLUSTER = PEERS.formatted("peerAddress: 10.0.0.1");
  private static final String GOOD_PEER =
      "{families: [{afi: ipv4, safi: unicast, advertisements: {matchLabels: {advertise: bgp}}}]}";
  private static final String GOOD_ADVERT =
      "{advertisements: [{advertisementType: Service, service: {addresses: [ClusterIP]},"
          + " selector: {}}]}";
  private static final String GOOD_POOL = "{blocks: [{cidr: 10.0.0.0/24}]}";

  @Test
  void thereIsNothingToSayAboutObjectsThatDoWhatTheyAsk() {
    assertThat(warnings(GOOD_CLUSTER, GOOD_PEER, GOOD_ADVERT, GOOD_POOL)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // kind and spec, reason, start of the note
        "advert | {advertisements: [{advertisementType: Service, service: {addresses: [ClusterIP]}}]} | BGPConfigurationWarning | spec.advertisements[0].selector: it is not set, which selects no",
        "advert | {advertisements: [{advertisementType: CiliumPodIPPool}]} | BGPConfigurationWarning | spec.advertisements[0].selector: it is not set, which selects no",
        "advert | {advertisements: []} | BGPConfigurationWarning | spec.advertisements: the list is empty",
        "peer | {} | BGPConfigurationWarning | spec.families: no family is given",
        "peer | {families: [{afi: ipv4, safi: unicast, advertisements: {}}, {afi: ipv4, safi: unicast, advertisements: {}}]} | BGPConfigurationWarning | spec.families: a family is listed more than once",
        "peer | {families: [{afi: ipv4, safi: unicast}]} | BGPConfigurationWarning | spec.families[ipv4/unicast].advertisements: it is not set",
        "peer | {authSecretRef: none, families: [{afi: ipv4, safi: unicast, advertisements: {}}]} | BGPReconcileError | spec.authSecretRef: there is no Secret 'none' in namespace 'kube-system'",
        "peer | {families: [{afi: ipv4, safi: unicast, advertisements: {matchLabels: {advertise: other}}}]} | BGPConfigurationWarning | metadata.labels: no family of any CiliumBGPPeerConfig selects them",
        "pool | {blocks: []} | BGPConfigurationWarning | spec.blocks: the pool has no address to give out",
        "cluster | autoDiscovery: {mode: DefaultGateway} | BGPReconcileError | spec.bgpInstances[i].peers[p].autoDiscovery.defaultGateway: it is not set",
        "cluster | 'peerAddress: 10.0.0.1, autoDiscovery: {mode: DefaultGateway, defaultGateway: {addressFamily: ipv4}}' | BGPConfigurationWarning | spec.bgpInstances[i].peers[p].autoDiscovery: it is ignored",
        "cluster | peerAddress: ' 10.0.0.1' | BGPConfigurationWarning | spec.bgpInstances[i].peers[p].peerAddress: the blanks around it are ignored",
      })
  void whatDoesNothingIsNamedWithItsField(String kind, String spec, String reason, String note) {
    List<Warning> warnings =
        warnings(
            kind.equals("cluster") ? PEERS.formatted(spec) : GOOD_CLUSTER,
            kind.equals("peer") ? spec : GOOD_PEER,
            kind.equals("advert") ? spec : GOOD_ADVERT,
            kind.equals("pool") ? spec : GOOD_POOL);
    assertThat(warnings)
        .anySatisfy(warning -> {
          assertThat(warning.reason()).isEqualTo(reason);
          assertThat(warning.note()).contains("; ").startsWith(note);
          assertThat(warning.subject().uid())
              .isEqualTo(note.startsWith("metadata.labels") ? "advert-uid" : kind + "-uid");
        });
  }

  @Test
  void aPoolWhoseBlocksHoldNothingIsNamedToo() {
    CiliumLoadBalancerIPPool pool =
        object(
            CiliumLoadBalancerIPPool.class,
            "pool",
            "{blocks: [{stop: 10.0.0.1}]}, status: {conditions: [{type: cilium.io/IPsTotal,"
                + " status: Unknown, reason: noreason, message: '0', lastTransitionTime: x}]}");
    assertThat(
            Advice.of(new Advice.Objects(List.of(), List.of(), List.of(), List.of(pool), none())))
        .extracting(Warning::note)
        .containsExactly(
            "spec.blocks: the pool has no address to give out; add a block with a cidr, or with"
                + " start and stop");
  }

  @Test
  void secretsThatAreNotKnownAreNoReasonToWarn() {
    CiliumBGPPeerConfig config =
        object(
            CiliumBGPPeerConfig.class,
            "peer",
            "{authSecretRef: none, families: [{afi: ipv4, safi: unicast, advertisements: {}}]}");
    assertThat(
            Advice.of(
                new Advice.Objects(
                    List.of(), List.of(config), List.of(), List.of(), Optional.empty())))
        .isEmpty();
  }

  private static List<Warning> warnings(String cluster, String peer, String advert, String pool) {
    return List.copyOf(
        Advice.of(
            new Advice.Objects(
                List.of(object(CiliumBGPClusterConfig.class, "cluster", cluster)),
                List.of(object(CiliumBGPPeerConfig.class, "peer", peer)),
                List.of(object(CiliumBGPAdvertisement.class, "advert", advert)),
                List.of(object(CiliumLoadBalancerIPPool.class, "pool", pool)),
                none())));
  }

  private static Optional<Passwords> none() {
    return Optional.of(Passwords.of("kube-system", List.of()));
  }

  private static <T extends CustomResource<?, ?>> T object(
      Class<T> type, String name, String spec) {
    return YAML.unmarshal(
        """
        ---
        apiVersion: cilium.io/v2
        metadata: {name: %1$s, uid: %1$s-uid, labels: {advertise: bgp}}
        spec: %2$s
        """
            .formatted(name, spec.replace("}, status: ", "}\nstatus: ")),
        type);
  }
}
