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

/** What to advertise; peer configs select it by label. */
@Group("cilium.io")
@Version("v2")
@Kind("CiliumBGPAdvertisement")
@Plural("ciliumbgpadvertisements")
@ShortNames("cbgpadvert")
@Categories({"cilium", "ciliumbgp"})
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
public final class CiliumBGPAdvertisement extends CustomResource<CiliumBGPAdvertisementSpec, Void> {
  @Override
  @Required
  public CiliumBGPAdvertisementSpec getSpec() {
    return super.getSpec();
  }
}
