package dev.peerage.node;

import dev.peerage.crd.v2.LabelSelector;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An item of a CiliumBGPAdvertisement that a family of a peer selects by the object's labels. */
sealed interface Offer {
  /** The CiliumBGPAdvertisement's name. */
  String advertisement();

  /** The attributes it asks for. */
  OfferedAttributes attributes();

  /** The advertisements' names, sorted, each once. */
  static List<String> names(List<? extends Offer> offers) {
    return offers.stream().map(Offer::advertisement).distinct().sorted().toList();
  }

  /** The node's PodCIDRs. */
  record PodCidrs(String advertisement, OfferedAttributes attributes) implements Offer {}

  /** Addresses of selected Services. */
  record Services(
      String advertisement,
      OfferedAttributes attributes,
      Set<Decision.AddressType> addresses,
      @Nullable LabelSelector selector)
      implements Offer {
    public Services {
      addresses = Set.copyOf(addresses);
    }

    /** Whether a Service with these labels is meant; without selector none is. */
    boolean selects(Map<String, String> labels) {
      return selector != null && selector.matches(labels);
    }
  }
}
