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

/** What the agent of one node runs. The operator writes it; it has the name of the node. */
@Group("cilium.io")
@Version("v2")
@Kind("CiliumBGPNodeConfig")
@Plural("ciliumbgpnodeconfigs")
@ShortNames("cbgpnode")
@Categories({"cilium", "ciliumbgp"})
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
public final class CiliumBGPNodeConfig
    extends CustomResource<CiliumBGPNodeConfigSpec, CiliumBGPNodeConfigStatus> {
  @Override
  @Required
  public CiliumBGPNodeConfigSpec getSpec() {
    return super.getSpec();
  }
}
