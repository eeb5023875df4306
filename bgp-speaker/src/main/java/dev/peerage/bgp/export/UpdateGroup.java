package dev.peerage.bgp.export;

import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Packed;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.UpdatePacker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Peers that are told the same bytes: what they get is decided, kept and encoded once for all of
 * them. Each member goes through the shared pages at its own pace.
 */
final class UpdateGroup {
  private static final Logger LOG = LoggerFactory.getLogger(UpdateGroup.class);

  /** Messages from here on are worth keeping for a member that comes later. */
  private static final int WORTH_KEEPING = 2_048;

  private static final int NAMED_IN_LOG = 10;

  /** Of the prefixes that another policy may judge differently. */
  private static final int MARKED_ONE_BY_ONE = 65_536;

  private final UpdateGroupKey key;
  private final ExportCounters counters;
  private final UpdatePacker packer;
  private final Exporter exporter;
  private final Map<AddressFamily, Shelf> shelves = new EnumMap<>(AddressFamily.class);
  private final List<Outbox> members = new ArrayList<>();
  private boolean wanted;
  private boolean served;

  UpdateGroup(UpdateGroupKey key, long localAsn, ExportPolicy policy, ExportCounters counters) {
    this.key = key;
    this.counters = counters;
    this.packer = new UpdatePacker(key.codec());
    this.exporter = new Exporter(key, localAsn, policy);
    for (AddressFamily family : key.families()) {
      Shelf shelf = new Shelf(family, attributes -> room(family, attributes));
      shelf.allChanged();
      shelves.put(family, shelf);
    }
  }

  private UpdateGroup(UpdateGroup origin, long localAsn, Map<AddressFamily, Shelf> shelves) {
    this.key = origin.key;
    this.counters = origin.counters;
    this.packer = origin.packer;
    this.exporter = new Exporter(key, localAsn, origin.exporter.policy());
    this.shelves.putAll(shelves);
  }

  boolean fits(UpdateGroupKey other, ExportPolicy policy) {
    return key.equals(other) && policy.exportsAs(exporter.policy());
  }

  UpdateGroupKey key() {
    return key;
  }

  ExportPolicy policy() {
    return exporter.policy();
  }

  List<Outbox> members() {
    return members;
  }

  @Nullable Shelf shelf(AddressFamily family) {
    return shelves.get(family);
  }

  Map<AddressFamily, Shelf> shelves() {
    return shelves;
  }

  /**
   * @param learned the path is one that a peer sent, before and now: of no interest where such
   *     paths are never told
   */
  void changed(AddressFamily family, long high, long low, int length, boolean learned) {
    Shelf shelf = shelves.get(family);
    if (shelf != null
        && (!learned || exporter.policy().exportsLearned() || shelf.awaitsEverything())) {
      shelf.changed(high, low, length);
    }
  }

  private void changed(AddressFamily family, long high, long low, int length) {
    changed(family, high, low, length, false);
  }

  /** Looks again at those prefixes only for which the policies can differ. */
  void use(ExportPolicy policy) {
    exporter.use(
        policy,
        new Marker(),
        family -> {
          Shelf shelf = shelves.get(family);
          if (shelf != null) {
            shelf.allChanged();
          }
        });
  }

  /** Marks prefixes one by one; when they are many, all, which costs nothing now. */
  private final class Marker implements PrefixSet.Visitor {
    private int marked;

    @Override
    public void visit(AddressFamily family, long high, long low, int length) {
      if (marked < MARKED_ONE_BY_ONE) {
        marked++;
        changed(family, high, low, length);
      } else if (shelves.get(family) instanceof Shelf shelf) {
        shelf.allChanged();
      }
    }
  }

  /** Some members go their own way, knowing what they were told here. */
  UpdateGroup split(List<Outbox> leavers, long localAsn) {
    Map<AddressFamily, Shelf> copies = new EnumMap<>(AddressFamily.class);
    shelves.forEach((family, shelf) ->
        copies.put(
            family, shelf.split(leavers.stream().map(each -> each.cursor(family)).toList())));
    UpdateGroup group = new UpdateGroup(this, localAsn, copies);
    members.removeAll(leavers);
    group.members.addAll(leavers);
    return group;
  }

  void close() {
    shelves.values().forEach(Shelf::close);
  }

