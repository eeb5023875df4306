package dev.peerage.reading;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigOverride;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.reading.WatchEventReader.Type;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How a client turns the API server's answers into objects. By default Fabric8 loads every class of
 * every kind of Kubernetes that is on the class path, before it reads the first event of a watch;
 * here it knows the kinds that are watched. Others are read too, but slower.
 */
public final class Reading {
  private static final List<Class<? extends HasMetadata>> BOTH =
      List.of(
          Node.class,
          Service.class,
          EndpointSlice.class,
          Secret.class,
          ConfigMap.class,
          CiliumBGPNodeConfig.class,
          CiliumBGPPeerConfig.class,
          CiliumBGPAdvertisement.class);

  private static final List<Class<? extends HasMetadata>> OPERATOR =
      List.of(
          CiliumBGPClusterConfig.class,
          CiliumBGPNodeConfigOverride.class,
          CiliumLoadBalancerIPPool.class);

  private Reading() {}

  /** Of Services and EndpointSlices what nodes' plans depend on, of all others whole objects. */
  public static KubernetesSerialization ofAgent() {
    return reading(
        BOTH,
        new SimpleModule()
            .addDeserializer(Service.class, new ServiceReader())
            .addDeserializer(EndpointSlice.class, new EndpointSliceReader()));
  }

  /** Whole objects. */
  public static KubernetesSerialization ofOperator() {
    return reading(Stream.concat(BOTH.stream(), OPERATOR.stream()).toList(), new SimpleModule());
  }

  private static KubernetesSerialization reading(
      List<Class<? extends HasMetadata>> watched, SimpleModule module) {
    Map<Type, Class<? extends KubernetesResource>> classes = new HashMap<>();
    for (Class<? extends HasMetadata> kind : watched) {
      classes.put(new Type(HasMetadata.getApiVersion(kind), HasMetadata.getKind(kind)), kind);
    }
    classes.put(new Type("v1", "Status"), Status.class);
    module.addDeserializer(WatchEvent.class, new WatchEventReader(classes));
    var mapper = new ObjectMapper();
    var reading = new KubernetesSerialization(mapper, /* searchClassloaders= */ false);
    mapper.registerModule(module);
    watched.forEach(reading::registerKubernetesResource);
    reading.registerKubernetesResource(Status.class);
    return reading;
  }
}
