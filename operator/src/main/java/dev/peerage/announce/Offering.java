package dev.peerage.announce;

import dev.peerage.announce.Decision.Outcome;
import dev.peerage.announce.Decision.Subject;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.peering.AddressType;
import dev.peerage.peering.NodeSettings;
import dev.peerage.peering.Offer;
import dev.peerage.peering.ResolvedInstance.ResolvedPeer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a peer is offered, sorted by family and kind. Not thread-safe. */
final class Offering {
  private static final Outcome NO_PEER_CONFIG = new Outcome.NoPeerConfig();
  private static final Outcome FAMILY_NOT_CONFIGURED = new Outcome.FamilyNotConfigured();

  private final boolean hasConfig;
  private final Map<AddressFamily, Kinds> families;

  /** For what has no prefix, and so no family. */
  private final Kinds all;

  private Offering(boolean hasConfig, Map<AddressFamily, Kinds> families, Kinds all) {
    this.hasConfig = hasConfig;
    this.families = families;
    this.all = all;
  }

  static Offering of(ResolvedPeer peer, NodeSettings settings) {
    Map<AddressFamily, Kinds> families = new EnumMap<>(AddressFamily.class);
    peer.offers().forEach((family, ofFamily) -> families.put(family, Kinds.of(ofFamily, settings)));
    List<Offer> all = peer.offers().values().stream().flatMap(List::stream).distinct().toList();
    return new Offering(peer.hasConfig(), families, Kinds.of(all, settings));
  }

  /** The outcome for something of an object with these labels. */
  Outcome outcome(Prospect prospect, Map<String, String> labels) {
    if (!hasConfig) {
      return NO_PEER_CONFIG;
    }
    Optional<Kinds> kinds =
        prospect.prefix().isEmpty()
            ? Optional.of(all)
            : Optional.ofNullable(families.get(prospect.prefix().get().family()));
    return kinds
        .map(each -> each.of(prospect.subject()).outcome(prospect, labels))
        .orElse(FAMILY_NOT_CONFIGURED);
  }

  Set<String> interfaces() {
    return all.interfaces.keySet();
  }

  boolean hasPodCidrs() {
    return !all.podCidrs.isEmpty();
  }

  private record Kinds(
      Candidates podCidrs,
      Candidates pools,
      Map<String, Candidates> interfaces,
      Map<AddressType, Candidates> services) {
    private static final Candidates NONE = new Candidates(List.of(), Origin.IGP);

    static Kinds of(List<Offer> offers, NodeSettings settings) {
      Map<AddressType, Candidates> services = new EnumMap<>(AddressType.class);
      for (AddressType type : AddressType.values()) {
        services.put(
            type,
            new Candidates(
                where(offers, Offer.Services.class, each -> each.addresses().contains(type)),
                origin(type, settings)));
      }
      return new Kinds(
          igp(where(offers, Offer.PodCidrs.class, _ -> true)),
          igp(where(offers, Offer.Pools.class, _ -> true)),
          where(offers, Offer.Interfaces.class, _ -> true).stream()
              .collect(
                  Collectors.groupingBy(
                      Offer.Interfaces::name,
                      Collectors.collectingAndThen(Collectors.toList(), Kinds::igp))),
          services);
    }

    private static Candidates igp(List<? extends Offer> offers) {
      return new Candidates(offers, Origin.IGP);
    }

    private static Origin origin(AddressType type, NodeSettings settings) {
      return switch (type) {
        case LOAD_BALANCER_IP -> settings.legacyOrigin() ? Origin.INCOMPLETE : Origin.IGP;
        case CLUSTER_IP, EXTERNAL_IP -> Origin.IGP;
      };
    }

    private static <T extends Offer> List<T> where(
        List<Offer> offers, Class<T> kind, Predicate<T> condition) {
      return offers.stream().filter(kind::isInstance).map(kind::cast).filter(condition).toList();
    }

    Candidates of(Subject subject) {
      return switch (subject) {
        case Subject.PodCidr() -> podCidrs;
        case Subject.PodPool(String _) -> pools;
        case Subject.Interface(String name) -> interfaces.getOrDefault(name, NONE);
        case Subject.ServiceAddress(String _, String _, AddressType type) ->
            services.getOrDefault(type, NONE);
      };
    }
  }
}