  boolean hasPending() {
    return shelves.values().stream().anyMatch(Shelf::hasPending);
  }

  /** How many prefixes are to be judged, about. */
  int load(BestPaths locRib) {
    int load = 0;
    for (Shelf shelf : shelves.values()) {
      load += shelf.load(locRib);
    }
    return load;
  }

  /**
   * Judges so many prefixes. Members may be told announcements when {@link #isServed} only.
   *
   * @return how many were judged
   */
  int settle(BestPaths locRib, long nowMillis, int limit) {
    served = false;
    int seen = 0;
    for (Shelf shelf : shelves.values()) {
      if (seen < limit && shelf.hasPending()) {
        List<Shelf.Unsendable> unsendable = new ArrayList<>();
        seen += shelf.settle(locRib, exporter, nowMillis, limit - seen, unsendable);
        unsendable.forEach(this::log);
      }
    }
    counters.examined += seen;
    counters.mostAtOnce = Math.max(counters.mostAtOnce, seen);
    if (shelves.values().stream().noneMatch(Shelf::isUnderWay)) {
      served = true;
      wanted = false;
    }
    return seen;
  }

  /** A member wants what has changed; that is too much for one turn. */
  void want() {
    wanted = true;
  }

  boolean isWanted() {
    return wanted;
  }

  /** Whether what was pending when the last batch began is judged, and no other batch began. */
  boolean isServed() {
    return served;
  }

  // RFC 4271 section 9.2: what does not fit into a message is not advertised.
  private void log(Shelf.Unsendable routes) {
    PrefixList prefixes = routes.prefixes();
    List<Prefix> named = prefixes.asList().subList(0, Math.min(NAMED_IN_LOG, prefixes.size()));
    LOG.error(
        "{} routes are not advertised to {}: their path attributes leave no room in a message of"
            + " {} bytes: {}{}",
        prefixes.size(),
        members.stream().map(Outbox::name).limit(NAMED_IN_LOG).toList(),
        key.codec().maxLength(),
        named,
        named.size() < prefixes.size() ? " and more" : "");
  }

  /** The bytes that one UPDATE has for prefixes beside these attributes. */
  private int room(AddressFamily family, PathAttributes attributes) {
    Prefix probe =
        new Prefix(family, family == AddressFamily.IPV4_UNICAST ? 10L << 56 : 0x20L << 56, 0, 8);
    ByteBuf out = Unpooled.buffer(key.codec().maxLength());
    // A long attribute has one octet more in its header than that of the probe.
    return switch (packer.announce(attributes, PrefixList.of(probe), 0, out)) {
      case Packed.Appended _ -> key.codec().maxLength() - out.readableBytes() + 2 - 1;
      case Packed.Unsendable _ -> 0;
    };
  }

  /** The messages of a page, to be released by the caller. */
  ByteBuf encode(Page page, Shelf shelf) {
    ByteBuf messages = page.encoded();
    if (messages == null) {
      PrefixList prefixes = page.prefixes(shelf.index);
      messages =
          ByteBufAllocator.DEFAULT.directBuffer(
              Math.min(
                  key.codec().maxLength(),
                  key.codec().maxLength() - page.set.room + page.bytes() + 1));
      int next = 0;
      while (next < prefixes.size()) {
        next = packer.announce(page.set.attributes, prefixes, next, messages).next();
      }
      counters.encoded++;
      page.keep(messages);
    }
    return messages.retainedDuplicate();
  }

  /** A page went to a member. */
  void passed(Page page, Shelf shelf) {
    if (page.bytes() < WORTH_KEEPING && shelf.isPassed(page)) {
      page.forget();
    }
  }

  /** The messages that withdraw this, to be released by the caller. */
  ByteBuf encode(Withdrawn withdrawn, boolean all, PrefixList prefixes) {
    ByteBuf shared = withdrawn.encoded();
    if (all && shared != null) {
      return shared.retainedDuplicate();
    }
    ByteBuf messages = ByteBufAllocator.DEFAULT.directBuffer();
    int next = 0;
    while (next < prefixes.size()) {
      next = packer.withdraw(prefixes, next, messages);
    }
    counters.encoded++;
    if (all && withdrawn.isAwaited()) {
      withdrawn.keep(messages);
      return messages.retainedDuplicate();
    }
    return messages;
  }

  UpdatePacker packer() {
    return packer;
  }
}
