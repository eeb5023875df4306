package dev.peerage.lbipam;

import dev.peerage.crd.v2.Condition;
import dev.peerage.kube.ServiceKey;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an operator comes to that starts with some pools and Services and that nobody disturbs: what
 * lab and lint show.
 *
 * @param services with their addresses and conditions, in the order in which they were given
 * @param pools the conditions of every pool by its name
 * @param notices what the author of each Service should know
 */
public record SettledServices(
    List<Service> services,
    Map<String, List<Condition>> pools,
    SortedMap<ServiceKey, List<Notice>> notices) {
  /** The condition that says whether a Service has what it asks for. */
  public static final String SATISFIED = Claim.SATISFIED;

  /** Copies. */
  public SettledServices {
    services = List.copyOf(services);
    pools = Map.copyOf(pools);
    notices = Collections.unmodifiableSortedMap(new TreeMap<>(notices));
  }

  /**
   * Decides as the operator does until nothing is left to write. The same snapshot always yields
   * the same outcome.
   *
   * @param now what a condition whose status flips gets as its transition time
   */
  public static SettledServices of(IpamSnapshot snapshot, Instant now) {
    Map<ServiceKey, Service> services = new LinkedHashMap<>();
    snapshot.services().forEach(it -> services.put(ServiceKey.of(it), withoutVersion(it)));
    var addresses = new Addresses(Responsibility.DEFAULT);
    IpamPlan plan = addresses.decide(snapshot, now);
    // What is given back in one round may be given out in the next.
    while (!plan.services().isEmpty()) {
      plan.services()
          .forEach((key, change) ->
              services.computeIfPresent(key, (_, service) -> change.appliedTo(service)));
      plan =
          addresses.decide(new IpamSnapshot(snapshot.pools(), List.copyOf(services.values())), now);
    }
    SortedMap<ServiceKey, List<Notice>> notices = new TreeMap<>();
    services.keySet().forEach(key -> notices.put(key, addresses.notices(key)));
    return new SettledServices(List.copyOf(services.values()), plan.pools(), notices);
  }

  /** No API server gives it a new one with each write, and the same version twice is heard once. */
  private static Service withoutVersion(Service service) {
    return service.getMetadata().getResourceVersion() == null
        ? service
        : new ServiceBuilder(service)
            .editMetadata()
            .withResourceVersion(null)
            .endMetadata()
            .build();
  }

  /**
   * A Service after its manifest was applied again, as behind an API server: what others than the
   * manifest's author have written stays.
   */
  public static Service after(Service before, Service manifest) {
    String memory =
        Optional.ofNullable(before.getMetadata().getAnnotations())
            .map(it -> it.get(Claim.MEMORY))
            .orElse("");
    var applied = new ServiceBuilder(manifest).withStatus(before.getStatus());
    return memory.isEmpty()
        ? applied.build()
        : applied.editMetadata().addToAnnotations(Claim.MEMORY, memory).endMetadata().build();
  }
}
