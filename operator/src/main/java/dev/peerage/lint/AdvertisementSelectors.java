package dev.peerage.lint;

import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPAdvertisementSpec;
import dev.peerage.crd.v2.LabelSelector;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What advertisements ask of labels, in words. */
final class AdvertisementSelectors {
  private static final int NAMED = 3;

  private AdvertisementSelectors() {}

  /** For example {@code vips wants app In [webpod]}, of the first three. */
  static String words(List<String> names, Map<String, CiliumBGPAdvertisement> advertisements) {
    String some =
        names.stream()
            .limit(NAMED)
            .map(name -> name + " wants " + wants(advertisements.get(name)))
            .collect(Collectors.joining(", "));
    return some + (names.size() > NAMED ? " and %d more".formatted(names.size() - NAMED) : "");
  }

  private static String wants(@Nullable CiliumBGPAdvertisement advertisement) {
    if (advertisement == null) {
      return "other labels";
    }
    String wants =
        advertisement.getSpec().advertisements().stream()
            .map(CiliumBGPAdvertisementSpec.Advertisement::selector)
            .filter(Objects::nonNull)
            .map(AdvertisementSelectors::words)
            .distinct()
            .collect(Collectors.joining(" or "));
    return wants.isEmpty() ? "other labels" : wants;
  }

  private static String words(LabelSelector selector) {
    return Stream.concat(
            selector.matchLabels().entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue()),
            selector.matchExpressions().stream().map(AdvertisementSelectors::words))
        .collect(Collectors.joining(" and "));
  }

  private static String words(LabelSelector.Requirement requirement) {
    String values = requirement.values().isEmpty() ? "" : " " + requirement.values();
    return switch (requirement.operator()) {
      case IN -> requirement.key() + " In" + values;
      case NOT_IN -> requirement.key() + " NotIn" + values;
      case EXISTS -> requirement.key();
      case DOES_NOT_EXIST -> "no " + requirement.key();
    };
  }
}
