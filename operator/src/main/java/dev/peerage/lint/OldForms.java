package dev.peerage.lint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.peerage.lint.Finding.Place;
import java.util.List;
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
            "this is the form of CiliumLoadBalancerIPPool until Cilium 1.15; write"
                + " spec.blocks[].cidr for each of them")
        : Optional.ofNullable(FIELDS.get(name)).map(PEERING_POLICY::concat);
  }

  /** What there is to say of a kind that people write who read of the first API. */
  static Optional<Finding> ofKind(YamlDocument document) {
    JsonNode content = document.content();
    String kind = content.path("kind").asText();
    if (!content.path("apiVersion").asText().startsWith("cilium.io/")) {
      return Optional.empty();
    }
    boolean routers = content.at("/spec/virtualRouters").isArray();
    if (kind.equals("CiliumBGPPeeringPolicy")) {
      var finding =
          new Finding(
              FindingCode.OLD_FORM,
              new Place(document.file(), document.line("kind"), "", "kind"),
              "there is no kind 'CiliumBGPPeeringPolicy' in " + content.path("apiVersion").asText(),
              PEERING_POLICY
                  + "write a CiliumBGPClusterConfig (instances and peers), a CiliumBGPPeerConfig"
                  + " (timers, families) and a CiliumBGPAdvertisement (what to announce)");
      return Optional.of(routers ? finding.instead(SecondForm.ofRouters(content)) : finding);
    }
    if (!kind.equals("CiliumBGPNodeConfig")) {
      return Optional.empty();
    }
    Place place = KindJudgement.place(document, kind);
    return Optional.of(
        routers
            ? new Finding(
                    FindingCode.OLD_FORM,
                    new Place(
                        document.file(),
                        document.line("spec.virtualRouters"),
                        place.object(),
                        "spec.virtualRouters"),
                    "there is no such field, and nobody writes a CiliumBGPNodeConfig: the operator"
                        + " makes one for each node that a CiliumBGPClusterConfig selects",
                    PEERING_POLICY + "write a CiliumBGPClusterConfig with a nodeSelector")
                .instead(SecondForm.ofRouters(content))
            : new Finding(
                FindingCode.NODE_CONFIG,
                place,
                content.at("/metadata/ownerReferences").isEmpty()
                    ? "the operator makes these; one that it has not made it leaves alone, and the"
                        + " node runs what it says"
                    : "the operator makes these of CiliumBGPClusterConfigs, and makes it anew",
                content.at("/metadata/ownerReferences").isEmpty()
                    ? "write a CiliumBGPClusterConfig, and a CiliumBGPNodeConfigOverride for what"
                        + " differs on this node"
                    : ""));
  }

  /** Takes out what only follows from an old form, and adds what to write instead of it. */
  static void write(List<Finding> findings, YamlDocument document) {
    JsonNode spec = document.content().path("spec");
    boolean routers = spec.has("virtualRouters");
    boolean cidrs = spec.has("cidrs");
    if (routers || cidrs) {
      findings.removeIf(finding ->
          finding.code() == FindingCode.MISSING_FIELD
              && (finding.place().field().equals("spec.bgpInstances")
                  || finding.place().field().equals("spec.blocks")));
    }
    findings.replaceAll(finding -> {
      String field = finding.place().field();
      if (field.equals("spec.virtualRouters") && spec.path("virtualRouters").isArray()) {
        return finding.instead(SecondForm.ofRouters(document.content()));
      }
      return field.equals("spec.cidrs") && spec.path("cidrs").isArray()
          ? finding.instead(SecondForm.ofPool(document.content()))
          : finding;
    });
  }
}
