package dev.peerage.peering;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPAdvertisementSpec.Advertisement;
import dev.peerage.crd.v2.CiliumBGPAdvertisementSpec.Service;
import dev.peerage.peering.Problem.ObjectRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the items of an advertisement. */
final class ReadAdvertisement {
  private static final String NOTHING = "; this advertisement announces nothing";

  private final String name;
  private final Collection<Problem> problems;

  private ReadAdvertisement(String name, Collection<Problem> problems) {
    this.name = name;
    this.problems = problems;
  }

  /** The items that can be used; what keeps others from it is added to the problems. */
  static List<Offer> of(CiliumBGPAdvertisement advertisement, Collection<Problem> problems) {
    String name = advertisement.getMetadata().getName();
    ReadAdvertisement read = new ReadAdvertisement(name, problems);
    Place spec = place(advertisement).at("spec");
    List<Advertisement> items = advertisement.getSpec().advertisements();
    if (items.isEmpty()) {
      problems.add(
          spec.at("advertisements")
              .problem("it is empty" + NOTHING, "list what to announce, or delete the object"));
    }
    List<Offer> offers = new ArrayList<>();
    int index = 0;
    for (Advertisement item : items) {
      Place place = spec.entry("advertisements", String.valueOf(index++));
      try {
        offers.add(read.offer(item, place));
      } catch (Unusable e) {
        problems.add(e.problem());
      }
    }
    return List.copyOf(offers);
  }

  static Place place(CiliumBGPAdvertisement advertisement) {
    return new Place(
        ObjectRef.ofCluster("CiliumBGPAdvertisement", advertisement.getMetadata().getName()), "");
  }

  private Offer offer(Advertisement item, Place place) throws Unusable {
    OfferedAttributes attributes =
        item.attributes() == null
            ? OfferedAttributes.NONE
            : ReadAttributes.of(item.attributes(), place.at("attributes"));
    return switch (item.advertisementType()) {
      case POD_CIDR -> new Offer.PodCidrs(name, attributes);
      case SERVICE -> services(item, attributes, place);
      case CILIUM_POD_IP_POOL -> {
        checkSelector(item, "CiliumPodIPPool", place);
        yield new Offer.Pools(name, attributes, item.selector());
      }
      case INTERFACE -> interfaces(item, attributes, place);
    };
  }

  private Offer interfaces(Advertisement item, OfferedAttributes attributes, Place place)
      throws Unusable {
    if (item.iface() == null || item.iface().name().isEmpty()) {
      throw place
          .at("interface.name")
          .unusable("it is not set" + NOTHING, "name the interface, for example lo");
    }
    return new Offer.Interfaces(name, attributes, item.iface().name());
  }

  private Offer services(Advertisement item, OfferedAttributes attributes, Place place)
      throws Unusable {
    Service service = item.service();
    if (service == null || service.addresses().isEmpty()) {
      throw place
          .at("service.addresses")
          .unusable(
              "no address type is given" + NOTHING,
              "list LoadBalancerIP, ClusterIP or ExternalIP there");
    }
    checkSelector(item, "Service", place);
    return new Offer.Services(
        name,
        attributes,
        service.addresses().stream().map(ReadAdvertisement::type).collect(Collectors.toSet()),
        lengths(service, place.at("service")),
        item.selector());
  }

  private static AddressType type(
      dev.peerage.crd.v2.CiliumBGPAdvertisementSpec.ServiceAddress address) {
    return switch (address) {
      case LOAD_BALANCER_IP -> AddressType.LOAD_BALANCER_IP;
      case CLUSTER_IP -> AddressType.CLUSTER_IP;
      case EXTERNAL_IP -> AddressType.EXTERNAL_IP;
    };
  }

  private Map<AddressFamily, Integer> lengths(Service service, Place place) {
    Map<AddressFamily, Integer> lengths = new EnumMap<>(AddressFamily.class);
    length(service.aggregationLengthIPv4(), AddressFamily.IPV4_UNICAST, place, lengths);
    length(service.aggregationLengthIPv6(), AddressFamily.IPV6_UNICAST, place, lengths);
    return lengths;
  }

  /** A length of 0 would be a default route into the cluster, which hardly anybody means. */
  private void length(
      @Nullable Integer length,
      AddressFamily family,
      Place place,
      Map<AddressFamily, Integer> lengths) {
    if (length == null) {
      return;
    }
    if (length > 0 && length < family.maxLength()) {
      lengths.put(family, length);
      return;
    }
    String field =
        switch (family) {
          case IPV4_UNICAST -> "aggregationLengthIPv4";
          case IPV6_UNICAST -> "aggregationLengthIPv6";
        };
    problems.add(
        place
            .at(field)
            .problem(
                length + " does not aggregate; each address is announced by itself",
                "use a length in 1.." + (family.maxLength() - 1) + ", or leave the field out"));
  }

  private void checkSelector(Advertisement item, String kind, Place place) {
    if (item.selector() == null) {
      problems.add(
          place
              .at("selector")
              .problem(
                  "it is not set, which selects no " + kind + NOTHING,
                  "write 'selector: {}' for all of them, or the labels of those to announce"));
    }
  }
}
