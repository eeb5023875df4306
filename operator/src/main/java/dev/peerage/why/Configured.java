package dev.peerage.why;

import dev.peerage.announce.Decision.Subject;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.crd.v2.Afi;
import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPAdvertisementSpec.Advertisement;
import dev.peerage.crd.v2.CiliumBGPAdvertisementSpec.ServiceAddress;
import dev.peerage.crd.v2.CiliumBGPAdvertisementSpec.Type;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigSpec.Peer;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfigSpec.Family;
import dev.peerage.crd.v2.LabelSelector;
import dev.peerage.crd.v2.PeerConfigRef;
import dev.peerage.crd.v2.Safi;
import dev.peerage.peering.AddressType;
import dev.peerage.peering.NodeSnapshot;
import dev.peerage.peering.Problem.ObjectRef;
import dev.peerage.peering.Resolution;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds in the objects of a node what a reason is about. */
final class Configured {
  private final Optional<NodeSnapshot> objects;

  /** What the plan was made of; empty where that is not known. */
  Configured(Optional<NodeSnapshot> objects) {
    this.objects = objects;
  }

  /** The object that names the peers, as somebody edits it. */
  Optional<ObjectRef> author() {
    return nodeConfigs().map(Resolution::author).findFirst();
  }

  private Stream<CiliumBGPNodeConfig> nodeConfigs() {
    return objects.stream().flatMap(each -> each.nodeConfigs().stream());
  }

  /** The peer's peer config, if it has one that exists. */
  Optional<CiliumBGPPeerConfig> peerConfig(String instance, String peer) {
    Optional<String> name =
        nodeConfigs()
            .flatMap(config -> config.getSpec().bgpInstances().stream())
            .filter(each -> each.name().equals(instance))
            .flatMap(each -> each.peers().stream())
            .filter(each -> each.name().equals(peer))
            .map(Peer::peerConfigRef)
            .filter(Objects::nonNull)
            .map(PeerConfigRef::name)
            .findFirst();
    return name.flatMap(wanted ->
        objects.stream()
            .flatMap(each -> each.peerConfigs().stream())
            .filter(config -> config.getMetadata().getName().equals(wanted))
            .findFirst());
  }

  /** The families of a peer config, as text. */
  static String families(CiliumBGPPeerConfig config) {
    return config.getSpec().families().isEmpty()
        ? "none"
        : config.getSpec().families().stream()
            .map(each -> (each.afi() + "/" + each.safi()).toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
  }

  /** The advertisements with these names that are about such a subject, entry by entry. */
  Stream<Entry> entries(List<String> names, Subject subject) {
    return entries(subject).filter(each -> names.contains(each.advertisement()));
  }

  /** All entries of advertisements that are about such a subject. */
  Stream<Entry> entries(Subject subject) {
    return objects.stream()
        .flatMap(each -> each.advertisements().stream())
        .flatMap(advertisement ->
            advertisement.getSpec().advertisements().stream()
                .filter(each -> isAbout(each, subject))
                .map(each ->
                    new Entry(
                        advertisement.getMetadata().getName(),
                        labels(advertisement),
                        Optional.ofNullable(each.selector()))));
  }

  /**
   * An entry of {@code spec.advertisements}.
   *
   * @param labels the advertisement's
   * @param selector of the entry
   */
  record Entry(String advertisement, Map<String, String> labels, Optional<LabelSelector> selector) {
    boolean selects(Map<String, String> objects) {
      return selector.filter(each -> each.matches(objects)).isPresent();
    }
  }

  private static Map<String, String> labels(CiliumBGPAdvertisement advertisement) {
    return Objects.requireNonNullElse(advertisement.getMetadata().getLabels(), Map.of());
  }

  private static boolean isAbout(Advertisement entry, Subject subject) {
    return switch (subject) {
      case Subject.PodCidr() -> entry.advertisementType() == Type.POD_CIDR;
      case Subject.PodPool(String _) -> entry.advertisementType() == Type.CILIUM_POD_IP_POOL;
      case Subject.Interface(String name) ->
          entry.advertisementType() == Type.INTERFACE
              && entry.iface() != null
              && entry.iface().name().equals(name);
      case Subject.ServiceAddress(String _, String _, AddressType type) ->
          entry.advertisementType() == Type.SERVICE
              && entry.service() != null
              && entry.service().addresses().contains(address(type));
    };
  }

  private static ServiceAddress address(AddressType type) {
    return switch (type) {
      case LOAD_BALANCER_IP -> ServiceAddress.LOAD_BALANCER_IP;
      case CLUSTER_IP -> ServiceAddress.CLUSTER_IP;
      case EXTERNAL_IP -> ServiceAddress.EXTERNAL_IP;
    };
  }

  /** The selectors with which a peer config's families choose advertisements. */
  static List<LabelSelector> selectors(CiliumBGPPeerConfig config, Optional<AddressFamily> family) {
    return config.getSpec().families().stream()
        .filter(each -> family.isEmpty() || isOf(each, family.get()))
        .flatMap(each -> Stream.ofNullable(each.advertisements()))
        .toList();
  }

  private static boolean isOf(Family entry, AddressFamily family) {
    return entry.safi() == Safi.UNICAST
        && entry.afi()
            == switch (family) {
              case IPV4_UNICAST -> Afi.IPV4;
              case IPV6_UNICAST -> Afi.IPV6;
            };
  }
}
