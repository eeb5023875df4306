package dev.peerage.lint;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Load balancers and BGP speakers whose objects stand beside ours, or where ours will stand. */
enum OtherLoadBalancer {
  METALLB(
      "MetalLB",
      "metallb.io",
      Map.of(
          "IPAddressPool",
              "a CiliumLoadBalancerIPPool, with spec.blocks[] of cidr or start and stop",
          "BGPPeer", "an entry of spec.bgpInstances[].peers[] of a CiliumBGPClusterConfig",
          "BGPAdvertisement", "a CiliumBGPAdvertisement of advertisementType Service",
          "Community", "spec.advertisements[].attributes.communities of a CiliumBGPAdvertisement")),
  CALICO(
      "Calico",
      "projectcalico.org",
      Map.of(
          "BGPPeer", "an entry of spec.bgpInstances[].peers[] of a CiliumBGPClusterConfig",
          "BGPConfiguration", "a CiliumBGPClusterConfig (localASN) and CiliumBGPAdvertisements",
          "BGPFilter", "the selectors of CiliumBGPAdvertisements")),
  PURELB(
      "PureLB",
      "purelb.io",
      Map.of("ServiceGroup", "a CiliumLoadBalancerIPPool with a serviceSelector")),
  OPENELB(
      "OpenELB",
      "network.kubesphere.io",
      Map.of(
          "Eip", "a CiliumLoadBalancerIPPool",
          "BgpConf", "an entry of spec.bgpInstances[] of a CiliumBGPClusterConfig",
          "BgpPeer", "an entry of spec.bgpInstances[].peers[] of a CiliumBGPClusterConfig")),
  FRR_K8S("FRR-K8s", "frrk8s.metallb.io", Map.of());

  private final String name;
  private final String group;
  private final Map<String, String> ours;

  OtherLoadBalancer(String name, String group, Map<String, String> ours) {
    this.name = name;
    this.group = group;
    this.ours = ours;
  }

  /** What there is to know about an object that belongs to one of them. */
  static Optional<Finding> of(YamlDocument document) {
    String group = document.content().path("apiVersion").asText().replaceFirst("/.*", "");
    return Arrays.stream(values())
        .filter(each -> group.equals(each.group) || group.endsWith("." + each.group))
        .max((a, b) -> Integer.compare(a.group.length(), b.group.length()))
        .map(each -> each.note(document));
  }

  private Finding note(YamlDocument document) {
    String kind = document.content().path("kind").asText();
    String here = ours.get(kind);
    return new Finding(
        FindingCode.OTHER_LOAD_BALANCER,
        KindJudgement.place(document, kind),
        "an object of " + name + ", which Peerage does not read",
        here == null ? "" : "the same for Peerage is " + here);
  }
}
