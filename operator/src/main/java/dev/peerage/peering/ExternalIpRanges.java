package dev.peerage.peering;

import dev.peerage.bgp.wire.Prefix;
import java.util.Arrays;
import java.util.List;

/**
 * Which {@code spec.externalIPs} of Services may be announced. Whoever may write a Service chooses
 * them freely, so that without ranges every author of one can have any address announced.
 *
 * @param ranges the ranges; none: all addresses may be announced, as in Cilium
 */
public record ExternalIpRanges(List<Prefix> ranges) {
  /** All addresses. */
  public static final ExternalIpRanges ALL = new ExternalIpRanges(List.of());

  public ExternalIpRanges {
    ranges = List.copyOf(ranges);
  }

  /**
   * Reads CIDRs with commas between them; an empty text allows all addresses.
   *
   * @throws IllegalArgumentException with a sentence for the user when one is no CIDR
   */
  public static ExternalIpRanges parse(String text) {
    return new ExternalIpRanges(
        Arrays.stream(text.split(","))
            .map(String::strip)
            .filter(each -> !each.isEmpty())
            .map(Prefix::parse)
            .toList());
  }

  /** Whether an address, as a host route, may be announced. */
  public boolean allow(Prefix address) {
    return ranges.isEmpty()
        || ranges.stream()
            .anyMatch(range ->
                range.family().equals(address.family())
                    && range.length() <= address.length()
                    && range.equals(Prefix.of(address.address(), range.length())));
  }
}
