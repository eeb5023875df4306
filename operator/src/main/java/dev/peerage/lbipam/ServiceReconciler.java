package dev.peerage.lbipam;

import dev.peerage.crd.v2.Condition;
import dev.peerage.kube.OperatorReconciler;
import dev.peerage.kube.Patch;
import dev.peerage.kube.ServiceKey;
import dev.peerage.kube.TrimmedStore;
import dev.peerage.kube.Wake;
import dev.peerage.kube.Writes;
import dev.peerage.lbipam.Addresses.ServiceWrite;
import dev.peerage.lbipam.IpamPlan.ServiceChange;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the addresses of one Service: tells {@link Addresses} how the Service is now, does what is
 * decided for it, and has those Services and pools reconciled that something else was decided for.
 *
 * <p>A write carries the version that was decided about, so that it fails when the Service has
 * changed since. It is not kept for a repetition: the SDK calls again after a failure, and then
 * what is decided by that time is written. What the watch tells of an own write needs no filter:
 * nothing is left to do then.
 */
final class ServiceReconciler implements Reconciler<Service>, OperatorReconciler<Service> {
  private static final Logger log = LoggerFactory.getLogger(ServiceReconciler.class);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final LbIpam lbIpam;
  private final Addresses addresses;
  private final Writes writes;
  private final Wake<Service> wake = new Wake<>("decided");

  ServiceReconciler(
      KubernetesClient client,
      InstantSource clock,
      LbIpam lbIpam,
      Addresses addresses,
      Writes writes) {
    this.client = client;
    this.clock = clock;
    this.lbIpam = lbIpam;
    this.addresses = addresses;
    this.writes = writes;
  }

  /** All changes of Services that addresses matter to, in all namespaces, and their deletion. */
  @Override
  public void configure(ControllerConfigurationOverrider<Service> configuration) {
    configuration
        .withName("lbipam-service")
        .watchingAllNamespaces()
        .withItemStore(new TrimmedStore<>(TrimmedServices::trim))
        .withOnAddFilter(TrimmedServices::concerns)
        .withOnUpdateFilter(
            (now, before) -> TrimmedServices.concerns(now) || TrimmedServices.concerns(before));
  }

  /** Besides its own changes: what was decided for a Service when another one or a pool changed. */
  @Override
  public List<EventSource<?, Service>> prepareEventSources(EventSourceContext<Service> context) {
    return List.of(wake.in(context.getPrimaryCache()));
  }

  /** Has Services reconciled. */
  void wake(Iterable<ServiceKey> services) {
    services.forEach(key -> wake.up(new ResourceID(key.name(), key.namespace())));
  }

  /**
   * The watch's copy of a Service if it is of the same version, else one as the watch would keep.
   */
  Service stored(Service listed) {
    return wake.get(ResourceID.fromResource(listed))
        .filter(it ->
            it.getMetadata().getResourceVersion().equals(listed.getMetadata().getResourceVersion()))
        .orElseGet(() -> TrimmedServices.trim(listed));
  }

  @Override
  public UpdateControl<Service> decide(Service service, Context<Service> context) {
    Duration wait = lbIpam.fill();
    if (wait.isPositive()) {
      return OperatorReconciler.again(context, Optional.of(wait));
    }
    Optional<Service> now = context.getPrimaryCache().get(ResourceID.fromResource(service));
    Addresses.News news = now.isPresent() ? lbIpam.changed(now.get()) : lbIpam.deleted(service);
    lbIpam.wakeServices(news);
    lbIpam.tell(service, addresses.notices(ServiceKey.of(service)));
    try {
      return act(ServiceKey.of(service), context);
    } finally {
      lbIpam.wakePools(news); // Afterwards: counts can wait, an address cannot.
    }
  }

  private UpdateControl<Service> act(ServiceKey key, Context<Service> context) {
    return switch (addresses.next(key, clock.instant())) {
      case Next.Write<ServiceWrite>(var what) -> write(key, what, context);
      case Next.Later<ServiceWrite>(var delay) ->
          OperatorReconciler.again(context, Optional.of(delay));
      case Next.Nothing<ServiceWrite> _ -> UpdateControl.noUpdate();
    };
  }

  private UpdateControl<Service> write(
      ServiceKey key, ServiceWrite write, Context<Service> context) {
    var service =
        new ServiceBuilder()
            .withNewMetadata()
            .withNamespace(key.namespace())
            .withName(key.name())
            .endMetadata()
            .build();
    boolean done =
        writes.attempt(
            () -> Patch.STRATEGIC.writeStatus(client, service, LbIpam.FIELD_MANAGER, patch(write)));
    if (!done) {
      return OperatorReconciler.again(
          context, Optional.of(addresses.overtaken(key, write.change(), clock.instant())));
    }
    addresses.written(key, write);
    tell(key, write);
    return UpdateControl.noUpdate();
  }

  /** Only against the version that was decided about: else the decision may be wrong. */
  private static Map<String, Object> patch(ServiceWrite write) {
    ServiceChange change = write.change();
    List<LoadBalancerIngress> ingress = change.ingress();
    var loadBalancer = new HashMap<String, Object>();
    loadBalancer.put("ingress", ingress.isEmpty() ? null : ingress);
    var status = new HashMap<String, Object>();
    status.put("loadBalancer", loadBalancer);
    List<Object> conditions = new ArrayList<>();
    change.conditions().stream()
        .filter(it -> write.judged() || !it.type().equals(Claim.SATISFIED))
        .forEach(conditions::add);
    change.obsolete().forEach(type -> conditions.add(Map.of("$patch", "delete", "type", type)));
    if (!conditions.isEmpty()) {
      status.put("conditions", conditions);
    }
    var annotations = new HashMap<String, @Nullable Object>();
    annotations.put(
        Claim.MEMORY, change.addresses().isEmpty() ? null : String.join(",", change.addresses()));
    return Map.of(
        "metadata",
        Map.of("resourceVersion", change.resourceVersion(), "annotations", annotations),
        "status",
        status);
  }

  private static void tell(ServiceKey key, ServiceWrite write) {
    ServiceChange change = write.change();
    Condition condition = change.condition();
    if (condition != null && condition.status().equals("False") && write.judged()) {
      log.warn("Service {}: {}: {}", key, condition.reason(), condition.message());
    } else if (change.addresses().isEmpty()) {
      log.info(
          "Service {}: {}",
          key,
          change.left().isEmpty()
              ? "no longer for this load balancer; its addresses are free again"
              : "left to the load balancer that has written its addresses");
    } else {
      log.info("Service {}: {}", key, String.join(", ", change.addresses()));
    }
    write.notices().forEach(notice -> log.warn("Service {}: {}", key, notice.text()));
  }
}
