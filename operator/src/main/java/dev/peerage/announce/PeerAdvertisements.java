package dev.peerage.announce;

import dev.peerage.announce.Decision.Announcement;
import dev.peerage.announce.Decision.Outcome;
import dev.peerage.announce.Decision.Subject;
import dev.peerage.bgp.export.ExportStatement.Attributes;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.peering.AddressType;
import dev.peerage.peering.AdvertisementAttributes;
import dev.peerage.peering.AdvertisementItem;
import dev.peerage.peering.NodeSettings;
import dev.peerage.peering.ResolvedInstance;
import dev.peerage.peering.ResolvedInstance.ResolvedPeer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The advertisements that reach each of some peers, and what follows from them for a route of the
 * node. Not thread-safe.
 */
final class PeerAdvertisements {
  private static final Outcome NO_PEER_CONFIG = new Outcome.NoPeerConfig();
  private static final Outcome FAMILY_NOT_CONFIGURED = new Outcome.FamilyNotConfigured();

  private final List<OfPeer> peers;
  private final Set<String> interfaces = new TreeSet<>();

  private PeerAdvertisements(List<OfPeer> peers) {
    this.peers = peers;
    peers.forEach(peer -> interfaces.addAll(peer.all.interfaces.keySet()));
  }

  static PeerAdvertisements of(List<ResolvedInstance> instances, NodeSettings settings) {
    return new PeerAdvertisements(
        instances.stream()
            .flatMap(instance ->
                instance.peers().stream().map(peer -> OfPeer.of(instance.name(), peer, settings)))
            .toList());
  }

  /** Those of peers of which only their peer configs are known. */
  static PeerAdvertisements ofPeerConfigs(
      List<Map<AddressFamily, List<AdvertisementItem>>> peerConfigs, NodeSettings settings) {
    return new PeerAdvertisements(
        peerConfigs.stream().map(each -> OfPeer.of("", "", true, each, settings)).toList());
  }

  /** The interfaces that any of them names, sorted. */
  Set<String> interfaces() {
    return interfaces;
  }

  /** Whether any of them is for PodCIDRs. */
  boolean wantPodCidrs() {
    return peers.stream().anyMatch(peer -> !peer.all.podCidrs.isEmpty());
  }

  /**
   * Decides for every peer about the routes of one object.
   *
   * @param labels the object's, which selectors are matched with
   */
  List<Decision> decide(List<LocalRoute> routes, Map<String, String> labels) {
    List<Decision> decisions = new ArrayList<>(peers.size() * routes.size());
    for (OfPeer peer : peers) {
      for (LocalRoute route : routes) {
        decisions.add(
            new Decision(
                peer.instance,
                peer.name,
                route.subject(),
                route.prefix(),
                peer.outcome(route, labels)));
      }
    }
    return decisions;
  }

  /**
   * Those of one peer.
   *
   * @param families by the route's family
   * @param all for a route without prefix, which has no family
   */
  private record OfPeer(
      String instance,
      String name,
      boolean hasConfig,
      Map<AddressFamily, ByKind> families,
      ByKind all) {
    static OfPeer of(String instance, ResolvedPeer peer, NodeSettings settings) {
      return of(instance, peer.name(), peer.hasConfig(), peer.advertisements(), settings);
    }

    static OfPeer of(
        String instance,
        String name,
        boolean hasConfig,
        Map<AddressFamily, List<AdvertisementItem>> advertisements,
        NodeSettings settings) {
      Map<AddressFamily, ByKind> families = new EnumMap<>(AddressFamily.class);
      advertisements.forEach((family, items) -> families.put(family, ByKind.of(items, settings)));
      List<AdvertisementItem> all =
          advertisements.values().stream().flatMap(List::stream).distinct().toList();
      return new OfPeer(instance, name, hasConfig, families, ByKind.of(all, settings));
    }

    Outcome outcome(LocalRoute route, Map<String, String> labels) {
      if (!hasConfig) {
        return NO_PEER_CONFIG;
      }
      Optional<ByKind> kinds =
          route.prefix().isEmpty()
              ? Optional.of(all)
              : Optional.ofNullable(families.get(route.prefix().get().family()));
      return kinds
          .map(each -> each.of(route.subject()).outcome(route, labels))
          .orElse(FAMILY_NOT_CONFIGURED);
    }
  }

