package dev.peerage.crd.v2alpha1;

import dev.peerage.crd.v2.CiliumLoadBalancerIPPoolSpec;
import dev.peerage.crd.v2.ConditionsStatus;
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
 * The deprecated version of {@link dev.peerage.crd.v2.CiliumLoadBalancerIPPool}, with the same
 * schema.
 */
@Group("cilium.io")
@Version(
    value = "v2alpha1",
    storage = false,
    deprecated = true,
    deprecationWarning =
        "cilium.io/v2alpha1 CiliumLoadBalancerIPPool is deprecated; use cilium.io/v2 CiliumLoadBalancerIPPool")
@Kind("CiliumLoadBalancerIPPool")
@Plural("ciliumloadbalancerippools")
@ShortNames({"ippools", "ippool", "lbippool", "lbippools"})
@Categories("cilium")
@AdditionalPrinterColumn(name = "Disabled", jsonPath = ".spec.disabled", type = Type.BOOLEAN)
@AdditionalPrinterColumn(
    name = "Conflicting",
    jsonPath = ".status.conditions[?(@.type==\"cilium.io/PoolConflict\")].status")
@AdditionalPrinterColumn(
    name = "IPs Available",
    jsonPath = ".status.conditions[?(@.type==\"cilium.io/IPsAvailable\")].message")
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
public final class CiliumLoadBalancerIPPool
    extends CustomResource<CiliumLoadBalancerIPPoolSpec, ConditionsStatus> {
  @Override
  @Required
  public CiliumLoadBalancerIPPoolSpec getSpec() {
    return super.getSpec();
  }
}
