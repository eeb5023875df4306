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

/** Addresses for Services of type LoadBalancer. */
@Group("cilium.io")
@Version("v2")
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