  /** Items by the kind of object that they advertise. */
  private record ByKind(
      Items podCidrs,
      Items pools,
      Map<String, Items> interfaces,
      Map<AddressType, Items> services) {
    private static final Items NONE = new Items(List.of(), Origin.IGP);

    static ByKind of(List<AdvertisementItem> items, NodeSettings settings) {
      Map<AddressType, Items> services = new EnumMap<>(AddressType.class);
      for (AddressType type : AddressType.values()) {
        services.put(
            type,
            new Items(
                where(
                    items,
                    AdvertisementItem.Services.class,
                    each -> each.addresses().contains(type)),
                origin(type, settings)));
      }
      return new ByKind(
          igp(where(items, AdvertisementItem.PodCidrs.class, _ -> true)),
          igp(where(items, AdvertisementItem.Pools.class, _ -> true)),
          where(items, AdvertisementItem.Interfaces.class, _ -> true).stream()
              .collect(
                  Collectors.groupingBy(
                      AdvertisementItem.Interfaces::name,
                      Collectors.collectingAndThen(Collectors.toList(), ByKind::igp))),
          services);
    }

    private static Items igp(List<? extends AdvertisementItem> items) {
      return new Items(items, Origin.IGP);
    }

    private static Origin origin(AddressType type, NodeSettings settings) {
      return switch (type) {
        case LOAD_BALANCER_IP -> settings.legacyOrigin() ? Origin.INCOMPLETE : Origin.IGP;
        case CLUSTER_IP, EXTERNAL_IP -> Origin.IGP;
      };
    }

    private static <T extends AdvertisementItem> List<T> where(
        List<AdvertisementItem> items, Class<T> kind, Predicate<T> condition) {
      return items.stream().filter(kind::isInstance).map(kind::cast).filter(condition).toList();
    }

    Items of(Subject subject) {
      return switch (subject) {
        case Subject.PodCidr() -> podCidrs;
        case Subject.PodPool(String _) -> pools;
        case Subject.Interface(String name) -> interfaces.getOrDefault(name, NONE);
        case Subject.ServiceAddress(String _, String _, AddressType type) ->
            services.getOrDefault(type, NONE);
      };
    }
  }

  /**
   * The items of one kind for one family of a peer. Most objects are selected by the same few of
   * them, so that what a combination of items announces is computed once and kept.
   */
  private static final class Items {
    private final List<AdvertisementItem> items;
    private final Origin origin;
    private final Outcome notSelected;
    private final Map<Combination, List<Terms>> terms = new HashMap<>();

    Items(List<? extends AdvertisementItem> items, Origin origin) {
      this.items = List.copyOf(items);
      this.origin = origin;
      this.notSelected = notSelected(items);
    }

    private static Outcome notSelected(List<? extends AdvertisementItem> items) {
      if (items.isEmpty()) {
        return new Outcome.NoAdvertisement();
      }
      return items.stream().allMatch(Items::lacksSelector)
          ? new Outcome.SelectorMissing(AdvertisementItem.names(items))
          : new Outcome.NotSelected(AdvertisementItem.names(items));
    }

    private static boolean lacksSelector(AdvertisementItem item) {
      return item instanceof AdvertisementItem.Selecting selecting && selecting.selector() == null;
    }

    boolean isEmpty() {
      return items.isEmpty();
    }

    Outcome outcome(LocalRoute route, Map<String, String> labels) {
      BitSet selecting = selecting(labels);
      if (selecting.isEmpty()) {
        return notSelected;
      }
      Optional<Prefix> prefix = route.prefix();
      if (route.withheld().isPresent() || prefix.isEmpty()) {
        return route.withheld().orElse(notSelected);
      }
      Prefix own = prefix.get();
      var combination = new Combination(selecting, route.exact(), own.family());
      return new Outcome.Announced(
          terms.computeIfAbsent(combination, this::merge).stream()
              .map(each -> each.announce(own))
              .toList());
    }

    private BitSet selecting(Map<String, String> labels) {
      var selecting = new BitSet(items.size());
      for (int i = 0; i < items.size(); i++) {
        selecting.set(
            i, !(items.get(i) instanceof AdvertisementItem.Selecting each) || each.selects(labels));
      }
      return selecting;
    }

    /** Items that lead to the same prefix are merged; prefixes of different lengths stay apart. */
    private List<Terms> merge(Combination combination) {
      Map<Integer, List<AdvertisementItem>> byLength = new TreeMap<>(Comparator.reverseOrder());
      combination.items.stream()
          .mapToObj(items::get)
          .forEach(item ->
              byLength
                  .computeIfAbsent(length(item, combination), _ -> new ArrayList<>())
                  .add(item));
      return byLength.entrySet().stream()
          .map(each ->
              new Terms(
                  each.getKey(),
                  AdvertisementAttributes.merged(each.getValue()).onExport(origin),
                  AdvertisementItem.names(each.getValue())))
          .toList();
    }

    private static int length(AdvertisementItem item, Combination combination) {
      return item instanceof AdvertisementItem.Services services && !combination.exact
          ? services.length(combination.family)
          : combination.family.maxLength();
    }
  }

  /**
   * Items that apply together.
   *
   * @param items their indexes in the list
   * @param exact whether aggregation is left out
   */
  private record Combination(BitSet items, boolean exact, AddressFamily family) {}

  /** What a combination of items announces: prefixes of at most this length, with attributes. */
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
