package dev.peerage.crd.v2alpha1;

import dev.peerage.crd.v2.CiliumBGPNodeConfigOverrideSpec;
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

/**
 * The deprecated version of {@link dev.peerage.crd.v2.CiliumBGPNodeConfigOverride}, with the same
 * schema.
 */
@Group("cilium.io")
@Version(
    value = "v2alpha1",
    storage = false,
    deprecated = true,
    deprecationWarning =
        "cilium.io/v2alpha1 CiliumBGPNodeConfigOverride is deprecated; use cilium.io/v2 CiliumBGPNodeConfigOverride")
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
