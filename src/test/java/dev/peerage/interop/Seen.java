package dev.peerage.interop;

import java.util.Set;

/**
 * A route as one side received it from the other.
 *
 * @param nextHop its next hop as that side prints it
 * @param asPath the AS numbers, with spaces between; empty inside an AS
 * @param communities such as {@code 65000:100}
 * @param largeCommunities such as {@code 65000:1:100}
 * @param localPreference the LOCAL_PREF; -1 when there is none
 */
public record Seen(
    String nextHop,
    String asPath,
    Set<String> communities,
    Set<String> largeCommunities,
    long localPreference) {

  public Seen {
    nextHop = dotted(nextHop);
    communities = Set.copyOf(communities);
    largeCommunities = Set.copyOf(largeCommunities);
  }

  /** Some write an IPv4 address mapped into IPv6 as {@code ::ffff:a63:b}. */
  private static String dotted(String address) {
    if (!address.matches("::ffff:[0-9a-f]{1,4}:[0-9a-f]{1,4}")) {
      return address;
    }
    String[] groups = address.substring("::ffff:".length()).split(":", 2);
    int high = Integer.parseInt(groups[0], 16);
    int low = Integer.parseInt(groups[1], 16);
    return "::ffff:" + (high >> 8) + "." + (high & 255) + "." + (low >> 8) + "." + (low & 255);
  }
}
