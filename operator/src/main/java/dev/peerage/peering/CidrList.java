package dev.peerage.peering;

import dev.peerage.bgp.wire.Prefix;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads lists of CIDRs. */
public final class CidrList {
  private CidrList() {}

  /** The CIDRs, each once; what is none becomes a problem. */
  public static Set<Prefix> read(List<String> cidrs, FieldPath path, Collection<Problem> problems) {
    Set<Prefix> prefixes = new LinkedHashSet<>();
    for (String cidr : cidrs) {
      try {
        prefixes.add(Prefix.parse(cidr));
      } catch (IllegalArgumentException e) {
        problems.add(
            path.problem(e.getMessage() + " and is not announced", "correct the CIDR")
                .asError()
                .ofNode());
      }
    }
    return prefixes;
  }
}
