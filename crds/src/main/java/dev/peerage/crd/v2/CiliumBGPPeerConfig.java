package dev.peerage.crd.v2;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** Parameters of sessions, shared by peers. */
@Group("cilium.io")
@Version("v2")
@Kind("CiliumBGPPeerConfig")
@Plural("ciliumbgppeerconfigs")
@ShortNames("cbgppeer")
@Categories({"cilium", "ciliumbgp"})
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
public final class CiliumBGPPeerConfig
    extends CustomResource<CiliumBGPPeerConfigSpec, ConditionsStatus> {
  @Override
  @Required
  public CiliumBGPPeerConfigSpec getSpec() {
    return super.getSpec();
  }
}
