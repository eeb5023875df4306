package dev.peerage.peering;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfigSpec;
import dev.peerage.crd.v2.CiliumBGPPeerConfigSpec.Family;
import dev.peerage.crd.v2.LabelSelector;
import dev.peerage.crd.v2.Safi;
import dev.peerage.peering.Problem.ObjectRef;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the advertisements that a peer config's families select. */
public final class SelectedAdvertisements {
  static final Map<AddressFamily, List<AdvertisementItem>> NONE =
      Map.of(AddressFamily.IPV4_UNICAST, List.of(), AddressFamily.IPV6_UNICAST, List.of());

  private final List<CiliumBGPAdvertisement> advertisements;
  private final Collection<Problem> problems;
  private final Map<String, List<AdvertisementItem>> read = new HashMap<>();

  SelectedAdvertisements(
      List<CiliumBGPAdvertisement> advertisements, Collection<Problem> problems) {
    this.advertisements =
        advertisements.stream()
            .sorted(Comparator.comparing(advertisement -> advertisement.getMetadata().getName()))
            .toList();
    this.problems = problems;
  }

  /**
   * The items per family. Without families both are negotiated and nothing is selected. Throws
   * {@link InvalidFieldException} when the peer config names only families that cannot be carried.
   */
  Map<AddressFamily, List<AdvertisementItem>> of(CiliumBGPPeerConfigSpec spec, FieldPath path)
      throws InvalidFieldException {
    return of(spec, path, problems);
  }

  /**
   * The same, where what is wrong with the spec goes elsewhere than what is wrong with the items.
   */
  Map<AddressFamily, List<AdvertisementItem>> of(
      CiliumBGPPeerConfigSpec spec, FieldPath path, Collection<Problem> ofSpec)
      throws InvalidFieldException {
    if (spec.families().isEmpty()) {
      ofSpec.add(
          path.at("families")
              .problem(
                  "no family is given; ipv4/unicast and ipv6/unicast are negotiated and nothing is"
                      + " announced",
                  "list the families, each with the labels of its advertisements"));
      return NONE;
    }
    Map<AddressFamily, Set<AdvertisementItem>> selected = new EnumMap<>(AddressFamily.class);
    for (Family entry : spec.families()) {
      Optional<AddressFamily> family = family(entry);
      if (family.isEmpty()) {
        ofSpec.add(
            path.at("families")
                .problem(
                    (entry.afi() + "/" + entry.safi()).toLowerCase(Locale.ROOT)
                        + " is not supported and is ignored",
                    "use ipv4/unicast and ipv6/unicast"));
      } else {
        if (entry.advertisements() == null) {
          ofSpec.add(
              path.entry("families", family.get().toString())
                  .at("advertisements")
                  .problem(
                      "it is not set, which selects no CiliumBGPAdvertisement; nothing is"
                          + " announced in this family",
                      "write 'advertisements: {}' for all of them, or their labels"));
        }
        selected
            .computeIfAbsent(family.get(), _ -> new LinkedHashSet<>())
            .addAll(selectedBy(entry.advertisements()));
      }
    }
    if (selected.isEmpty()) {
      throw path.at("families")
          .invalid(
              "no family is left",
              "the peers that use it are not configured",
              "list ipv4/unicast or ipv6/unicast");
    }
    return selected.entrySet().stream()
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

  private List<AdvertisementItem> selectedBy(@Nullable LabelSelector selector) {
    if (selector == null) {
      return List.of();
    }
    return advertisements.stream()
        .filter(advertisement -> selector.matches(labels(advertisement)))
        .flatMap(advertisement ->
            read
                .computeIfAbsent(
                    advertisement.getMetadata().getName(),
                    _ -> AdvertisementReader.of(advertisement, problems))
                .stream())
        .toList();
  }

  private static Map<String, String> labels(CiliumBGPAdvertisement advertisement) {
    return Objects.requireNonNullElse(advertisement.getMetadata().getLabels(), Map.of());
  }

  /** What a peer config selects per family, whatever is wrong with it. */
  public static Map<AddressFamily, List<AdvertisementItem>> of(
      CiliumBGPPeerConfig config, List<CiliumBGPAdvertisement> advertisements) {
    try {
      return new SelectedAdvertisements(advertisements, new ArrayList<>())
          .of(
              config.getSpec(),
              new FieldPath(
                  ObjectRef.ofCluster("CiliumBGPPeerConfig", config.getMetadata().getName()),
                  "spec"));
    } catch (InvalidFieldException _) {
      return Map.of();
    }
  }

  /** Tells of the advertisements whose labels no family of any peer config selects. */
  public static List<Problem> unmatched(
      List<CiliumBGPAdvertisement> advertisements, List<CiliumBGPPeerConfig> peerConfigs) {
    List<LabelSelector> selectors =
        peerConfigs.stream()
            .flatMap(config -> config.getSpec().families().stream())
            .flatMap(family -> Stream.ofNullable(family.advertisements()))
            .distinct()
            .toList();
    return advertisements.stream()
        .filter(advertisement ->
            selectors.stream().noneMatch(selector -> selector.matches(labels(advertisement))))
        .sorted(Comparator.comparing(advertisement -> advertisement.getMetadata().getName()))
        .map(advertisement ->
            AdvertisementReader.path(advertisement)
                .at("metadata.labels")
                .problem(
                    "no family of any CiliumBGPPeerConfig selects them; this advertisement"
                        + " announces nothing",
                    "give it a label that families[].advertisements of a peer config selects"))
        .toList();
  }
}
