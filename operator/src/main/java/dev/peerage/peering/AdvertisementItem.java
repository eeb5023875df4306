package dev.peerage.peering;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.crd.v2.LabelSelector;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An entry of {@code spec.advertisements} of a CiliumBGPAdvertisement, with its values checked. */
public sealed interface AdvertisementItem {
  /** The CiliumBGPAdvertisement's name. */
  String advertisement();

  /** The attributes it asks for. */
  AdvertisementAttributes attributes();

  /** The advertisements' names, sorted, each once. */
  static List<String> names(Collection<? extends AdvertisementItem> items) {
    return items.stream().map(AdvertisementItem::advertisement).distinct().sorted().toList();
  }

  /** An item that chooses objects by their labels. */
  sealed interface Selecting extends AdvertisementItem {
    /** The selector; null selects nothing. */
    @Nullable LabelSelector selector();

    /** Whether an object with these labels is meant. */
    default boolean selects(Map<String, String> labels) {
      LabelSelector selector = selector();
      return selector != null && selector.matches(labels);
    }
  }

  /** The node's PodCIDRs. */
  record PodCidrs(String advertisement, AdvertisementAttributes attributes)
      implements AdvertisementItem {}

  /** The addresses of an interface. */
  record Interfaces(String advertisement, AdvertisementAttributes attributes, String name)
      implements AdvertisementItem {}

  /** The node's CIDRs of selected CiliumPodIPPools. */
  record Pools(
      String advertisement, AdvertisementAttributes attributes, @Nullable LabelSelector selector)
      implements Selecting {}

  /**
   * Addresses of selected Services.
   *
   * @param lengths of the families whose addresses are announced as wider prefixes
   */
  record Services(
      String advertisement,
      AdvertisementAttributes attributes,
      Set<AddressType> addresses,
      Map<AddressFamily, Integer> lengths,
      @Nullable LabelSelector selector)
      implements Selecting {
    public Services {
      addresses = Set.copyOf(addresses);
      lengths = Map.copyOf(lengths);
    }

    /** The length of the prefixes that it announces. */
    public int length(AddressFamily family) {
      return lengths.getOrDefault(family, family.maxLength());
    }
  }
}
