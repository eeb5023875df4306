package dev.peerage.standalone;

import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.wire.Prefix;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/**
 * Consecutive prefixes of one length.
 *
 * @param base the first
 * @param count how many, 1 to {@value #MOST}
 */
record PrefixRange(Prefix base, int count) {
  private static final int MOST = 4_000_000;

  /** Reads {@code prefixes} of an entry; empty when it is wrong, which is reported. */
  static Optional<PrefixRange> read(Section entry) {
    Section section = entry.section("prefixes", Set.of("base", "count"));
    if (section.required("base", "10.2.0.0/32").isBlank()
        || section.required("count", "1000").isBlank()) {
      return Optional.empty();
    }
    var count = (int) section.number("count", 1, MOST, 0);
    Optional<Prefix> base =
        section.value("base", PrefixRange::prefix, "write for example 10.2.0.0/32");
    if (base.isEmpty() || count == 0) {
      return Optional.empty();
    }
    var range = new PrefixRange(base.get(), count);
    int bits = base.get().family().maxLength();
    if (range.end().compareTo(BigInteger.ONE.shiftLeft(bits)) > 0) {
      section.problem(
          "count",
          "'" + count + "' prefixes from " + base.get() + " go beyond the last address",
          "lower it");
      return Optional.empty();
    }
    return Optional.of(range);
  }

  /** Reads a prefix strictly. Throws {@link IllegalArgumentException} with the reason. */
  static Prefix prefix(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("'" + text + "' has no length");
    }
    InetAddress address = Address.parse(text.substring(0, slash));
    Prefix prefix;
    try {
      prefix = Prefix.of(address, Integer.parseInt(text.substring(slash + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' has no valid length", e);
    }
    if (!prefix.address().equals(address)) {
      throw new IllegalArgumentException(
          "'" + text + "' has bits beyond its length; the prefix is " + prefix);
    }
    return prefix;
  }

  PrefixSet prefixes() {
    return PrefixSet.range(base, count);
  }

  /** Whether a prefix of the same length is in both. */
  boolean overlaps(PrefixRange other) {
    return base.family() == other.base.family()
        && base.length() == other.base.length()
        && start().compareTo(other.end()) < 0
        && other.start().compareTo(end()) < 0;
  }

  private BigInteger start() {
    return new BigInteger(1, base.address().getAddress());
  }

  private BigInteger end() {
    return start()
        .add(BigInteger.valueOf(count).shiftLeft(base.family().maxLength() - base.length()));
  }
}
