package dev.peerage.lbipam;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * All Services of type LoadBalancer at each resourceVersion, and what was wrong at any of them: an
 * address that two had, and one that a satisfied Service lost.
 */
final class ServiceHistory implements AutoCloseable {
  private final Map<String, Service> now = new HashMap<>();
  private final Map<String, String> owners = new HashMap<>();
  private final List<String> faults = new ArrayList<>();
  private final Map<String, List<String>> verdicts = new HashMap<>();
  private final Watch watch;

  /** Of all that happens from now on. */
  static ServiceHistory of(KubernetesClient client) {
    return new ServiceHistory(client);
  }

  private ServiceHistory(KubernetesClient client) {
    var list = client.services().inAnyNamespace().list();
    list.getItems().forEach(it -> happened(Watcher.Action.ADDED, it));
    watch =
        client
            .services()
            .inAnyNamespace()
            .withResourceVersion(list.getMetadata().getResourceVersion())
            .watch(
                new Watcher<>() {
                  @Override
                  public void eventReceived(Action action, Service service) {
                    happened(action, service);
                  }

                  @Override
                  public void onClose(@Nullable WatcherException cause) {
                    if (cause != null) {
                      fault("the watch has ended: " + cause);
                    }
                  }
                });
  }

  private synchronized void fault(String what) {
    faults.add(what);
  }

  private synchronized void happened(Watcher.Action action, Service service) {
    if (action == Watcher.Action.BOOKMARK || !"LoadBalancer".equals(service.getSpec().getType())) {
      return;
    }
    var name = service.getMetadata().getName();
    var before = now.get(name);
    if (before != null) {
      addresses(before).forEach(owners::remove);
    }
    if (action == Watcher.Action.DELETED) {
      now.remove(name);
      return;
    }
    var at = " at " + service.getMetadata().getResourceVersion();
    for (var address : addresses(service)) {
      var other = owners.put(address, name);
      if (other != null) {
        faults.add(address + " is " + other + "'s and " + name + "'s" + at);
      }
    }
    if (before != null
        && isSame(before, service)
        && isSatisfied(before)
        && !addresses(before).equals(addresses(service))) {
      faults.add(name + " had " + addresses(before) + " and has " + addresses(service) + at);
    }
    var verdict = verdict(service);
    var known = verdicts.computeIfAbsent(service.getMetadata().getUid(), _ -> new ArrayList<>());
    if (!verdict.isEmpty() && (known.isEmpty() || !known.getLast().equals(verdict))) {
      known.add(verdict);
    }
    now.put(name, service);
  }

  private static boolean isSame(Service one, Service other) {
    return Objects.equals(one.getMetadata().getUid(), other.getMetadata().getUid());
  }

  /** The addresses of a Service. */
  static List<String> addresses(Service service) {
    return service.getStatus().getLoadBalancer() == null
            || service.getStatus().getLoadBalancer().getIngress() == null
        ? List.of()
        : service.getStatus().getLoadBalancer().getIngress().stream()
            .map(LoadBalancerIngress::getIp)
            .toList();
  }

  /** Whether a Service has what it asks for. */
  static boolean isSatisfied(Service service) {
    return verdict(service).startsWith("True ") && !addresses(service).isEmpty();
  }

  private static String verdict(Service service) {
    var conditions = service.getStatus().getConditions();
    Optional<Condition> ours =
        conditions == null
            ? Optional.empty()
            : conditions.stream()
                .filter(it -> it.getType().equals("cilium.io/IPAMRequestSatisfied"))
                .findFirst();
    return ours.map(it ->
            it.getStatus()
                + " "
                + it.getReason()
                + " "
                + it.getMessage()
                + it.getLastTransitionTime())
        .orElse("");
  }

  /** The conditions that Services have had, one after the other, where there were several. */
  synchronized List<List<String>> contradictions() {
    return verdicts.values().stream().filter(it -> it.size() > 1).toList();
  }

  /** What was wrong at any version. */
  synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  /** The Services as the watch has told last. */
  synchronized List<Service> now() {
    return List.copyOf(now.values());
  }

  /** Waits until there are so many Services and all are like this. */
  void await(int number, Predicate<Service> all) {
    Awaitility.await(number + " Services")
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> {
          var services = now();
          return services.size() == number && services.stream().allMatch(all);
        });
  }

  @Override
  public void close() {
    watch.close();
  }
}
