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

/** Reads a CiliumBGPAdvertisement into its items. */
record AdvertisementReader(String name, Collection<Problem> problems) {
  private static final String NOTHING = "this advertisement announces nothing";

  /** The items that can be used; what keeps others from it is added to the problems. */
  static List<AdvertisementItem> of(
      CiliumBGPAdvertisement advertisement, Collection<Problem> problems) {
    String name = advertisement.getMetadata().getName();
    var read = new AdvertisementReader(name, problems);
    FieldPath spec = path(advertisement).at("spec");
    List<Advertisement> written = advertisement.getSpec().advertisements();
    if (written.isEmpty()) {
      problems.add(
          spec.at("advertisements")
              .problem("it is empty; " + NOTHING, "list what to announce, or delete the object"));
    }
    List<AdvertisementItem> items = new ArrayList<>();
    int index = 0;
    for (Advertisement item : written) {
      FieldPath path = spec.entry("advertisements", String.valueOf(index++));
      try {
        items.add(read.item(item, path));
      } catch (InvalidFieldException e) {
        problems.add(e.problem());
      }
    }
    return List.copyOf(items);
  }

  static FieldPath path(CiliumBGPAdvertisement advertisement) {
    return new FieldPath(
        ObjectRef.ofCluster("CiliumBGPAdvertisement", advertisement.getMetadata().getName()), "");
  }

  private AdvertisementItem item(Advertisement item, FieldPath path) throws InvalidFieldException {
    AdvertisementAttributes attributes =
        item.attributes() == null
            ? AdvertisementAttributes.NONE
            : AdvertisementAttributes.of(item.attributes(), path.at("attributes"));
    return switch (item.advertisementType()) {
      case POD_CIDR -> new AdvertisementItem.PodCidrs(name, attributes);
      case SERVICE -> services(item, attributes, path);
      case CILIUM_POD_IP_POOL -> {
        checkSelector(item, "CiliumPodIPPool", path);
        yield new AdvertisementItem.Pools(name, attributes, item.selector());
      }
      case INTERFACE -> interfaces(item, attributes, path);
    };
  }

  private AdvertisementItem interfaces(
      Advertisement item, AdvertisementAttributes attributes, FieldPath path)
      throws InvalidFieldException {
    if (item.iface() == null || item.iface().name().isEmpty()) {
      throw path.at("interface.name")
          .invalid("it is not set", NOTHING, "name the interface, for example lo");
    }
    return new AdvertisementItem.Interfaces(name, attributes, item.iface().name());
  }

  private AdvertisementItem services(
      Advertisement item, AdvertisementAttributes attributes, FieldPath path)
      throws InvalidFieldException {
    Service service = item.service();
    if (service == null || service.addresses().isEmpty()) {
      throw path.at("service.addresses")
          .invalid(
              "no address type is given",
              NOTHING,
              "list LoadBalancerIP, ClusterIP or ExternalIP there");
    }
    checkSelector(item, "Service", path);
    return new AdvertisementItem.Services(
        name,
        attributes,
        service.addresses().stream().map(AdvertisementReader::type).collect(Collectors.toSet()),
        lengths(service, path.at("service")),
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

  private Map<AddressFamily, Integer> lengths(Service service, FieldPath path) {
    Map<AddressFamily, Integer> lengths = new EnumMap<>(AddressFamily.class);
    length(service.aggregationLengthIPv4(), AddressFamily.IPV4_UNICAST, path, lengths);
    length(service.aggregationLengthIPv6(), AddressFamily.IPV6_UNICAST, path, lengths);
    return lengths;
  }

  /** A length of 0 would be a default route into the cluster, which hardly anybody means. */
  private void length(
      @Nullable Integer length,
      AddressFamily family,
      FieldPath path,
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
        path.at(field)
            .problem(
                length + " does not aggregate; each address is announced by itself",
                "use a length in 1.." + (family.maxLength() - 1) + ", or leave the field out"));
  }

  private void checkSelector(Advertisement item, String kind, FieldPath path) {
    if (item.selector() == null) {
      problems.add(
          path.at("selector")
              .problem(
                  "it is not set, which selects no " + kind + "; " + NOTHING,
                  "write 'selector: {}' for all of them, or the labels of those to announce"));
    }
  }
}
