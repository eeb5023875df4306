package dev.peerage.lbipam;

import dev.peerage.crd.v2.Condition;
import dev.peerage.kube.Patch;
import dev.peerage.kube.ServiceKey;
import dev.peerage.kube.Wake;
import dev.peerage.lbipam.Addresses.ServiceWrite;
import dev.peerage.lbipam.IpamPlan.ServiceChange;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
final class ServiceReconciler implements Reconciler<Service> {
  private static final Logger log = LoggerFactory.getLogger(ServiceReconciler.class);

  private final KubernetesClient client;
  private final LbIpam lbIpam;
  private Optional<Wake<Service>> wake = Optional.empty();

  ServiceReconciler(KubernetesClient client, LbIpam lbIpam) {
    this.client = client;
    this.lbIpam = lbIpam;
  }

  /** All changes of Services that addresses matter to, in all namespaces, and their deletion. */
  static void configure(ControllerConfigurationOverrider<Service> configuration) {
    configuration
        .withName("lbipam-service")
        .watchingAllNamespaces()
        .withGenerationAware(false)
        .withTriggerReconcilerOnAllEvents(true)
        .withItemStore(new TrimmedServices())
        .withInformerListLimit(LbIpam.PAGE)
        .withOnAddFilter(TrimmedServices::concerns)
        .withOnUpdateFilter(
            (now, before) -> TrimmedServices.concerns(now) || TrimmedServices.concerns(before));
  }

  /** Besides its own changes: what was decided for a Service when another one or a pool changed. */
  @Override
  public List<EventSource<?, Service>> prepareEventSources(EventSourceContext<Service> context) {
    var decided = new Wake<Service>("decided", context.getPrimaryCache());
    wake = Optional.of(decided);
    return List.of(decided);
  }

  /** Has Services reconciled. */
  void wake(Iterable<ServiceKey> services) {
    wake.ifPresent(
        it -> services.forEach(key -> it.up(new ResourceID(key.name(), key.namespace()))));
  }

  /**
   * The watch's copy of a Service if it is of the same version, else one as the watch would keep.
   */
  Service stored(Service listed) {
    return wake.flatMap(it -> it.get(ResourceID.fromResource(listed)))
        .filter(it ->
            it.getMetadata().getResourceVersion().equals(listed.getMetadata().getResourceVersion()))
        .orElseGet(() -> TrimmedServices.trim(listed));
  }

  @Override
  public UpdateControl<Service> reconcile(Service service, Context<Service> context) {
    Duration wait = lbIpam.fill();
    if (wait.isPositive()) {
      return later(context, wait);
    }
    Optional<Service> now = context.getPrimaryCache().get(ResourceID.fromResource(service));
    Addresses.News news = now.isPresent() ? lbIpam.changed(now.get()) : lbIpam.deleted(service);
    lbIpam.wakeServices(news);
    try {
      return act(ServiceKey.of(service), context);
    } finally {
      lbIpam.wakePools(news); // Afterwards: counts can wait, an address cannot.
    }
  }

  private UpdateControl<Service> act(ServiceKey key, Context<Service> context) {
    return switch (lbIpam.next(key)) {
      case Next.Write<ServiceWrite>(var what) -> write(key, what, context);
      case Next.Later<ServiceWrite>(var delay) -> later(context, delay);
      case Next.Nothing<ServiceWrite> _ -> UpdateControl.noUpdate();
    };
  }

  private static UpdateControl<Service> later(Context<Service> context, Duration delay) {
    return context.isPrimaryResourceDeleted()
        ? UpdateControl.noUpdate()
        : UpdateControl.<Service>noUpdate().rescheduleAfter(delay);
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
        lbIpam
            .writes()
            .attempt(
                "writing the address of Service " + key,
                () ->
                    Patch.STRATEGIC.writeStatus(
                        client, service, LbIpam.FIELD_MANAGER, patch(write)));
    if (!done) {
      return later(context, lbIpam.overtaken(key, write.change()));
    }
    lbIpam.written(key, write.change());
    tell(key, write);
    return UpdateControl.noUpdate();
  }

  /** Only against the version that was decided about: else the decision may be wrong. */
  private static Map<String, Object> patch(ServiceWrite write) {
    ServiceChange change = write.change();
    List<Map<String, String>> ingress =
        change.addresses().stream().map(address -> Map.of("ip", address)).toList();
    var loadBalancer = new HashMap<String, Object>();
    loadBalancer.put("ingress", ingress.isEmpty() ? null : ingress);
    var status = new HashMap<String, Object>();
    status.put("loadBalancer", loadBalancer);
    if (write.judged()) {
      status.put("conditions", List.of(condition(change)));
    }
    return Map.of(
        "metadata", Map.of("resourceVersion", change.resourceVersion()), "status", status);
  }

  private static Object condition(ServiceChange change) {
    Condition condition = change.condition();
    return condition == null ? Map.of("$patch", "delete", "type", Claim.SATISFIED) : condition;
  }

  private static void tell(ServiceKey key, ServiceWrite write) {
    ServiceChange change = write.change();
    Condition condition = change.condition();
    if (condition == null) {
      log.info("Service {}: no longer for this load balancer; its addresses are free again", key);
    } else if (condition.status().equals("True") || !write.judged()) {
      log.info("Service {}: {}", key, String.join(", ", change.addresses()));
    } else {
      log.warn("Service {}: {}: {}", key, condition.reason(), condition.message());
    }
    if (!write.unreadable().isEmpty()) {
      log.warn(
          "Service {}: asks for what is no IP address: {}; passed over, correct the annotation"
              + " lbipam.cilium.io/ips or spec.loadBalancerIP",
          key,
          String.join(", ", write.unreadable()));
    }
  }
}
