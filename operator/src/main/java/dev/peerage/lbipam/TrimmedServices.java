package dev.peerage.lbipam;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.LoadBalancerStatusBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.ServiceSpecBuilder;
import io.fabric8.kubernetes.api.model.ServiceStatus;
import io.fabric8.kubernetes.api.model.ServiceStatusBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps of a Service what {@link Claim} and {@link Sharing} read, and of one that no pool has to do
 * with its name and version: a cluster has many Services, and most of them are not for us.
 */
final class TrimmedServices {
  private TrimmedServices() {}

  /**
   * Whether addresses matter to a Service: it is of type LoadBalancer, of whichever class, or its
   * status holds an address or a condition of ours.
   */
  static boolean concerns(Service service) {
    return "LoadBalancer".equals(service.getSpec().getType())
        || !ingress(service).isEmpty()
        || !ours(service).isEmpty();
  }

  private static List<LoadBalancerIngress> ingress(Service service) {
    ServiceStatus status = service.getStatus();
    return status == null
            || status.getLoadBalancer() == null
            || status.getLoadBalancer().getIngress() == null
        ? List.of()
        : status.getLoadBalancer().getIngress();
  }

  private static List<Condition> ours(Service service) {
    ServiceStatus status = service.getStatus();
    return status == null || status.getConditions() == null
        ? List.of()
        : status.getConditions().stream()
            .filter(it -> Claim.CONDITIONS.contains(it.getType()))
            .toList();
  }

  /** A copy with what matters. */
  static Service trim(Service service) {
    ObjectMeta metadata = service.getMetadata();
    var kept =
        new ObjectMetaBuilder()
            .withNamespace(metadata.getNamespace())
            .withName(metadata.getName())
            .withUid(metadata.getUid())
            .withResourceVersion(metadata.getResourceVersion());
    var spec = new ServiceSpecBuilder().withType(service.getSpec().getType());
    if (!concerns(service)) {
      return new ServiceBuilder().withMetadata(kept.build()).withSpec(spec.build()).build();
    }
    kept.withGeneration(metadata.getGeneration())
        .withCreationTimestamp(metadata.getCreationTimestamp())
        .withLabels(metadata.getLabels())
        .withAnnotations(ours(metadata.getAnnotations()))
        .withManagedFields(FieldManagers.trim(service));
    ServiceSpec all = service.getSpec();
    spec.withLoadBalancerClass(all.getLoadBalancerClass())
        .withLoadBalancerIP(all.getLoadBalancerIP())
        .withIpFamilies(all.getIpFamilies())
        .withIpFamilyPolicy(all.getIpFamilyPolicy())
        .withExternalTrafficPolicy(all.getExternalTrafficPolicy())
        .withSelector(all.getSelector());
    if (all.getPorts() != null) {
      spec.withPorts(
          all.getPorts().stream()
              .map(port ->
                  new ServicePortBuilder()
                      .withProtocol(port.getProtocol())
                      .withPort(port.getPort())
                      .build())
              .toList());
    }
    return new ServiceBuilder()
        .withMetadata(kept.build())
        .withSpec(spec.build())
        .withStatus(
            new ServiceStatusBuilder()
                .withLoadBalancer(
                    new LoadBalancerStatusBuilder().withIngress(ingress(service)).build())
                .withConditions(
                    ours(service).stream().map(it -> new ConditionBuilder(it).build()).toList())
                .build())
        .build();
  }

  private static Map<String, String> ours(@Nullable Map<String, String> annotations) {
    var kept = new HashMap<String, String>();
    if (annotations != null) {
      annotations.forEach((name, value) -> {
        if (name.startsWith("lbipam.cilium.io/")
            || name.startsWith("io.cilium/lb-ipam-")
            || name.equals(Claim.MEMORY)) {
          kept.put(name, value);
        }
      });
    }
    return kept;
  }
}
