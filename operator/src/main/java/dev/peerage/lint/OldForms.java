package dev.peerage.lint;

import java.util.Map;
import java.util.Optional;

/**
 * Names of Cilium's first BGP API and of its first pools, which people still find in articles, and
 * what took their place.
 */
final class OldForms {
  private static final String PEERING_POLICY =
      "this is the form of CiliumBGPPeeringPolicy, which Cilium removed in 1.19; ";
  private static final String ADVERTISEMENT =
      " with a label that families[].advertisements of the CiliumBGPPeerConfig selects";

  private static final Map<String, String> FIELDS =
      Map.of(
          "virtualRouters",
          "write spec.bgpInstances[] with name, localASN and peers[]",
          "neighbors",
          "write peers[] with name, peerAddress, peerASN and peerConfigRef.name",
          "exportPodCIDR",
          "write a CiliumBGPAdvertisement of advertisementType PodCIDR" + ADVERTISEMENT,
          "serviceSelector",
          "write a CiliumBGPAdvertisement of advertisementType Service with this selector"
              + ADVERTISEMENT,
          "serviceAdvertisements",
          "write service.addresses of a CiliumBGPAdvertisement" + ADVERTISEMENT,
          "podIPPoolSelector",
          "write a CiliumBGPAdvertisement of advertisementType CiliumPodIPPool" + ADVERTISEMENT,
          "advertisedPathAttributes",
          "write attributes of a CiliumBGPAdvertisement" + ADVERTISEMENT,
          "eBGPMultihopTTL",
          "write spec.ebgpMultihop of the CiliumBGPPeerConfig");

  private OldForms() {}

  /** What to write instead of a field, if it is an old one. */
  static Optional<String> remedyOfField(String name) {
    return name.equals("cidrs")
        ? Optional.of(
            "this is the form of CiliumLoadBalancerIPPool until Cilium 1.15; write spec.blocks[].cidr"
                + " for each of them")
        : Optional.ofNullable(FIELDS.get(name)).map(PEERING_POLICY::concat);
  }

  /** What to write instead of a kind, if it is an old one. */
  static Optional<String> remedyOfKind(String kind) {
    return kind.equals("CiliumBGPPeeringPolicy")
        ? Optional.of(
            PEERING_POLICY
                + "write a CiliumBGPClusterConfig (instances and peers), a CiliumBGPPeerConfig"
                + " (timers, families) and a CiliumBGPAdvertisement (what to announce)")
        : Optional.empty();
  }
}
