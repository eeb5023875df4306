package dev.peerage.announce;

import dev.peerage.announce.Decision.Announcement;
import dev.peerage.announce.Decision.Outcome;
import dev.peerage.bgp.export.ExportStatement.Attributes;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.peering.Offer;
import dev.peerage.peering.OfferedAttributes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The items of one kind that one family of a peer is offered. Remembers what combinations of them
 * amount to, since most objects are selected by the same few. Not thread-safe.
 */
final class Candidates {
  private final List<Offer> offers;
  private final Origin origin;
  private final Outcome otherwise;
  private final Map<Combination, List<Terms>> terms = new HashMap<>();

  Candidates(List<? extends Offer> offers, Origin origin) {
    this.offers = List.copyOf(offers);
    this.origin = origin;
    this.otherwise = otherwise(offers);
  }

  private static Outcome otherwise(List<? extends Offer> offers) {
    if (offers.isEmpty()) {
      return new Outcome.NoAdvertisement();
    }
    return offers.stream().allMatch(Candidates::lacksSelector)
        ? new Outcome.SelectorMissing(Offer.names(offers))
        : new Outcome.NotSelected(Offer.names(offers));
  }

  private static boolean lacksSelector(Offer offer) {
    return offer instanceof Offer.Selecting selecting && selecting.selector() == null;
  }

  boolean isEmpty() {
    return offers.isEmpty();
  }

  /** The outcome for something that could be announced, of an object with these labels. */
  Outcome outcome(Prospect prospect, Map<String, String> labels) {
    BitSet selecting = selecting(labels);
    if (selecting.isEmpty()) {
      return otherwise;
    }
    Optional<Prefix> prefix = prospect.prefix();
    if (prospect.against().isPresent() || prefix.isEmpty()) {
      return prospect.against().orElse(otherwise);
    }
    Prefix own = prefix.get();
    Combination combination = new Combination(selecting, prospect.exact(), own.family());
    return new Outcome.Announced(
        terms.computeIfAbsent(combination, this::merge).stream()
            .map(each -> each.announce(own))
            .toList());
  }

  private BitSet selecting(Map<String, String> labels) {
    BitSet selecting = new BitSet(offers.size());
    for (int i = 0; i < offers.size(); i++) {
      selecting.set(i, !(offers.get(i) instanceof Offer.Selecting each) || each.selects(labels));
    }
    return selecting;
  }

  /** Offers that lead to the same prefix are merged; prefixes of different lengths stay apart. */
  private List<Terms> merge(Combination combination) {
    Map<Integer, List<Offer>> byLength = new TreeMap<>(Comparator.reverseOrder());
    combination.offers.stream()
        .mapToObj(offers::get)
        .forEach(offer ->
            byLength
                .computeIfAbsent(length(offer, combination), _ -> new ArrayList<>())
                .add(offer));
    return byLength.entrySet().stream()
        .map(each ->
            new Terms(
                each.getKey(),
                OfferedAttributes.of(each.getValue()).onExport(origin),
                Offer.names(each.getValue())))
        .toList();
  }

  private static int length(Offer offer, Combination combination) {
    return offer instanceof Offer.Services services && !combination.exact
        ? services.length(combination.family)
        : combination.family.maxLength();
  }

  /**
   * Offers that apply together.
   *
   * @param offers their places in the list
   * @param exact whether aggregation is left out
   */
  private record Combination(BitSet offers, boolean exact, AddressFamily family) {}

  /** What a combination of offers amounts to for prefixes of at most this length. */
  private record Terms(int length, Attributes attributes, List<String> advertisements) {
    Announcement announce(Prefix prefix) {
      return new Announcement(
          length < prefix.length()
              ? new Prefix(prefix.family(), prefix.high(), prefix.low(), length)
              : prefix,
          attributes,
          advertisements);
    }
  }
}
