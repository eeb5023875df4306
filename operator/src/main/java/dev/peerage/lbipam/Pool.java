package dev.peerage.lbipam;

import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPoolSpec.AllowFirstLastIPs;
import dev.peerage.crd.v2.Condition;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A pool while a plan is made: what of it is free and what is taken. */
final class Pool {
  static final String CONFLICT = "cilium.io/PoolConflict";

  private final CiliumLoadBalancerIPPool object;
  private final List<Range> ranges = new ArrayList<>();
  private final List<FreeSpace> spaces = new ArrayList<>();
  private final List<String> invalid = new ArrayList<>();
  private final Set<Ip> used = new HashSet<>();
  private @Nullable String conflict;

  /** Reads the pool; {@code older} are the pools that go first where blocks overlap. */
  Pool(CiliumLoadBalancerIPPool object, List<Pool> older) {
    this.object = object;
    var blocks = object.getSpec().blocks();
    for (var i = 0; i < blocks.size(); i++) {
      try {
        var range =
            Range.of(blocks.get(i), object.getSpec().allowFirstLastIPs() != AllowFirstLastIPs.NO);
        findConflict(range, older);
        ranges.add(range);
        spaces.add(new FreeSpace(range));
      } catch (IllegalArgumentException e) {
        invalid.add("spec.blocks[" + i + "]: " + e.getMessage());
      }
    }
  }

  private void findConflict(Range range, List<Pool> older) {
    for (var other : ranges) {
      if (conflict == null && range.overlaps(other)) {
        conflict = "%s overlaps %s of the same pool".formatted(range.text(), other.text());
      }
    }
    for (var pool : older) {
      for (var other : pool.ranges) {
        if (conflict == null && range.overlaps(other)) {
          conflict =
              "%s overlaps %s of pool %s, which is older"
                  .formatted(range.text(), other.text(), pool.name());
        }
      }
    }
  }

  String name() {
    return object.getMetadata().getName();
  }

  /** Whether a Service with these labels, the virtual ones included, may use the pool. */
  boolean selects(Map<String, String> labels) {
    var selector = object.getSpec().serviceSelector();
    return selector == null || selector.matches(labels);
  }

  /** Whether the pool gives out addresses. */
  boolean gives() {
    return !object.getSpec().disabled() && conflict == null;
  }

  boolean contains(Ip ip) {
    return ranges.stream().anyMatch(range -> range.contains(ip));
  }

  boolean hasFamily(boolean v6) {
    return ranges.stream().anyMatch(range -> range.first().v6() == v6);
  }

  /** Counts an address as used. */
  void take(Ip ip) {
    if (contains(ip)) {
      used.add(ip);
      reserve(ip);
    }
  }

  /** Does not give an address out in this plan. */
  void reserve(Ip ip) {
    spaces.forEach(space -> space.take(ip));
  }

  /** The address to give out next, blocks in their order. */
  Optional<Ip> next(boolean v6) {
    for (var i = 0; i < ranges.size(); i++) {
      if (ranges.get(i).first().v6() == v6 && spaces.get(i).next().isPresent()) {
        return spaces.get(i).next();
      }
    }
    return Optional.empty();
  }

  /** The conditions, in the order in which they are stored. */
  List<Condition> conditions(Instant now) {
    var conditions = new ArrayList<Condition>();
    conditions.add(
        conflict == null
            ? condition(CONFLICT, "False", "resolved", "", now)
            : condition(CONFLICT, "True", "cidr_overlap", conflict, now));
    var total = ranges.stream().map(Range::size).reduce(BigInteger.ZERO, BigInteger::add);
    // Those that are only reserved in this plan are free as soon as it has been carried out.
    var given = used.stream().filter(ip -> ranges.stream().anyMatch(it -> it.gives(ip))).count();
    var free = total.subtract(BigInteger.valueOf(given));
    conditions.add(count("cilium.io/IPsTotal", total, now));
    conditions.add(count("cilium.io/IPsAvailable", free, now));
    conditions.add(count("cilium.io/IPsUsed", BigInteger.valueOf(used.size()), now));
    if (!invalid.isEmpty()) {
      conditions.add(
          condition(
              "peerage.dev/InvalidBlocks",
              "True",
              "invalid_block",
              String.join("; ", invalid) + "; nothing is given out from there",
              now));
    }
    return List.copyOf(conditions);
  }

  private Condition count(String type, BigInteger number, Instant now) {
    return condition(type, "Unknown", "noreason", number.toString(), now);
  }

  private Condition condition(
      String type, String status, String reason, String message, Instant now) {
    var before =
        object.getStatus() == null ? List.<Condition>of() : object.getStatus().conditions();
    return new Condition(
            type,
            status,
            object.getMetadata().getGeneration(),
            now.truncatedTo(ChronoUnit.SECONDS).toString(),
            reason,
            message)
        .since(before);
  }
}
