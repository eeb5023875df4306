package dev.peerage.cli;

import dev.peerage.cli.Agents.AgentsException;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.kube.ServiceKey;
import dev.peerage.why.ClusterFacts;
import dev.peerage.why.Services;
import dev.peerage.why.StatusFacts;
import dev.peerage.why.Target;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Reads from the API server what no agent knows. What may not be read is noted, and left out. */
final class ClusterReader {
  private static final String GATEWAYS = "gateway.networking.k8s.io/v1";
  private static final String GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name";

  private final KubernetesClient client;
  private final List<String> unread = new ArrayList<>();

  ClusterReader(KubernetesClient client) {
    this.client = client;
  }

  /** Reads what concerns a question. */
  ClusterFacts read(Target target) {
    Optional<GenericKubernetesResource> gateway =
        switch (target) {
          case Target.OfGateway(var namespace, var name) -> gateway(namespace, name);
          case Target.OfService _, Target.OfPrefix _ -> Optional.empty();
        };
    Optional<Service> service =
        switch (target) {
          case Target.OfService(var namespace, var name) -> service(namespace, name);
          case Target.OfPrefix(var prefix) ->
              Services.having(
                  list("Services", () -> client.services().inAnyNamespace().list().getItems()),
                  prefix);
          case Target.OfGateway _ -> gateway.flatMap(this::serviceOf);
        };
    return new ClusterFacts(
        service,
        gateway.map(ClusterReader::words),
        service
            .map(it ->
                list(
                    "EndpointSlices",
                    () ->
                        client
                            .discovery()
                            .v1()
                            .endpointSlices()
                            .inNamespace(it.getMetadata().getNamespace())
                            .withLabel(ServiceKey.SERVICE_NAME, it.getMetadata().getName())
                            .list()
                            .getItems()))
            .orElse(List.of()),
        list(
            "CiliumLoadBalancerIPPools",
            () -> client.resources(CiliumLoadBalancerIPPool.class).list().getItems()),
        list("Nodes", () -> client.nodes().list().getItems()),
        list(
            "CiliumBGPClusterConfigs",
            () -> client.resources(CiliumBGPClusterConfig.class).list().getItems()),
        list(
            "CiliumBGPNodeConfigs",
            () -> client.resources(CiliumBGPNodeConfig.class).list().getItems()),
        unread);
  }

  /** Reads what the state of the whole cluster needs. */
  StatusFacts status() {
    return new StatusFacts(
        list("Nodes", () -> client.nodes().list().getItems()),
        list(
            "CiliumBGPClusterConfigs",
            () -> client.resources(CiliumBGPClusterConfig.class).list().getItems()),
        list(
            "CiliumBGPNodeConfigs",
            () -> client.resources(CiliumBGPNodeConfig.class).list().getItems()),
        list(
            "CiliumLoadBalancerIPPools",
            () -> client.resources(CiliumLoadBalancerIPPool.class).list().getItems()),
        list("Services", () -> client.services().inAnyNamespace().list().getItems()),
        unread);
  }

  private <T> List<T> list(String kind, Supplier<List<T>> request) {
    try {
      return request.get();
    } catch (KubernetesClientException e) {
      unread(e, kind);
      return List.of();
    }
  }

  /** Where the API server does not answer at all, nothing else need be asked. */
  private void unread(KubernetesClientException e, String kind) {
    if (e.getStatus() == null) {
      throw AgentsException.notReachable(
          "cannot list %s at %s: %s"
              .formatted(kind, client.getMasterUrl(), ClusterAgents.reason(e)));
    }
    unread.add(kind + " cannot be read: " + ClusterAgents.reason(e));
  }

  /** In the context's namespace; where it is not there, in the one that has it. */
  private Optional<Service> service(Optional<String> namespace, String name) {
    String first =
        namespace.orElseGet(() -> Objects.requireNonNullElse(client.getNamespace(), "default"));
    Optional<Service> found =
        list(
                "Services",
                () ->
                    Stream.ofNullable(client.services().inNamespace(first).withName(name).get())
                        .toList())
            .stream()
            .findFirst();
    if (found.isPresent() || namespace.isPresent()) {
      return found;
    }
    List<Service> all =
        list(
            "Services",
            () ->
                client
                    .services()
                    .inAnyNamespace()
                    .withField("metadata.name", name)
                    .list()
                    .getItems());
    return only("Services", name, all);
  }

  private static <T extends HasMetadata> Optional<T> only(String kind, String name, List<T> found) {
    if (found.size() > 1) {
      throw AgentsException.wrongUse(
          "there are several %s '%s'; say which: %s"
              .formatted(
                  kind,
                  name,
                  String.join(
                      ", ", found.stream().map(it -> ServiceKey.of(it).toString()).toList())));
    }
    return found.stream().findFirst();
  }

  private Optional<GenericKubernetesResource> gateway(Optional<String> namespace, String name) {
    List<GenericKubernetesResource> all;
    try {
      all =
          client
              .genericKubernetesResources(GATEWAYS, "Gateway")
              .inAnyNamespace()
              .withField("metadata.name", name)
              .list()
              .getItems();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return Optional.empty(); // no such kind there
      }
      unread(e, "Gateways");
      return Optional.empty();
    }
    List<GenericKubernetesResource> wanted =
        all.stream()
            .filter(it ->
                namespace.isEmpty() || namespace.get().equals(it.getMetadata().getNamespace()))
            .toList();
    return only("Gateways", name, wanted);
  }

  /** By the label that the Gateway API asks controllers to set, else by the owner. */
  private Optional<Service> serviceOf(GenericKubernetesResource gateway) {
    String namespace = gateway.getMetadata().getNamespace();
    String name = gateway.getMetadata().getName();
    List<Service> all =
        list("Services", () -> client.services().inNamespace(namespace).list().getItems());
    return all.stream()
        .filter(it ->
            name.equals(
                Objects.requireNonNullElse(it.getMetadata().getLabels(), Map.<String, String>of())
                    .get(GATEWAY_NAME)))
        .findFirst()
        .or(() ->
            all.stream()
                .filter(it ->
                    it.getMetadata().getOwnerReferences().stream()
                        .anyMatch(owner -> owns(owner, name)))
                .findFirst());
  }

  private static boolean owns(OwnerReference owner, String gateway) {
    return owner.getKind().equals("Gateway")
        && owner.getApiVersion().startsWith("gateway.networking.k8s.io/")
        && owner.getName().equals(gateway);
  }

  private static ClusterFacts.Gateway words(GenericKubernetesResource gateway) {
    List<String> conditions = new ArrayList<>();
    if (gateway.get("status", "conditions") instanceof List<?> all) {
      for (Object each : all) {
        if (each instanceof Map<?, ?> condition && !"True".equals(condition.get("status"))) {
          conditions.add(
              "%s is %s: %s"
                  .formatted(
                      condition.get("type"), condition.get("status"), condition.get("message")));
        }
      }
    }
    return new ClusterFacts.Gateway(
        gateway.getMetadata().getNamespace(),
        gateway.getMetadata().getName(),
        String.valueOf(gateway.<Object>get("spec", "gatewayClassName")),
        conditions);
  }
}
