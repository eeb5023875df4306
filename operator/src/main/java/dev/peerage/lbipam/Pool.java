package dev.peerage.lbipam;

import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPoolSpec;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPoolSpec.AllowFirstLastIPs;
import dev.peerage.crd.v2.Condition;
import dev.peerage.crd.v2.LabelSelector;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A pool: what of it is free and what is used. */
final class Pool {
  static final String CONFLICT = "cilium.io/PoolConflict";

  private CiliumLoadBalancerIPPool object;
  private final List<Range> ranges = new ArrayList<>();
  private final List<FreeSpace> spaces = new ArrayList<>();
  private final List<String> invalid = new ArrayList<>();
  private final BigInteger total;
  private final long reserved;
  private long given;
  private @Nullable String conflict;

  /** Reads the pool; {@code older} are the pools that go first where blocks overlap. */
  Pool(CiliumLoadBalancerIPPool object, List<Pool> older) {
    this.object = object;
    List<CiliumLoadBalancerIPPoolSpec.Block> blocks = object.getSpec().blocks();
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
    total = ranges.stream().map(Range::size).reduce(BigInteger.ZERO, BigInteger::add);
    reserved = ranges.stream().mapToLong(range -> 2L * range.reserved()).sum();
    if (blocks.isEmpty() && !object.getSpec().disabled()) {
      invalid.add("spec.blocks: there is none; add a block with cidr, or with start and stop");
    }
  }

  private void findConflict(Range range, List<Pool> older) {
    for (Range other : ranges) {
      if (conflict == null && range.overlaps(other)) {
        conflict = "%s overlaps %s of the same pool".formatted(range.text(), other.text());
      }
    }
    for (Pool pool : older) {
      for (Range other : pool.ranges) {
        if (conflict == null && range.overlaps(other)) {
          conflict =
              "%s overlaps %s of pool %s, which is older"
                  .formatted(range.text(), other.text(), pool.name());
        }
      }
    }
  }

  CiliumLoadBalancerIPPool object() {
    return object;
  }

  String name() {
    return object.getMetadata().getName();
  }

  /** Whether a Service with these labels, the virtual ones included, may use the pool. */
  boolean selects(Map<String, String> labels) {
    LabelSelector selector = object.getSpec().serviceSelector();
    return selector == null || selector.matches(labels);
  }

  /** Whether the pool gives out addresses. */
  boolean gives() {
    return !object.getSpec().disabled() && conflict == null;
  }

  boolean contains(Ip ip) {
    return ranges.stream().anyMatch(range -> range.contains(ip));
  }

  /** Whether the address is in the pool and not one that allowFirstLastIPs keeps back. */
  boolean offers(Ip ip) {
    return ranges.stream().anyMatch(range -> range.gives(ip));
  }

  boolean hasFamily(boolean v6) {
    return ranges.stream().anyMatch(range -> range.first().v6() == v6);
  }

  /** An address is in a Service's status or on its way there: not to be given out. */
  void occupy(Ip ip) {
    spaces.forEach(space -> space.take(ip));
  }

  /** No Service has the address any more. */
  void vacate(Ip ip) {
    spaces.forEach(space -> space.giveBack(ip));
  }

  /** A first Service is to have an address of this pool. */
  void use(Ip ip) {
    given += offers(ip) ? 1 : 0;
  }

  /** No Service is to have the address any more. */
  void unuse(Ip ip) {
    given -= offers(ip) ? 1 : 0;
  }

  /** Whether another version of the object differs in nothing but its status. */
  boolean isOf(CiliumLoadBalancerIPPool other) {
    return object.getSpec().equals(other.getSpec())
        && Objects.equals(object.getMetadata().getUid(), other.getMetadata().getUid())
        && name().equals(other.getMetadata().getName())
        && age(object).equals(age(other));
  }

  /** The same pool with its newest status and generation. */
  void refresh(CiliumLoadBalancerIPPool newest) {
    object = newest;
  }

  /** RFC 3339 in UTC sorts as text. */
  static String age(CiliumLoadBalancerIPPool pool) {
    String timestamp = pool.getMetadata().getCreationTimestamp();
    return timestamp == null ? "~" : timestamp;
  }

  BigInteger total() {
    return total;
  }

  BigInteger available() {
    return total().subtract(BigInteger.valueOf(used()));
  }

  /** Addresses that Services have of it, and those that allowFirstLastIPs keeps back. */
  long used() {
    return given + reserved;
  }

  boolean conflicts() {
    return conflict != null;
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
    conditions.add(count("cilium.io/IPsTotal", total(), now));
    conditions.add(count("cilium.io/IPsAvailable", available(), now));
    conditions.add(count("cilium.io/IPsUsed", BigInteger.valueOf(used()), now));
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
    List<Condition> before =
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
