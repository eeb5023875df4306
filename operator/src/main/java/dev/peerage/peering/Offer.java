package dev.peerage.peering;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.crd.v2.LabelSelector;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An item of a CiliumBGPAdvertisement that a family of a peer selects by the object's labels. */
public sealed interface Offer {
  /** The CiliumBGPAdvertisement's name. */
  String advertisement();

  /** The attributes it asks for. */
  OfferedAttributes attributes();

  /** The advertisements' names, sorted, each once. */
  static List<String> names(Collection<? extends Offer> offers) {
    return offers.stream().map(Offer::advertisement).distinct().sorted().toList();
  }

  /** An item that chooses objects by their labels. */
  sealed interface Selecting extends Offer {
    /** The selector; null selects nothing. */
    @Nullable LabelSelector selector();

    /** Whether an object with these labels is meant. */
    default boolean selects(Map<String, String> labels) {
      LabelSelector selector = selector();
      return selector != null && selector.matches(labels);
    }
  }

  /** The node's PodCIDRs. */
  record PodCidrs(String advertisement, OfferedAttributes attributes) implements Offer {}

  /**
   * The addresses of an interface.
   *
   * @param name the interface's name
   */
  record Interfaces(String advertisement, OfferedAttributes attributes, String name)
      implements Offer {}

  /** The node's CIDRs of selected CiliumPodIPPools. */
  record Pools(String advertisement, OfferedAttributes attributes, @Nullable LabelSelector selector)
      implements Selecting {}

  /**
   * Addresses of selected Services.
   *
   * @param lengths of the families whose addresses are announced as wider prefixes
   */
  record Services(
      String advertisement,
      OfferedAttributes attributes,
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
