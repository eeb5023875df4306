package dev.peerage.node;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPAdvertisementSpec.Advertisement;
import dev.peerage.crd.v2.CiliumBGPPeerConfigSpec;
import dev.peerage.crd.v2.CiliumBGPPeerConfigSpec.Family;
import dev.peerage.crd.v2.LabelSelector;
import dev.peerage.crd.v2.Safi;
import dev.peerage.node.Decision.AddressType;
import dev.peerage.node.Problem.ObjectRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the advertisements that a peer config's families select, and reads their items. */
final class Offers {
  private final List<CiliumBGPAdvertisement> advertisements;
  private final Collection<Problem> problems;
  private final Map<String, List<Offer>> read = new HashMap<>();

  Offers(List<CiliumBGPAdvertisement> advertisements, Collection<Problem> problems) {
    this.advertisements =
        advertisements.stream()
            .sorted(Comparator.comparing(advertisement -> advertisement.getMetadata().getName()))
            .toList();
    this.problems = problems;
  }

  /**
   * The items per family. Without families both are negotiated and nothing is offered. Throws
   * {@link Unusable} when the peer config names only families that cannot be carried.
   */
  Map<AddressFamily, List<Offer>> of(CiliumBGPPeerConfigSpec spec, Place place) throws Unusable {
    if (spec.families().isEmpty()) {
      return Map.of(AddressFamily.IPV4_UNICAST, List.of(), AddressFamily.IPV6_UNICAST, List.of());
    }
    Map<AddressFamily, Set<Offer>> offers = new EnumMap<>(AddressFamily.class);
    for (Family entry : spec.families()) {
      Optional<AddressFamily> family = family(entry);
      if (family.isEmpty()) {
        problems.add(
            place
                .at("families")
                .problem(
                    (entry.afi() + "/" + entry.safi()).toLowerCase(Locale.ROOT)
                        + " is not supported and is ignored",
                    "use ipv4/unicast and ipv6/unicast"));
      } else {
        offers
            .computeIfAbsent(family.get(), _ -> new LinkedHashSet<>())
            .addAll(selectedBy(entry.advertisements()));
      }
    }
    if (offers.isEmpty()) {
      throw place
          .at("families")
          .unusable(
              "no family is left; the peers that use it are not configured",
              "list ipv4/unicast or ipv6/unicast");
    }
    return offers.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> List.copyOf(entry.getValue())));
  }

  private static Optional<AddressFamily> family(Family entry) {
    if (entry.safi() != Safi.UNICAST) {
      return Optional.empty();
    }
    return switch (entry.afi()) {
      case IPV4 -> Optional.of(AddressFamily.IPV4_UNICAST);
      case IPV6 -> Optional.of(AddressFamily.IPV6_UNICAST);
      case L2VPN, LS, OPAQUE -> Optional.empty();
    };
  }

  private List<Offer> selectedBy(@Nullable LabelSelector selector) {
    if (selector == null) {
      return List.of();
    }
    return advertisements.stream()
        .filter(advertisement ->
            selector.matches(
                Objects.requireNonNullElse(advertisement.getMetadata().getLabels(), Map.of())))
        .flatMap(advertisement ->
            read
                .computeIfAbsent(advertisement.getMetadata().getName(), _ -> items(advertisement))
                .stream())
        .toList();
  }

  private List<Offer> items(CiliumBGPAdvertisement advertisement) {
    String name = advertisement.getMetadata().getName();
    Place spec = new Place(ObjectRef.ofCluster("CiliumBGPAdvertisement", name), "spec");
    List<Offer> offers = new ArrayList<>();
    int index = 0;
    for (Advertisement item : advertisement.getSpec().advertisements()) {
      Place place = spec.entry("advertisements", String.valueOf(index++));
      try {
        offers.add(offer(name, item, place));
      } catch (Unusable e) {
        problems.add(e.problem());
      }
    }
    return List.copyOf(offers);
  }

  private Offer offer(String advertisement, Advertisement item, Place place) throws Unusable {
    OfferedAttributes attributes =
        item.attributes() == null
            ? OfferedAttributes.NONE
            : ReadAttributes.of(item.attributes(), place.at("attributes"));
    return switch (item.advertisementType()) {
      case POD_CIDR -> new Offer.PodCidrs(advertisement, attributes);
      case SERVICE -> services(advertisement, item, attributes, place);
      case CILIUM_POD_IP_POOL -> throw unsupported("CiliumPodIPPool", place);
      case INTERFACE -> throw unsupported("Interface", place);
    };
  }

  private static Unusable unsupported(String type, Place place) {
    return place
        .at("advertisementType")
        .unusable(
            type + " advertisements are not supported yet; this one announces nothing",
            "use PodCIDR or Service advertisements");
  }

  private Offer services(
      String advertisement, Advertisement item, OfferedAttributes attributes, Place place)
      throws Unusable {
    var service = item.service();
    if (service == null) {
      throw place
          .at("service")
          .unusable(
              "it is not set; this advertisement announces nothing",
              "list the address types in service.addresses");
    }
    if (service.aggregationLengthIPv4() != null || service.aggregationLengthIPv6() != null) {
      problems.add(
          place
              .at("service")
              .problem(
                  "aggregation is not supported yet; each address is announced by itself",
                  "remove the aggregation length, or expect host routes"));
    }
    if (item.selector() == null) {
      problems.add(
          place
              .at("selector")
              .problem(
                  "it is not set, which selects no Service; this advertisement announces nothing",
                  "write 'selector: {}' for all Services, or the labels of those to announce"));
    }
    Set<AddressType> addresses =
        service.addresses().stream()
            .map(address ->
                switch (address) {
                  case LOAD_BALANCER_IP -> AddressType.LOAD_BALANCER_IP;
                  case CLUSTER_IP -> AddressType.CLUSTER_IP;
                  case EXTERNAL_IP -> AddressType.EXTERNAL_IP;
                })
            .collect(Collectors.toSet());
    return new Offer.Services(advertisement, attributes, addresses, item.selector());
  }
}
