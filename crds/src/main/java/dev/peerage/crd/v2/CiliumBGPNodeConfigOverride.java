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

/** What differs on the node of the same name. */
@Group("cilium.io")
@Version("v2")
@Kind("CiliumBGPNodeConfigOverride")
@Plural("ciliumbgpnodeconfigoverrides")
@ShortNames("cbgpnodeoverride")
@Categories({"cilium", "ciliumbgp"})
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
public final class CiliumBGPNodeConfigOverride
    extends CustomResource<CiliumBGPNodeConfigOverrideSpec, Void> {
  @Override
  @Required
  public CiliumBGPNodeConfigOverrideSpec getSpec() {
    return super.getSpec();
  }
}
