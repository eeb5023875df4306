package dev.peerage.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.LoadBalancerStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.ServiceStatus;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Copies of Services with only the fields that nodes' plans depend on. */
public final class ServiceCopy {
  /** There are five such lists, and many Services. */
  private static final Map<List<String>, List<String>> FAMILIES = new ConcurrentHashMap<>();

  private ServiceCopy() {}

  // Of Services there are very many: no builders, which make a map and lists for each empty field.
  /** The copy. */
  public static Service of(Service service) {
    var trimmed = new Service();
    trimmed.setAdditionalProperties(Map.of());
    trimmed.setMetadata(metadata(service, service.getMetadata().getLabels()));
    if (service.getSpec() != null) {
      trimmed.setSpec(spec(service.getSpec()));
    }
    if (service.getStatus() != null && service.getStatus().getLoadBalancer() != null) {
      trimmed.setStatus(status(service.getStatus().getLoadBalancer()));
    }
    return trimmed;
  }

  private static ServiceSpec spec(ServiceSpec spec) {
    List<String> clusterIps = orEmpty(spec.getClusterIPs());
    var trimmed = new ServiceSpec();
    trimmed.setAdditionalProperties(Map.of());
    trimmed.setType(shared(spec.getType()));
    // Mostly the first of the list, and then kept once.
    boolean listed = clusterIps.stream().anyMatch(each -> each.equals(spec.getClusterIP()));
    trimmed.setClusterIP(listed ? null : spec.getClusterIP());
    trimmed.setClusterIPs(List.copyOf(clusterIps));
    trimmed.setExternalIPs(List.copyOf(orEmpty(spec.getExternalIPs())));
    trimmed.setLoadBalancerClass(shared(spec.getLoadBalancerClass()));
    trimmed.setInternalTrafficPolicy(shared(spec.getInternalTrafficPolicy()));
    trimmed.setExternalTrafficPolicy(shared(spec.getExternalTrafficPolicy()));
    trimmed.setIpFamilies(
        FAMILIES.computeIfAbsent(List.copyOf(orEmpty(spec.getIpFamilies())), it -> it));
    trimmed.setLoadBalancerSourceRanges(List.of());
    trimmed.setPorts(List.of());
    trimmed.setSelector(Map.of());
    return trimmed;
  }

  private static ServiceStatus status(LoadBalancerStatus loadBalancer) {
    var addresses = new LoadBalancerStatus();
    addresses.setAdditionalProperties(Map.of());
    addresses.setIngress(
        orEmpty(loadBalancer.getIngress()).stream().map(ServiceCopy::ingress).toList());
    var trimmed = new ServiceStatus();
    trimmed.setAdditionalProperties(Map.of());
    trimmed.setConditions(List.of());
    trimmed.setLoadBalancer(addresses);
    return trimmed;
  }

  private static LoadBalancerIngress ingress(LoadBalancerIngress ingress) {
    var trimmed = new LoadBalancerIngress();
    trimmed.setAdditionalProperties(Map.of());
    trimmed.setIp(ingress.getIp());
    trimmed.setIpMode(shared(ingress.getIpMode()));
    trimmed.setHostname(ingress.getHostname());
    trimmed.setPorts(List.of());
    return trimmed;
  }

  /** The metadata of one of very many objects. */
  public static ObjectMeta metadata(HasMetadata object, @Nullable Map<String, String> labels) {
    var compact = new ObjectMeta();
    compact.setAdditionalProperties(Map.of());
    compact.setNamespace(shared(object.getMetadata().getNamespace()));
    compact.setName(object.getMetadata().getName());
    compact.setResourceVersion(object.getMetadata().getResourceVersion());
    compact.setLabels(labels == null ? Map.of() : Map.copyOf(labels));
    compact.setAnnotations(Map.of());
    compact.setFinalizers(List.of());
    compact.setManagedFields(List.of());
    compact.setOwnerReferences(List.of());
    return compact;
  }

  /** One of a few values, kept once. */
  public static @Nullable String shared(@Nullable String text) {
    return text == null ? null : text.intern();
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
